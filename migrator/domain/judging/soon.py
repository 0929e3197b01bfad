"""A second opinion's newest scrapes alone: two of them, one after the other, tell sooner what its long window will. Pure.

Half of a long window must be bad before a collapse is seen in it, however bad its newest seconds are.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.judging import classes
from migrator.domain.judging.judge import Ruled, breached
from migrator.domain.judging.limits import MIN_TO_ABORT
from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.window import Window
from migrator.domain.model.samples import Rate, Ruling
from migrator.domain.model.spec import JudgeSpec

FRESH = 1.5
"""A pair of scrapes speaks for so many of the plan's intervals after it was seen."""


def soon(spec: JudgeSpec, answers: Sequence[Opinion], before: Rate | None) -> Ruled | None:
    """Give an abort where the newest two scrapes both accuse the new side; they have no sample in common."""
    assert spec.prometheus is not None
    pair = [said for said in answers if said.brief is not None][-2:]
    if len(pair) < 2 or answers[-1].at - pair[1].at > FRESH * spec.prometheus.interval:
        return None
    early, late = (said.brief or Window() for said in pair)
    enough = late.new.requests >= MIN_TO_ABORT and breached(spec, early, "abort")
    if enough and (found := breached(spec, late, "abort")):
        return Ruled(Ruling.ABORT, found[0].reason)
    if collapse := classes.collapsing(spec, late, early, before):
        return Ruled(Ruling.ABORT, collapse[0].reason)
    return None


def pressing(spec: JudgeSpec, answers: Sequence[Opinion]) -> bool:
    """Say whether the newest scrape is the first that accuses the new side: then the next one should be seen at once."""
    if not answers or answers[-1].new is None:
        return False
    accused = [_accuses(spec, said.brief) for said in answers if said.brief is not None][-2:]
    return bool(accused) and accused[-1] and not all(accused[:-1] or [False])


def _accuses(spec: JudgeSpec, window: Window) -> bool:
    return bool(breached(spec, window, "abort") or classes.begun(spec, window))

"""How old a verdict may be: the one rule for whoever acts on the judge's newest word. Pure."""

from __future__ import annotations

from migrator.domain.judging.limits import OFTEN, STALE
from migrator.domain.messages.message import say
from migrator.domain.model.samples import Ruling, Source, Verdict
from migrator.domain.observation.sighting import Clocks, Judgement, Sighting


def newest(seen: Sighting) -> Verdict:
    """Give the newest verdict; none at all, or one that nobody has renewed (a reader hangs or fails), is no data."""
    verdict = seen[Judgement].verdict
    age = seen[Clocks].monotonic - seen[Judgement].at
    if verdict is None:
        return Verdict(Ruling.NO_DATA, say("judge.not-counted"), Source.GATEWAYS)
    if age > STALE * max(OFTEN, verdict.interval):
        return Verdict(Ruling.NO_DATA, say("judge.count-old", age=age), verdict.source)
    return verdict

"""Which gateways of a side are to be told something, and who first: those that the judge accuses."""

from __future__ import annotations

from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Do
from migrator.domain.model.samples import Ruling
from migrator.domain.observation.sighting import GatewaySignals, Judgement, Sighting, Workloads

TELL_AT_ONCE = 50
"""The most gateways that are told in one turn."""


def told(seen: Sighting, side: Side, word: Word) -> tuple[PodRef, ...]:
    """Give the side's live pods that act on `word`."""
    return tuple(pod.ref for pod in seen[Workloads].of(side).live if seen[GatewaySignals].word(pod.ref) is word)


def telling(side: Side, word: Word, pods: tuple[PodRef, ...]) -> Do | None:
    """Tell them, as many as may be told at once; None where there is nobody to tell."""
    if not pods:
        return None
    words = say("gateways.tell", gateways=len(pods), side=side, word=word)
    return Do(Tell(side, word, pods[:TELL_AT_ONCE]), words)


def accused(seen: Sighting) -> tuple[PodRef, ...]:
    """Give the new gateways that nobody has told to go, and that the judge accuses now or whose answers differ; all of them
    where it is the whole side.

    Their kept connections would go on with bad answers for as long as the balancer takes to follow.
    """
    verdict = seen[Judgement].verdict
    blamed = [verdict.gateways] if verdict is not None and verdict.ruling is Ruling.ABORT else []
    blamed += [row.pods for row in seen[AnswerParity].differences if row.counts]
    names = {name for gateways in blamed for name in gateways}
    whole = not all(blamed)
    return tuple(pod for pod in told(seen, Side.NEW, Word.STAY) if whole or pod.name in names)

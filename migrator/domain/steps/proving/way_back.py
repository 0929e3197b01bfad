"""A step that takes the way back away, or gives the new side more, waits while there is none: then a person decides. Pure."""

from __future__ import annotations

from migrator.domain.messages.message import say
from migrator.domain.model.decisions import Ask, Decision, Wait
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.sides.way_back import way_back_question
from migrator.domain.steps.step import standing


def held_for_a_way_back(seen: Sighting, now: WayBack | None, least: float, patience: float) -> Decision | None:
    """Wait, and after `patience` ask, while less than `least` of the old side could carry the traffic again; None: it could,
    there is nothing to go back to by its record, or a person has accepted less in this run.
    """
    if now is None or now.ratio >= min(least, seen[JournalFacts].bar):
        return None
    left = patience - standing(seen)
    if left > 0:
        return Wait(say("way-back.waiting", fit=now.fit, slots=now.slots, why=now.unfit), left)
    return Ask(way_back_question(now))

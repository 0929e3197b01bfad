"""The way back as a value: what of the old side could carry the traffic again now, who proves it, and what is missing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import floor

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Word
from migrator.domain.model.balancer import Backend, Health
from migrator.domain.observation.sides import Sides, Slot, WayBack
from migrator.domain.observation.sighting import GatewaySignals, Probes, Sighting, Workloads
from migrator.domain.sides.fitness import (
    is_proved_by_balancer,
    why_called_sick,
    why_not_raised,
    why_not_ready,
    why_unanswered,
)

ASKS = "way-back.ask"
"""The code of the question whether a run goes on with less of a way back."""

MOST_SAID = 3
"""The most reasons that are kept of those that are not fit."""


def way_back(seen: Sighting, drained: bool) -> WayBack | None:
    """Give the way back; None where there is no old side to go back to by its record.

    `drained`: the old side was told to go, or is off the balancer: then it is enough that it answers us.
    """
    return _told(
        seen,
        lambda slot: why_not_fit(slot, seen, drained),
        lambda slot: seen[Probes].failure(slot.backend) is not None,
    )


def what_stands(seen: Sighting, drained: bool) -> WayBack | None:
    """Give what of the old side still stands, as `way_back` does: it is Ready and not called sick, and once it was told to go
    (`drained`), it lives. A side without weight is proved by nothing more than that where our requests do not reach it.
    """
    return _told(seen, lambda slot: None if drained else _why_not_able(slot, seen))


def _told(
    seen: Sighting, why_not: Callable[[Slot], Message | None], is_silent: Callable[[Slot], bool] = lambda _slot: False
) -> WayBack | None:
    """Give the way back from what is wrong with each living slot; None without a record. A fit one that the balancer does not
    show now is proved by our own request alone; where that gets no answer (`is_silent`), by what the balancer said before."""
    sides = seen[Sides]
    if not sides.recorded:
        return None
    known = {row.backend.address for row in sides.recorded if row.weight}
    faults = {slot.backend: why_not(slot) for slot in sides.old if slot.live}
    if not seen[Workloads].old.exists or not faults:
        return WayBack(slots=len(known), gone=True)
    living = {backend.address for backend in faults}
    fit = [slot for slot in sides.old if slot.live and faults[slot.backend] is None]
    sick = {backend.address for backend, why in faults.items() if why}
    well = living - sick
    unproved = [slot for slot in fit if slot.row is None or not is_proved_by_balancer(slot.row, seen)]
    silent = {slot.backend.address for slot in unproved if is_silent(slot)}
    earlier, alone = silent & well, {slot.backend.address for slot in unproved} & well
    return WayBack(
        slots=max(len(known), len(living)),
        fit=len(well),
        ratio=_ratio(sides, fit),
        ours=len(alone - earlier),
        earlier=len(earlier),
        unfit=_reasons(faults, max(0, len(known) - len(living))),
    )


def way_back_question(now: WayBack) -> Message:
    """Ask whether the run goes on with less of a way back; the answer lowers the bar to this (see `lowered_bar`)."""
    return say("way-back.ask", fit=now.fit, slots=now.slots, why=now.unfit, percent=floor(now.ratio * 1000) / 10)


def lowered_bar(question: Message | None) -> float | None:
    """Give to which part of the recorded weight a yes to this question lowers the bar; None for another question."""
    if question is None or question.code != ASKS:
        return None
    percent = question["percent"]
    return percent / 100 if isinstance(percent, (int, float)) else None


def _ratio(sides: Sides, fit: Collection[Slot]) -> float:
    """Give the least part of any listener's recorded weight that the fit slots stand for."""
    recorded: dict[str, int] = {}
    for row in sides.recorded:
        recorded[row.backend.listener] = recorded.get(row.backend.listener, 0) + row.weight
    stands = {name: sum(slot.recorded for slot in fit if slot.backend.listener == name) for name in recorded}
    return min((min(1.0, stands[name] / whole) for name, whole in recorded.items() if whole), default=1.0)


def _reasons(faults: Mapping[Backend, Message | None], missing: int) -> tuple[Message, ...]:
    said = [say("way-back.unfit", backend=str(backend), why=why) for backend, why in sorted(faults.items()) if why]
    lost = [say("way-back.missing", pods=missing)] if missing else []
    return tuple([*said, *lost][:MOST_SAID])


def why_not_fit(slot: Slot, seen: Sighting, drained: bool) -> Message | None:
    """Say why a slot could not carry traffic again now."""
    if why := why_not_ready(slot):
        return why
    if drained:
        return why_unanswered(slot, seen, proved=False)
    if slot.row is None or not slot.weight:
        return why_not_raised(slot, seen)
    if slot.row.target.health is Health.UNKNOWN:
        return why_unanswered(slot, seen, proved=False, vouched=slot.vouched)
    return why_called_sick(slot.row, seen)


def is_told_to_go(seen: Sighting) -> bool:
    """Say whether any old gateway acts on the word to go."""
    told = seen[GatewaySignals]
    return any(told.word(pod.ref) is Word.GO for pod in seen[Workloads].old.live)


def nobody_left(seen: Sighting) -> tuple[str, ...]:
    """Give the listeners on which no old pod could take traffic: nobody is Ready, or the balancer calls all of them sick."""
    sides = seen[Sides]
    able = {slot.backend.listener for slot in sides.old if _why_not_able(slot, seen) is None}
    return tuple(sorted({row.backend.listener for row in sides.recorded if row.weight} - able))


def _why_not_able(slot: Slot, seen: Sighting) -> Message | None:
    """Say why a slot could not take any traffic: its pod is not Ready, or it has weight and the balancer calls it sick."""
    if why := why_not_ready(slot):
        return why
    return why_called_sick(slot.row, seen) if slot.row is not None and slot.weight and not slot.row.fit else None

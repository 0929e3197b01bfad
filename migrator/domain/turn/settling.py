"""When a journaled write has come true, and when it will not any more: pure readings of what a later look saw."""

from __future__ import annotations

from typing import assert_never

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import (
    Action,
    ApplyObject,
    DeleteObject,
    Deregister,
    OpState,
    PatchObject,
    Register,
    SetWeights,
    Tell,
)
from migrator.domain.model.balancer import Pools
from migrator.domain.model.manifests import Manifest, ObjectRef, holds, ref_of, text, uid_of
from migrator.domain.model.runs import Heading
from migrator.domain.observation.sighting import GatewaySignals, Objects, OpenWrite, RunPosition, Sighting, Workloads
from migrator.domain.steps.prepare import is_applied
from migrator.domain.steps.step import since

CALL = 10.0
"""Seconds that a call of a port may take at most (`ports/outside.py`)."""

PATIENCE: dict[OpState | None, float] = {
    None: CALL + 2.0,
    OpState.LOST: 2.0,
    OpState.DONE: 15.0,
    OpState.RUNNING: 600.0,
}
"""Seconds after which an open write that cannot be read back counts as not done, by what the vendor says of it.

None is a write without an answer: perhaps done, or on its way from a process that has been killed, so it is waited for until
its call's own deadline has passed. Vendors' jobs take up to 30 s.
"""

ON_THE_WAY_BACK = 2.0
"""Seconds for a write without an answer on the way back: the same absolute weights are better sent twice than late."""


def seen_enough(action: Action, seen: Sighting) -> bool:
    """Say whether what the action is about was looked at at all."""
    match action:
        case SetWeights() | Register() | Deregister():
            return Pools in seen
        case Tell():
            return GatewaySignals in seen and Workloads in seen
        case ApplyObject() | PatchObject() | DeleteObject():
            return Objects in seen
        case _:
            assert_never(action)


def is_true(action: Action, seen: Sighting) -> bool:
    """Say whether the world is as the action wants it."""
    match action:
        case SetWeights():
            weights = seen[Pools].weights()
            return all(weights.get(row.backend) == row.weight for row in action.rows)
        case Register():
            weights = seen[Pools].weights()
            return all(backend in weights for backend in action.backends)
        case Deregister():
            weights = seen[Pools].weights()
            return not any(backend in weights for backend in action.backends)
        case Tell():
            return _obeyed(action, seen)
        case ApplyObject() | PatchObject() | DeleteObject():
            return _in_cluster(action, seen[Objects])
        case _:
            assert_never(action)


def _in_cluster(action: ApplyObject | PatchObject | DeleteObject, found: Objects) -> bool:
    match action:
        case ApplyObject():
            assert isinstance(action.manifest, dict)
            now = found.get(ref_of(action.manifest))
            return now is not None and is_applied(now, action.manifest)
        case PatchObject():
            now = found.get(action.ref)
            return now is None or uid_of(now) != action.uid or holds(now, action.patch)
        case DeleteObject():
            now = found.get(action.ref)
            return now is None or uid_of(now) != action.uid or (action.ref.kind == "Pod" and is_ending(now))
        case _:
            assert_never(action)


def is_ending(now: Manifest) -> bool:
    """Say whether an object's end was asked for: a pod ends in its own time, and nothing takes that back."""
    return bool(text(now, "metadata", "deletionTimestamp"))


def _obeyed(action: Tell, seen: Sighting) -> bool:
    """A pod that is gone, or cannot say what it was told, is nobody to wait for."""
    live = {pod.ref.uid for pod in seen[Workloads].of(action.side).live}
    told = seen[GatewaySignals]
    return all(pod.uid not in live or told.word(pod) in (None, action.word) for pod in action.pods)


def is_lost(write: OpenWrite, seen: Sighting) -> Message | None:
    """Say why an open write will not come true by waiting; None while it still may."""
    if write.state is OpState.FAILED:
        return say("write.failed")
    if patience(write, seen) > 0:
        return None
    return say("write.not-seen", state=write.state or "unanswered", patience=_most(write, seen))


def patience(write: OpenWrite, seen: Sighting) -> float:
    """Give the seconds for which an open write may still come true."""
    return _most(write, seen) - since(seen, write.intended_at)


def _most(write: OpenWrite, seen: Sighting) -> float:
    if write.state is None and seen[RunPosition].heading is Heading.BACK:
        return ON_THE_WAY_BACK
    return PATIENCE.get(write.state, 0.0)


def objects(action: Action) -> tuple[ObjectRef, ...]:
    """Give the objects that must be looked at to read this action back."""
    match action:
        case ApplyObject():
            return (ref_of(action.manifest),) if isinstance(action.manifest, dict) else ()
        case PatchObject() | DeleteObject():
            return (action.ref,)
        case _:
            return ()


def named(action: Action) -> Message:
    """Name an action in a few words."""
    match action:
        case SetWeights():
            return say("action.set-weights", weights=len(action.rows))
        case Register():
            return say("action.register", backends=len(action.backends))
        case Deregister():
            return say("action.deregister", backends=len(action.backends))
        case Tell():
            return say("action.tell", gateways=len(action.pods), side=action.side, word=action.word)
        case ApplyObject() | PatchObject() | DeleteObject():
            return _named_object(action, str(objects(action)[0]))
        case _:
            assert_never(action)


def _named_object(action: ApplyObject | PatchObject | DeleteObject, ref: str) -> Message:
    if isinstance(action, ApplyObject):
        return say("action.apply", object=ref)
    return say("action.patch", object=ref) if isinstance(action, PatchObject) else say("action.delete", object=ref)

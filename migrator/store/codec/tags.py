"""What may be stored and how it is called on disk: an explicit table, so that renaming a class changes no stored byte.

The same holds for fields and words. What was ever stored stays readable: what changes here leaves its old form behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from migrator.domain.balancers.calibration import Borrowed, Calibration
from migrator.domain.messages.findings import Finding
from migrator.domain.model.actions import (
    ApplyObject,
    DeleteObject,
    Deregister,
    Op,
    PatchObject,
    PodRef,
    Register,
    SetWeights,
    Tell,
)
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.samples import Verdict
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, Existing, Kept
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import (
    Attach,
    AwaitReady,
    Bring,
    CallHook,
    Clear,
    CloseDoors,
    CompareAnswers,
    Confirm,
    Deploy,
    Detach,
    Drain,
    Empty,
    EndOthers,
    EndPod,
    Exchange,
    Follow,
    Gate,
    Guard,
    HandOver,
    Keep,
    KeepApart,
    KeepOthers,
    Lead,
    LeadBack,
    LeadOver,
    LeadSome,
    LetGo,
    OpenDoors,
    PointBack,
    PointBackAfterAll,
    Preflight,
    PutBack,
    RehearseBack,
    RehearseUp,
    Remove,
    Renew,
    Restore,
    Retire,
    Rewrite,
    SetAside,
    Shed,
    Shift,
    Stand,
    StartBeside,
    Swap,
    TakeOff,
    TakeOver,
    TellToStay,
    Undo,
    Unmark,
    Vacate,
    VerifyConfig,
    WriteBack,
)
from migrator.store.codec.messages import with_its_texts
from migrator.store.codec.target_layout import cut, flat

_STEPS: dict[str, type[Any]] = {
    "preflight": Preflight,
    "guard": Guard,
    "deploy": Deploy,
    "await-ready": AwaitReady,
    "verify-config": VerifyConfig,
    "compare-answers": CompareAnswers,
    "attach": Attach,
    "rehearse-up": RehearseUp,
    "rehearse-back": RehearseBack,
    "shift": Shift,
    "keep": Keep,
    "drain": Drain,
    "gate": Gate,
    "detach": Detach,
    "retire": Retire,
    "confirm": Confirm,
    "point-back": PointBack,
    "point-back-after-all": PointBackAfterAll,
    "tell-to-stay": TellToStay,
    "remove": Remove,
    "undo": Undo,
    "follow": Follow,
    "restore": Restore,
    "lead": Lead,
    "lead-back": LeadBack,
    "stand": Stand,
    "hand-over": HandOver,
    "call-hook": CallHook,
    "open-doors": OpenDoors,
    "start-beside": StartBeside,
    "lead-over": LeadOver,
    "vacate": Vacate,
    "end-others": EndOthers,
    "close-doors": CloseDoors,
    "clear-in-turn": Clear,
    "exchange": Exchange,
    "lead-some": LeadSome,
    "set-aside": SetAside,
    "empty": Empty,
    "let-go": LetGo,
    "take-over": TakeOver,
    "put-back": PutBack,
    "bring": Bring,
    "end-pod": EndPod,
    "take-off": TakeOff,
    "unmark": Unmark,
    "keep-apart": KeepApart,
    "rewrite": Rewrite,
    "renew": Renew,
    "write-back": WriteBack,
    "shed": Shed,
    "swap": Swap,
    "keep-others": KeepOthers,
}
_ACTIONS: dict[str, type[Any]] = {
    "register": Register,
    "set-weights": SetWeights,
    "deregister": Deregister,
    "apply-object": ApplyObject,
    "patch-object": PatchObject,
    "delete-object": DeleteObject,
    "tell": Tell,
}
_OTHERS: dict[str, type[Any]] = {
    "plan": Plan,
    "spec": Spec,
    "derived": Derived,
    "kept": Kept,
    "existing": Existing,
    "op": Op,
    "verdict": Verdict,
    "finding": Finding,
    "backend": Backend,
    "borrowed": Borrowed,
    "calibration": Calibration,
    "last-look": Snapshot,
}
WRITTEN: dict[str, type[Any]] = {**_STEPS, **_ACTIONS, **_OTHERS}
"""Tag → class: each class is written under exactly one tag."""

OLD_TAGS: dict[str, str] = {}
"""A tag that an older version wrote → the tag that is written today."""


def as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON unchanged."""
    return data


@dataclass(frozen=True, slots=True)
class Layout:
    """How a class looks on disk where that differs from its annotations. Classes without a tag may have one too.

    `names` gives a field's name on disk by its name in the code; `dropped` lists names on disk that nothing reads any more.
    `to_disk` and `from_disk` translate a class that was cut differently: from the JSON of its annotations to the JSON on
    disk, and back; only `from_disk` where an older version stored another shape.
    """

    names: Mapping[str, str]
    dropped: frozenset[str] = frozenset()
    to_disk: Callable[[dict[str, Any]], dict[str, Any]] = as_it_is
    from_disk: Callable[[dict[str, Any]], dict[str, Any]] = as_it_is


def _with_its_way(data: dict[str, Any]) -> dict[str, Any]:
    """Return a plan's JSON with the name of its journey: before there was one, the step Follow told it."""
    followed = any(step.get("kind") == "follow" for step in data.get("steps", ()))
    return {"way": "follow" if followed else "forward", **data}


def _at_home(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out that an object is of the gateway's home cluster, as before there was another."""
    return data if data["cluster"] else {key: value for key, value in data.items() if key != "cluster"}


NO_LAYOUT = Layout({})
LAYOUTS: dict[type[Any], Layout] = {
    Plan: Layout({}, from_disk=_with_its_way),
    Spec: Layout({}, to_disk=flat, from_disk=cut),
    Finding: Layout({}, from_disk=with_its_texts),
    Follow: Layout({"ports": "doors"}),
    ObjectRef: Layout({}, to_disk=_at_home),
    PodRef: Layout({}, to_disk=_at_home),
}
"""The classes of which the layout on disk is not that of their annotations."""

OLD_WORDS: dict[type[StrEnum], dict[str, str]] = {}
"""By enumeration: a word that an older version wrote → the word that is written today."""

STEPS: tuple[type[Any], ...] = tuple(_STEPS.values())
ACTIONS: tuple[type[Any], ...] = tuple(_ACTIONS.values())
TAGS: dict[type[Any], str] = {cls: tag for tag, cls in WRITTEN.items()}
KINDS: dict[str, type[Any]] = {**WRITTEN, **{old: WRITTEN[tag] for old, tag in OLD_TAGS.items()}}
if len(TAGS) != len(WRITTEN) or len(KINDS) != len(WRITTEN) + len(OLD_TAGS):
    raise TypeError("a tag or a class stands twice in the store's table")

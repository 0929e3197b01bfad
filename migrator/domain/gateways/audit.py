"""The rows of the audit: a resource, which side's pods get it, and the change by which both would. It looks at nothing.

A resource that one side alone gets is a difference that no health check sees: the two sides would answer differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message
from migrator.domain.model.kubernetes import holds
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, labels, mapping

GENERATED = ("istio.io/", "service.istio.io/", "sidecar.istio.io/", "pod-template-hash", "controller-revision-hash")
"""How the labels begin that a webhook or a controller writes: a selector by them holds until the next rollout only."""


class Reach(StrEnum):
    """Who gets a resource. `apart`: it is of a kind that no gateway ever gets."""

    BOTH = "both"
    OLD = "old only"
    NEW = "new only"
    NONE = "none"
    APART = "does not apply to gateways"


ONE_SIDED = frozenset({Reach.OLD, Reach.NEW})


class Form(StrEnum):
    """How a change is written down, as `kubectl patch --type` knows it."""

    MERGE = "merge"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Widening:
    """The change of a resource by which both sides get it: a merge patch, or the operations of a JSON patch.

    Lists have no names in a merge patch, so what is added to one is an operation with the field's path and value.
    """

    form: Form
    patch: Json


@dataclass(frozen=True, slots=True)
class Reached:
    """One row: a resource, who gets it, and by what. `by_part`: it selects both sides, and a part of it means one alone.

    `steers`: it changes what a request is answered; the others change how the mesh is seen or spoken to. `meant`: one side
    alone is right while a run goes on, as with a Service that would send clients to the new pods at once.
    """

    ref: ObjectRef
    reach: Reach
    why: Message | None = None
    widening: Widening | None = None
    by_part: bool = False
    steers: bool = False
    meant: bool = False

    @property
    def kind(self) -> str:
        """Give the resource's kind."""
        return self.ref.kind

    @property
    def name(self) -> str:
        """Give `namespace/name`, or the name of what has no namespace."""
        return f"{self.ref.namespace}/{self.ref.name}" if self.ref.namespace else self.ref.name

    @property
    def one_sided(self) -> bool:
        """Say whether one side alone gets it."""
        return self.reach in ONE_SIDED


def reach(old: bool, new: bool) -> Reach:
    """Give the cell for two answers."""
    if old and new:
        return Reach.BOTH
    if old:
        return Reach.OLD
    return Reach.NEW if new else Reach.NONE


def target_refs(policy: Manifest) -> list[Manifest]:
    """Give a policy's `targetRefs`, or the single `targetRef` of older versions (Gateway API, policy attachment)."""
    single = mapping(policy, "spec", "targetRef")
    return [*items(policy, "spec", "targetRefs"), *([single] if single else [])]


def shared(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Give the labels that both sides have and that people wrote."""
    return {k: v for k, v in old.items() if new.get(k) == v and not k.startswith(GENERATED)}


def widened(wanted: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> Json:
    """Give the merge patch of an equality selector that leads to one that both sides match; None where there is none.

    What keeps one side out is taken away. Where nothing would be left, which would select everybody, the labels that both
    have stand in.
    """
    both = shared(old, new)
    apart = [key for key, value in wanted.items() if not old.get(key) == value == new.get(key)]
    patch: dict[str, Json] = dict.fromkeys(apart)
    if len(apart) == len(wanted):
        patch.update(both)
        return patch if both else None
    return patch


def widened_selector(selector: Json, old: Mapping[str, str], new: Mapping[str, str]) -> Json:
    """Give the same for a LabelSelector: of its expressions those stay that hold of both sides."""
    rows = items(selector, "matchExpressions")
    kept: list[Json] = [row for row in rows if holds(row, old) and holds(row, new)]
    wanted = labels(selector, "matchLabels")
    patch: dict[str, Json] = {"matchExpressions": kept} if len(kept) < len(rows) else {}
    equal = widened(wanted, old, new) if wanted or not kept else {}
    if equal is None and not kept:
        return None
    if equal != {}:  # where no label is common the expressions choose alone
        patch["matchLabels"] = dict.fromkeys(wanted) if equal is None else equal
    return patch


def merge_at(patch: Json, *path: str) -> Widening | None:
    """Give a merge patch of the object for one of the field at `path`; None for none."""
    if patch is None:
        return None
    for key in reversed(path):
        patch = {key: patch}
    return Widening(Form.MERGE, patch)


def operation(verb: str, value: Json, *path: str | int) -> Json:
    """Give an operation of a JSON patch (RFC 6902): `add` or `replace` at a path."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return {"op": verb, "path": "".join(f"/{step}" for step in steps), "value": value}


def operations(*rows: Json) -> Widening:
    """Give a JSON patch."""
    return Widening(Form.JSON, list(rows))

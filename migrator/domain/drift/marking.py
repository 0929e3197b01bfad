"""The annotation that every object carries which Guard has changed: the run, its plan, and the patch that gives it back.

A run may be lost with its store; what it changed must not be lost with it. The mark goes with the change, and comes off with
its undo or when Retire leads the object to the new side. It holds selectors and bounds, never a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, both, labels, mapping, ref_of
from migrator.domain.model.outside.reading import parsed
from migrator.domain.observation.sighting import RunPosition

MARK = "migrator.dev/guard"
UNMARKED: Json = {"metadata": {"annotations": {MARK: None}}}


@dataclass(frozen=True, slots=True)
class Left:
    """What a run has left on an object: its number, its plan's digest, and the merge patch that undoes it."""

    ref: ObjectRef
    run: int
    plan: str
    undo: Json


def markable(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give the changes so that they may be marked: what undoes the first of an object, or ends its guard, unmarks it.

    (The first of an object is the last that is undone.)
    """
    made: list[Change] = []
    for change in changes:
        if not change.patch or any(change.ref == earlier.ref for earlier in made if earlier.patch):
            made.append(change)
        else:
            after = both(change.after, UNMARKED) if change.after is not None else None
            made.append(replace(change, undo=both(change.undo, UNMARKED), after=after))
    return tuple(made)


def marked(change: Change, among: Iterable[Change], position: RunPosition) -> Json:
    """Give the change's patch with the mark, which says how to undo all that is done to the object."""
    return both(change.patch, mark(change, among, position))


def mark(change: Change, among: Iterable[Change], position: RunPosition) -> Json:
    """Give the patch that marks the object alone; nothing for a change that no undo would unmark."""
    if MARK not in mapping(change.undo, "metadata", "annotations"):
        return {}
    undo: Json = {}
    for each in reversed([other for other in among if other.ref == change.ref]):
        undo = both(undo, each.undo)
    said: Manifest = {"run": position.run, "plan": position.plan, "undo": undo}
    return {"metadata": {"annotations": {MARK: json.dumps(said, sort_keys=True, separators=(",", ":"))}}}


def unmarked(patch: Json) -> Json:
    """Give a patch without what it does to the mark."""
    meta = mapping(patch, "metadata")
    notes = {key: value for key, value in mapping(meta, "annotations").items() if key != MARK}
    if not isinstance(patch, dict) or notes == mapping(meta, "annotations"):
        return patch
    kept = {key: value for key, value in meta.items() if key != "annotations"} | (
        {"annotations": notes} if notes else {}
    )
    rest = {key: value for key, value in patch.items() if key != "metadata"}
    return rest | ({"metadata": kept} if kept else {})


def left_on(thing: Manifest) -> Left | None:
    """Give what a run has left on an object; None without a mark, or with one that nobody can read."""
    text = labels(thing, "metadata", "annotations").get(MARK)
    try:
        said = parsed(text) if text is not None else None
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    run, plan = said.get("run"), said.get("plan")
    return Left(ref_of(thing), run if isinstance(run, int) else 0, str(plan or ""), said.get("undo"))

"""What this run changes of others' objects and somebody takes off again: it is made again once; then the run holds.

How often it was made is in the journal, so a new process and a new step count on. Nothing is fought, at no step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from migrator.domain.drift.hands import written_by
from migrator.domain.drift.marking import unmarked
from migrator.domain.messages.findings import Finding, block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Do, Wait
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.observation.sighting import JournalFacts, Patched

AGAIN = 1
"""How often a patch is made again that somebody took off."""


def patch_name(patch: Json) -> str:
    """Give the name under which a patch is counted, whatever mark it carries."""
    text = json.dumps(unmarked(patch), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def made(past: JournalFacts, ref: ObjectRef, patch: Json) -> Patched | None:
    """Give what the journal says of a patch; None: this run never meant it."""
    return past.patches.get(ref, {}).get(patch_name(patch))


def leads(change: Change) -> bool:
    """Say whether the object of a change is led to the new side; one that only loses its mark then stays as it is."""
    return change.after is not None and patch_name(change.after) != patch_name(change.patch)


def is_led(past: JournalFacts, change: Change) -> bool:
    """Say whether this run has led the object of a change to the new side already, or begun to."""
    return leads(change) and made(past, change.ref, change.after) is not None


def has_led(past: JournalFacts, changes: Iterable[Change]) -> bool:
    """Say the same of any of these."""
    return any(is_led(past, change) for change in changes)


def made_again(past: JournalFacts, ref: ObjectRef, patch: Json) -> int:
    """Say how often the server has taken a patch anew that it had taken before."""
    found = made(past, ref, patch)
    return max(0, found.times - 1) if found else 0


def heard_of(past: JournalFacts, ref: ObjectRef) -> datetime | None:
    """Give when this run heard last of a patch of an object: a look from before says nothing of it."""
    return max((each.at for each in past.patches.get(ref, {}).values() if each.at), default=None)


def undone(past: JournalFacts, change: Change, by: Message) -> Finding:
    """Tell that somebody takes off what this run has changed."""
    times = made_again(past, change.ref, change.patch) + 1
    return block("guard.undone", str(change.ref), by=by, times=times)


def patching(past: JournalFacts, action: PatchObject, now: Manifest, why: Message) -> Do | Wait:
    """Give the patch of an object that is `now` so; a hold for one that was made again already and does not stand."""
    again = made_again(past, action.ref, action.patch)
    if again < AGAIN:
        return Do(action, why)
    return held((block("guard.undone", str(action.ref), by=written_by(now), times=again + 1),))


def held(found: tuple[Finding, ...]) -> Wait:
    """Hold the run for what others do; it goes on by itself when that is over."""
    return Wait(say("drift.holds", found=told_of(found), remedy=found[0].remedy))

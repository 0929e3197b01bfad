"""What others have changed as findings: which object, which field, from what to what, by whom, and what to do."""

from __future__ import annotations

import json
import re

from migrator.domain.drift.hands import written_by
from migrator.domain.drift.standing import KUBE_SYSTEM, Moved
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, ObjectRef

LONGEST = 80
"""Characters of a value that are shown."""

PRIVATE = frozenset({"env", "envFrom", "command", "args", "annotations"})
"""Parts of an object whose values may be secrets: a finding is stored, shown and filed, so it only says that they changed."""

WORKLOADS = ("Deployment", "DaemonSet", "StatefulSet")


def finding(moved: Moved, thing: Manifest | None, source: ObjectRef) -> Finding:
    """Give the finding of one change. `thing` is the object as it is now, whole; `source` the old workload."""
    subject, by = str(moved.ref), written_by(thing, moved.path)
    if moved.ref == KUBE_SYSTEM:
        return block("drift.cluster", subject)
    if moved.side is not None:
        return block("drift.one-sided", subject, side=moved.side, by=by)
    if not moved.path:
        return block("drift.removed:old-side", subject) if moved.ref == source else block("drift.removed", subject)
    was, now = (shown(value, moved.path) for value in (moved.was, moved.now))
    if moved.ref == source:
        return block("drift.old-template", subject, path=moved.path, was=was, now=now, by=by)
    if moved.ref.kind in WORKLOADS:
        return block("drift.new-template", subject, path=moved.path, was=was, now=now, by=by)
    if moved.ref.kind == "Service":
        return block("drift.service", subject, path=moved.path, was=was, now=now, by=by)
    return block("drift.scaler", subject, path=moved.path, was=was, now=now, by=by)


def shown(value: Json, path: str = "") -> Message | str:
    """Give a value in so many characters; what is not there is said, and what may hold a secret is only named."""
    if value is None:
        return say("drift.nothing")
    if PRIVATE & set(re.split(r"[.\[\]]+", path)) or not isinstance(value, str | int | float):
        return say("drift.not-shown")
    text = str(value) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

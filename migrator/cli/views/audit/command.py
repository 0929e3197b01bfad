"""A change of somebody else's object as the command that makes it. Nothing here makes one."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from migrator.domain.messages.foreign import in_a_line

if TYPE_CHECKING:
    from migrator.domain.gateways.audit import Widening
    from migrator.domain.model.manifests import ObjectRef


def command(ref: ObjectRef, change: Widening) -> str:
    """Return the `kubectl patch` of a change; the kind is named with its group, for several groups have a Gateway."""
    group = ref.api_version.rpartition("/")[0]
    kind = f"{ref.kind.lower()}.{group}" if group else ref.kind.lower()
    kind, name = shlex.quote(in_a_line(kind)), shlex.quote(in_a_line(ref.name))
    space = f" -n {shlex.quote(in_a_line(ref.namespace))}" if ref.namespace else ""
    words = shlex.quote(json.dumps(change.patch, ensure_ascii=False, separators=(",", ":")))
    return f"kubectl patch {kind} {name}{space} --type {change.form.value} -p {words}"

"""Calls the hooks of a plan: a signed POST, or a command that reads the same JSON. No answer of theirs is repeated."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime

from migrator.adapters.gates.running import printed
from migrator.adapters.gates.signing import Signer, posted
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.refs import home
from migrator.domain.model.spec import Spec
from migrator.domain.observation.gating import HookCall


class Hooks:
    """The hooks of one plan, by name."""

    def __init__(self, spec: Spec, now: Callable[[], datetime], environment: Mapping[str, str] = os.environ) -> None:
        self._spec, self._signer = spec, Signer(now, environment)
        self._hooks = {hook.name: hook for hook in spec.hooks}

    def call(self, call: HookCall) -> None:
        """Call once. Unreachable: it was perhaps done. Refused: it said no, or could not be called."""
        hook, body = self._hooks[call.hook], body_of(self._spec, call)
        if hook.command:
            printed(hook.command, hook.timeout, body, self._signer.environment)
            return
        status, _ = posted(hook.url, body, self._signer.headers(body), hook.timeout)
        if not 200 <= status < 300:
            raise Refused(say("hook.status", status=status))


def body_of(spec: Spec, call: HookCall) -> bytes:
    """Give what is sent: which step of which run, and on which side of it."""
    said = {
        "version": 1,
        "id": call.id,
        "run": call.run,
        "name": spec.name,
        "namespace": home(spec).namespace,
        "hook": call.hook,
        "when": "after" if call.after else "before",
        "step": call.point.value,
        "share": call.share,
    }
    return json.dumps(said, separators=(",", ":")).encode()

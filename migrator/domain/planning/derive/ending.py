"""How a new pod ends: with time for its preStop. Longer graces than that are the source's decision and are kept."""

from __future__ import annotations

import re

from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import GRACE
from migrator.domain.model.manifests import Manifest, dig, mapping, number
from migrator.domain.planning.derive.draft import Draft

_SLEEP = re.compile(r"\bsleep\s+(\d+)")


def endings(draft: Draft) -> None:
    """Raise a grace period that ends before the preStop does: kubelet kills in the middle of it."""
    pod, key = draft.spec, "terminationGracePeriodSeconds"
    given = pod.get(key)
    if not isinstance(given, int):
        given = GRACE
    waits = max((pre_stop(container) for _, container in draft.containers()), default=0)
    if given == 0:
        draft.put(pod, "spec", key, waits + GRACE, say("derived.grace-zero"))
    elif waits and given <= waits:
        draft.put(pod, "spec", key, waits + GRACE, say("derived.grace-short", waits=waits))


def pre_stop(container: Manifest) -> int:
    """Give the seconds that a preStop surely waits: its `sleep`, as an action or in a command; 0 where none is told."""
    hook = mapping(container, "lifecycle", "preStop")
    command = dig(hook, "exec", "command")
    words = " ".join(str(word) for word in command) if isinstance(command, list) else ""
    return number(hook, "sleep", "seconds") + sum(int(seconds) for seconds in _SLEEP.findall(words))

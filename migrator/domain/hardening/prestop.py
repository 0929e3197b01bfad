"""How long a pod's preStop hooks wait, as far as that can be told. Pure readers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from migrator.domain.model.kubernetes import pod_containers
from migrator.domain.model.manifests import Manifest, dig, items, mapping, number, text

_SLEEP = re.compile(r"\bsleep\s+[\"']?(?:(\d{1,9}(?:\.\d{1,9})?)([smhd]?)|\$[({]?(\w+)(?::?-(\d{1,9}))?[)}]?)")
"""`sleep 25`, `sleep 1m`, `sleep $SECONDS`, `sleep ${SECONDS:-25}`; `$(SECONDS)` is Kubernetes' own form.

More digits than any wait has would be no number that can be reckoned with."""

_WAITS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def waiting(pod: Manifest) -> float | None:
    """Give the seconds that a pod's hooks wait; 0 where there is none, None where there is one whose length nobody can tell."""
    hooks = [row for row in pod_containers(pod) if mapping(row, "lifecycle", "preStop")]
    seconds = max((pre_stop(row) for row in hooks), default=0)
    return float(seconds) if seconds or not hooks else None


def pre_stop(container: Manifest) -> int:
    """Give the seconds that a preStop surely waits: its `sleep`, as an action or in a command; 0 where none is told.

    A variable of the container with a plain value is read, as the shell and the kubelet do; the last of a name counts.
    """
    hook = mapping(container, "lifecycle", "preStop")
    command = dig(hook, "exec", "command")
    words = " ".join(str(word) for word in command) if isinstance(command, list) else ""
    known = {text(row, "name"): text(row, "value") for row in items(container, "env")}
    return number(hook, "sleep", "seconds") + math.ceil(sum(_seconds(found, known) for found in _SLEEP.findall(words)))


def _seconds(found: tuple[str, str, str, str], known: Mapping[str, str]) -> float:
    """Give the seconds of one `sleep`; 0 for a variable that nobody can read."""
    amount, unit, variable, otherwise = found
    if not variable:
        return float(amount) * _UNITS[unit]
    value = _WAITS.fullmatch(known.get(variable, "") or otherwise)
    return float(value[1]) * _UNITS[value[2]] if value else 0.0

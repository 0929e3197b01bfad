"""Where two JSON values differ: paths and both values. It knows nothing of Kubernetes but how lists of named things align."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.domain.messages.message import Message
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Json


def differences(was: Json, now: Json, reason: Message, depth: int = 64, path: str = "") -> Iterator[Difference]:
    """Give every difference with one reason, at most `depth` levels of keys down; deeper ones as one of that level."""
    if was == now:
        return
    if depth > 0 and isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            yield from differences(was.get(key), now.get(key), reason, depth - 1, f"{path}.{key}" if path else key)
    elif depth > 0 and isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (left, right) in enumerate(zip(was, now, strict=True)):
            yield from differences(left, right, reason, depth, f"{path}[{index}]")
    else:
        yield Difference(path, was, now, reason)

"""JSON merge patch (RFC 7386)."""

from typing import Any


def merged(target: Any, patch: Any) -> Any:  # Any: JSON
    """Return `target` with `patch` merged in; null removes, lists are replaced."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result

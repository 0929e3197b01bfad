"""Two gateways' configurations beside each other, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from migrator.cli.views.said import texts
from migrator.wording import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.app.inspect.parity import Beside
    from migrator.domain.messages.message import Message
    from migrator.domain.model.spec import Allowance


def beside(found: Beside) -> dict[str, Any]:
    """Return the comparison."""
    return {
        "alike": found.alike,
        "old": found.names[0],
        "new": found.names[1],
        "ports": {str(old): new for old, new in sorted(found.ports.items())},
        "differences": [difference(line) for line in found.lines],
        "allowed": [{**difference(_inside(line)), "reason": line["reason"]} for line in found.allowed],
        "unsettled": {"old": texts(found.old), "new": texts(found.new)},
        "notes": texts(found.notes),
    }


def allows(allowances: Iterable[Allowance]) -> list[dict[str, str]]:
    """Return where the sides' configurations may differ, and why."""
    return [{"place": each.place, "reason": each.reason} for each in allowances]


def difference(line: Message) -> dict[str, Any]:
    """Return one difference: section, item, path, both values as short JSON, and of which object it was made."""
    values = dict(line.values)
    unit = str(values.get("unit", ""))
    section, _, item = unit.partition("/")
    return {
        "code": line.code,
        "section": section,
        "item": item,
        **{name: values.get(name) or None for name in ("path", "old", "new", "by")},
        "words": render(line),
    }


def _inside(line: Message) -> Message:
    return cast("Message", line["line"])

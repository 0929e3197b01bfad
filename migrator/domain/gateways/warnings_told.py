"""What a look at logs comes to, as findings. A rejected configuration of a new gateway blocks: it serves what it had before, or
nothing, and its dump may show neither. Everything else is said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.warned import LogLook, Trouble, Warned

SAYS: Mapping[Trouble, Message] = {
    Trouble.OMITTED: say("logs.omitted"),
    Trouble.CONFLICT: say("logs.conflict"),
    Trouble.UNBOUND: say("logs.unbound"),
    Trouble.PORT: say("logs.port"),
    Trouble.CUT_OFF: say("logs.cut-off"),
}


def told_by_logs(look: LogLook) -> Iterator[Finding]:
    """Give a finding for each kind of warning about each gateway, for what could not be read, and for what was."""
    for side in (Side.NEW, Side.OLD):
        yield from _rejected(look, side)
    for row in look.warned:
        if row.trouble is not Trouble.REJECTED:
            yield warn("logs.warned", row.about or row.by, what=SAYS[row.trouble], **_read(look, row.by, (row,)))
    if look.unread:
        why = tuple(say("logs.not-read", log=log, why=why) for log, why in look.unread)
        yield info("logs.unread", "spec.evidence.warnings", logs=why)
    if look.read:
        yield info("logs.read", "spec.evidence.warnings", count=look.read, seconds=look.seconds, kinds=len(look.warned))


def _rejected(look: LogLook, side: Side) -> Iterator[Finding]:
    """Give one finding for each gateway, whoever said it: its own log is the better one to read."""
    rows = look.rejected(side)
    for about in dict.fromkeys(row.about for row in rows):
        said = [row for row in rows if row.about == about]
        by = next((row.by for row in said if row.by.endswith(f"/{about}")), said[0].by)
        found = _read(look, by, said)
        yield block("logs.rejected", about, **found) if side is Side.NEW else warn("logs.old-rejected", about, **found)


def _read(look: LogLook, by: str, rows: Iterable[Warned]) -> dict[str, str | int | float | None]:
    """Give what is told of rows: how often, when last, and whose log to read, where it stands."""
    rows = tuple(rows)
    namespace, _, pod = by.partition("/")
    last = max(row.last for row in rows)
    count = max(row.count for row in rows)
    return {"count": count, "last": last or None, "namespace": namespace, "pod": pod, "seconds": look.seconds}

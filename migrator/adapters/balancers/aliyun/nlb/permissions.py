"""Our right to change a server group, asked by dry runs of calls that would change nothing even if they were carried out.

Adding names a server that is there, with its own weight; setting gives a server the weight it has; removing names a port
that nobody has. So the answers "in use" and "not found" come from beyond the permission check, and prove it passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from migrator.adapters.balancers.aliyun.nlb.profile import RIGHTS
from migrator.adapters.balancers.aliyun.nlb.rows import Row, named, weighed
from migrator.adapters.balancers.permissions import Tried, Verdict, untried
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json

PASSED = ("DryRunOperation", "OK", "ResourceInUse", "ResourceNotFound.BackendServer", "QuotaExceeded")
DENIED = ("Forbidden", "NoPermission")
HIGHEST = 65535


class Tries(Protocol):
    """An API that can be asked whether it would do something."""

    def dry_run(self, action: str, **parameters: Json) -> str:
        """Give the code that is answered."""
        ...


def tried(api: Tries, group: str, rows: Sequence[Row]) -> tuple[Tried, ...]:
    """Try every write on one group. A group without servers has none to name, so nothing is known."""
    if not rows:
        return untried(RIGHTS)
    return tuple(_try(api, action, group, server) for action, server in _calls(rows))


def _calls(rows: Sequence[Row]) -> Iterator[tuple[str, Json]]:
    row = rows[0]
    as_it_is = weighed(row, row.weight)
    taken = {other.backend.port for other in rows if other.server == row.server}
    free = next(port for port in range(HIGHEST, 0, -1) if port not in taken)
    yield "AddServersToServerGroup", as_it_is
    yield "UpdateServerGroupServersAttribute", as_it_is
    yield "RemoveServersFromServerGroup", {**named(row.server, row.backend), "Port": free}


def _try(api: Tries, action: str, group: str, server: Json) -> Tried:
    try:
        code = api.dry_run(action, ServerGroupId=group, Servers=[server])
    except Unreachable:
        return Tried(f"nlb:{action}", Verdict.UNKNOWN, say("permission.no-answer"))
    return Tried(f"nlb:{action}", verdict(code), say("permission.answer", code=code))


def verdict(code: str) -> Verdict:
    """Read the code of a dry run."""
    if code.startswith(PASSED):
        return Verdict.MAY
    return Verdict.DENIED if code.startswith(DENIED) else Verdict.UNKNOWN

"""How a balancer is set, as its driver reads it: health checks, limits on backends, forwarding rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.messages.findings import Subject
from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Target


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """How the balancer checks the backends of one listener: seconds, counts, and what it asks for.

    `port` 0 is the backend's own port; `path` "" is a bare TCP connect; `enabled` False: it never takes anything out.
    `own_port`: the vendor checks no other port than the backend's here.
    """

    listener: str
    enabled: bool = True
    interval: float = 5.0
    timeout: float = 2.0
    unhealthy: int = 2
    healthy: int = 2
    port: int = 0
    path: str = ""
    own_port: bool = False

    @property
    def detection(self) -> float:
        """Give the longest seconds until a dead backend is out: interval x threshold, and the last answer's timeout."""
        return self.interval * self.unhealthy + self.timeout


@dataclass(frozen=True, slots=True)
class Steering:
    """What else of a listener decides where connections go and what becomes of them, in the vendor's own words.

    "" is what the driver cannot read, which is never compared: how it chooses backends, whether a client stays on one, whether
    the client's address is sent ahead (PROXY protocol), after how many idle seconds a connection is closed, and which other
    switches decide whether connections are cut or clients' addresses are kept.
    """

    listener: str
    scheduler: str = ""
    sticky: str = ""
    proxy_protocol: str = ""
    idle: str = ""
    switches: str = ""


def together(values: Iterable[str]) -> str:
    """Give what several parts of a listener say of one setting: once where all say the same, "" where nobody does."""
    said = list(values)
    return said[0] if len(set(said)) == 1 else " / ".join(said)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What becomes of a member that leaves a pool with weight behind a listener, and of those that stay.

    After `delay` seconds the vendor ends what is still connected (`cuts`), or leaves it be. `by_zone`: each zone's part of the
    balancer sends to the members of its own zone alone. `least`: with fewer healthy members (in a zone, where it is by zone)
    the balancer sends to all of them, or takes the zone out of its name.
    """

    listener: str
    pool: str
    delay: float
    cuts: bool
    by_zone: bool
    least: int = 1


@dataclass(frozen=True, slots=True)
class Quota:
    """How many backends fit somewhere: `what` names the place, `listeners` the plan's listeners that fill it.

    `used` counts everybody's rows there now; `source` says where the limit is from. `limit` None: nobody would say.
    """

    what: Subject
    listeners: tuple[str, ...]
    used: int
    limit: int | None
    source: str | Message = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One forwarding rule of a layer-7 listener, of the plan or not: a pool of its own, with weights of its own.

    `listener` is the listener's name, `id` that of the rule as the plan's backends have it. It takes requests for `domain`
    (a host, `*.` and the end of one, or a pattern that begins with `~`) whose path begins with `url` (or fits it, likewise).
    """

    listener: str
    id: str
    domain: str
    url: str
    targets: tuple[Target, ...] = ()

    @property
    def match(self) -> str:
        """Say which requests it takes, in short."""
        return f"{self.domain}{self.url}"

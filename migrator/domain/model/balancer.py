"""The balancer in the domain's words: backends on listeners, their weights and health, and whose side each is on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Side(StrEnum):
    """The two sides of a migration. A backend of neither is *foreign*: its side is None and it is never touched."""

    OLD = "old"
    NEW = "new"

    @property
    def other(self) -> Side:
        """Give the opposite side."""
        return Side.NEW if self is Side.OLD else Side.OLD


class Health(StrEnum):
    """What the balancer says of a backend. UNKNOWN when its answer is no evidence (checks off, weight 0 on some)."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    PENDING = "pending"
    UNKNOWN = "unknown"


class ProbeWay(StrEnum):
    """How our own requests ask a backend. AUTO: as an old backend of the listener answers, else by the ports' numbers.

    The two with PROXY say first, by PROXY protocol, who asks, as the balancer does before such backends. TCP only connects;
    NONE asks nothing.
    """

    AUTO = "auto"
    HTTP = "http"
    HTTPS = "https"
    HTTP_PROXY = "http+proxy"
    HTTPS_PROXY = "https+proxy"
    TCP = "tcp"
    NONE = "none"

    @property
    def in_tls(self) -> bool:
        """Return whether it asks in TLS."""
        return self in (ProbeWay.HTTPS, ProbeWay.HTTPS_PROXY)

    @property
    def introduced(self) -> bool:
        """Return whether PROXY protocol comes first."""
        return self in (ProbeWay.HTTP_PROXY, ProbeWay.HTTPS_PROXY)


def is_v6(address: str) -> bool:
    """Return whether an address is of IPv6; a name is not."""
    return ":" in address


@dataclass(frozen=True, slots=True, order=True)
class Backend:
    """One address:port on a listener. `ref` is the provider's own id (i-…, eni-…), never parsed, never compared.

    Where weights are a pool's, it names the pool that the backend is in or is to join; "" is the new side's.
    """

    listener: str
    address: str
    port: int
    ref: str = field(default="", compare=False)

    def __str__(self) -> str:
        address = f"[{self.address}]" if is_v6(self.address) else self.address
        return f"{self.listener}/{address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Weighted:
    """A backend and a weight in the provider's units."""

    backend: Backend
    weight: int


@dataclass(frozen=True, slots=True)
class Target:
    """A backend as a driver sees it: weight in provider units, health, live sessions where the balancer counts them.

    `pool` names the group that the weight belongs to, where weights are a pool's; "" where each backend has its own.
    """

    backend: Backend
    weight: int
    health: Health = Health.UNKNOWN
    sessions: int | None = None
    pool: str = ""


class Scope(StrEnum):
    """What a weight belongs to: a backend, or a pool (target group), whose backends share its part of the traffic.

    Where it is a pool's, one write sets all the weights of one listener, so nothing ever sees a part of it.
    """

    BACKEND = "backend"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a balancer can do, as data.

    `weight_max` is the largest weight; `batch` the most rows one write call takes (of a pool's weights: all of them);
    `several_listeners` whether one call may hold rows of several; `weights_of` what a weight belongs to;
    `health_at_zero` whether health at weight 0 is evidence; `zero_keeps_connections` None where it cannot be proved.
    `settle`, `drain_floor`, `registers`: seconds a change needs to reach the data plane, that must pass after a removal
    before it is silence, and that a sound new backend may take to be called healthy. `controlled`: a cloud controller
    registers and removes the gateways' pods by itself; the driver only asks it. `by_invitation`: it registers those alone
    that the driver asks for, so who comes is ours to register; who is gone it removes by itself.
    """

    weight_max: int = 100
    batch: int = 500
    several_listeners: bool = True
    health_at_zero: bool = True
    zero_keeps_connections: bool | None = True
    reports_sessions: bool = False
    settle: float = 2.0
    drain_floor: float = 5.0
    writes_per_minute: int | None = None
    weights_of: Scope = Scope.BACKEND
    registers: float = 0.0
    controlled: bool = False
    by_invitation: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A target and whose side it is on; None is foreign.

    `deserted`: no pod of its side that stays is behind it. It may still answer, and nothing relies on that.
    """

    target: Target
    side: Side | None
    deserted: bool = False

    @property
    def backend(self) -> Backend:
        """Give the row's backend."""
        return self.target.backend

    @property
    def weight(self) -> int:
        """Give the row's weight in provider units."""
        return self.target.weight

    @property
    def fit(self) -> bool:
        """Say whether it can take traffic: not while the balancer calls it anything worse than healthy."""
        return self.target.health not in (Health.UNHEALTHY, Health.PENDING)

    @property
    def answering(self) -> int:
        """Give the weight that takes traffic now, by what the balancer says: 0 for a backend that is not fit."""
        return self.target.weight if self.fit else 0

    @property
    def carrying(self) -> int:
        """Give the weight that can be relied on: 0 for a backend that is not fit, or whose pod is gone or going."""
        return 0 if self.deserted else self.answering


@dataclass(frozen=True, slots=True)
class Unit:
    """What has one weight on a listener: a row, or one side's rows of a pool. Rows of a pool have its weight each."""

    side: Side | None
    rows: tuple[Row, ...]

    @property
    def weight(self) -> int:
        """Give the unit's weight in provider units."""
        return self.rows[0].weight

    @property
    def backends(self) -> tuple[Backend, ...]:
        """Give the backends that share the weight."""
        return tuple(row.backend for row in self.rows)


@dataclass(frozen=True, slots=True)
class Pools:
    """Every backend of the run's listeners, as last seen (a facet)."""

    rows: tuple[Row, ...]
    capabilities: Capabilities = Capabilities()

    @property
    def listeners(self) -> tuple[str, ...]:
        """Give the names of the listeners that have backends, sorted."""
        return tuple(sorted({row.backend.listener for row in self.rows}))

    def of(self, side: Side | None, listener: str | None = None) -> tuple[Row, ...]:
        """Give one side's rows, of one listener or of all."""
        return tuple(r for r in self.rows if r.side is side and listener in (None, r.backend.listener))

    def units(self, listener: str) -> tuple[Unit, ...]:
        """Give what has weights of its own on a listener. Where they are a pool's, strangers in it are part of it."""
        rows = [row for row in self.rows if row.backend.listener == listener]
        if self.capabilities.weights_of is Scope.BACKEND:
            return tuple(Unit(row.side, (row,)) for row in rows)
        shared: dict[tuple[str, Side | None], list[Row]] = {}
        for row in rows:
            shared.setdefault((row.target.pool, row.side), []).append(row)
        ours = {pool for pool, side in shared if side}
        return tuple(Unit(side, tuple(of)) for (pool, side), of in shared.items() if side or pool not in ours)

    def weights(self) -> dict[Backend, int]:
        """Give weight by backend."""
        return {row.backend: row.weight for row in self.rows}

    def share(self, side: Side = Side.NEW, listener: str | None = None) -> float | None:
        """Give the percent of new connections that the weights send to `side`; foreign rows count in the whole.

        Over several listeners it is the largest difference from nothing: the highest share of any of them.
        None where no weight stands at all.
        """
        names = self.listeners if listener is None else (listener,)
        shares = [share for name in names if (share := self._share_on(side, name)) is not None]
        return max(shares) if shares else None

    def _share_on(self, side: Side, listener: str) -> float | None:
        units = self.units(listener)
        whole = sum(unit.weight * self._part(unit, units) for unit in units)
        ours = sum(unit.weight * self._part(unit, units) for unit in units if unit.side is side)
        return 100.0 * ours / whole if whole else None

    def _part(self, unit: Unit, units: tuple[Unit, ...]) -> float:
        """Give how much of its pool's traffic a unit gets: less than all where both sides are members of one pool."""
        pool = unit.rows[0].target.pool
        members = sum(len(each.rows) for each in units if each.rows[0].target.pool == pool)
        return len(unit.rows) / members if pool else 1.0


def sides(
    targets: Iterable[Target],
    old: Iterable[Backend],
    new: Iterable[Backend],
    old_addresses: Iterable[str],
    left: Iterable[Backend] = (),
) -> dict[Backend, Side]:
    """Tell whose each target is: the plan's backends, and any live old pod on a port that its listener uses for old ones.

    A new pod of the old side (rescheduled, scaled) is old; one of `left` that nobody else claims is new; whatever is
    left then is foreign and gets no entry.
    """
    of_new, of_old, living, gone = set(new), set(old), set(old_addresses), set(left)
    ports = {(backend.listener, backend.port) for backend in of_old}
    found: dict[Backend, Side] = {}
    for backend in (target.backend for target in targets):
        if backend in of_new:
            found[backend] = Side.NEW
        elif backend in of_old or (backend.address in living and (backend.listener, backend.port) in ports):
            found[backend] = Side.OLD
        elif backend in gone:
            found[backend] = Side.NEW
    return found


def pools(targets: Iterable[Target], sides: Mapping[Backend, Side], capabilities: Capabilities) -> Pools:
    """Tell each target's side by the plan's and the cluster's backends; what neither knows is foreign."""
    rows = tuple(Row(target, sides.get(target.backend)) for target in sorted(targets, key=lambda t: t.backend))
    return Pools(rows, capabilities)

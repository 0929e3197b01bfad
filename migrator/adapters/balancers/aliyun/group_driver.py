"""What both Aliyun drivers do alike: server groups as targets and weights, one group and one batch a call.

Each product lists its listeners, reads its rows and sends its writes in its own words; those are the abstract methods.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from migrator.adapters.balancers.aliyun.access.api import Api
from migrator.adapters.balancers.aliyun.monitoring import Monitoring
from migrator.adapters.balancers.aliyun.options import Options
from migrator.adapters.balancers.aliyun.server_groups import ServerGroup, ServerGroups
from migrator.adapters.balancers.aliyun.servers import Server, Servers
from migrator.adapters.balancers.refusals import require_there, weightless
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

WORST = (Health.UNHEALTHY, Health.PENDING, Health.UNKNOWN, Health.HEALTHY)
"""The worst verdict first: a group's listeners may see a row differently."""

Fields = dict[str, Json]


class GroupRow(Protocol):
    """A row of a server group."""

    @property
    def backend(self) -> Backend: ...
    @property
    def server(self) -> Server: ...
    @property
    def weight(self) -> int: ...


Row = TypeVar("Row", bound=GroupRow)


@dataclass(frozen=True, slots=True)
class Writes(Generic[Row]):
    """A product's three writes by name, how each names its rows, and what the product calls a server group."""

    add: str
    set: str
    remove: str
    added: Callable[[Server, Backend, str], Fields]
    weighed: Callable[[Row, int], Fields]
    named: Callable[[Server, Backend], Fields]
    group: str


class GroupDriver(ABC, Generic[Row]):
    """One balancer's server groups. Setting the same weights twice equals setting them once."""

    usual: Capabilities
    writes: Writes[Row]
    system: str

    def __init__(
        self, api: Api, servers: Servers, spec: BalancerSpec, options: Options, monitoring: Monitoring
    ) -> None:
        self._api, self._servers, self._options, self._monitoring = api, servers, options, monitoring
        self._id = spec.id
        self._listeners = [listener.id for listener in spec.listeners]
        self._groups: ServerGroups | None = None

    def capabilities(self) -> Capabilities:
        """Give the driver's constants, with the plan's batch."""
        return replace(self.usual, batch=self._options.batch)

    def reported(self) -> tuple[Reported, ...]:
        """Give what CloudMonitor has of the balancer and of every listener that leads to a group of the plan."""
        ports = {port.port for group in self._resolved().leading for port in group.ports}
        return self._monitoring.reported(self._id, ports)

    def register(self, action: Register) -> Op:
        """Add at weight 0 what is not there yet: the API refuses a row that is, and with it all others."""
        group = self._group_of(action.backends)
        there = self._by_backend(group)
        absent = [backend for backend in action.backends if backend not in there]
        if not absent:
            return Op(self.system)
        servers = self._servers_of(group, [backend.address for backend in absent])
        description = self._options.description
        rows = [self.writes.added(servers[backend.address], backend, description) for backend in absent]
        return self._write(self.writes.add, group, rows)

    def set_weights(self, action: SetWeights) -> Op:
        """Set these rows in one call, each with its description as it stands. A row that is not there is Refused."""
        group = self._group_of(row.backend for row in action.rows)
        there = self._by_backend(group)
        require_there(
            (row.backend for row in action.rows), there, say("aliyun.group", kind=self.writes.group, group=group.id)
        )
        rows = [self.writes.weighed(there[row.backend], row.weight) for row in action.rows]
        return self._write(self.writes.set, group, rows)

    def deregister(self, action: Deregister) -> Op:
        """Remove rows that are there and have no weight; one that has is Refused."""
        group = self._group_of(action.backends)
        present = weightless(action.backends, self._by_backend(group))
        if not present:
            return Op(self.system)
        return self._write(self.writes.remove, group, [self.writes.named(row.server, row.backend) for row in present])

    def _group_of(self, backends: Iterable[Backend]) -> ServerGroup:
        return (self._groups or self._resolved()).of(backend.listener for backend in backends)

    def _by_backend(self, group: ServerGroup) -> dict[Backend, Row]:
        return {row.backend: row for row in self._rows(group)}

    def _resolved(self) -> ServerGroups:
        """Resolve the plan's listeners anew: a listener that was bound to another group must not go unnoticed."""
        self._groups = self._resolve()
        return self._groups

    @abstractmethod
    def _resolve(self) -> ServerGroups:
        """Ask which group each of the plan's listeners leads to."""

    @abstractmethod
    def _rows(self, group: ServerGroup) -> list[Row]:
        """Ask for a group's rows."""

    @abstractmethod
    def _servers_of(self, group: ServerGroup, addresses: Sequence[str]) -> dict[str, Server]:
        """Give the server of every address, as the group names it. Refused: one of none."""

    @abstractmethod
    def _write(self, action: str, group: ServerGroup, rows: Sequence[Fields]) -> Op:
        """Send one write."""

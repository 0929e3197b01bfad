"""The Aliyun NLB driver: server groups as targets and weights; writes as they are given, one group and batch a call.

Facts: weights 0-100 (default 100, so it is always sent); a write is a job to poll, and its group takes no other meanwhile;
only servers that are not normal are named in health, and one without weight is no evidence; removing a server that is not
there is an error; the port is part of who a server is. GetJobStatus knows no failure, so ListAsynJobs is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import uuid4

from migrator.adapters.balancers.aliyun.api import Api
from migrator.adapters.balancers.aliyun.doors import Door, Place, Places, findings, places
from migrator.adapters.balancers.aliyun.options import Options
from migrator.adapters.balancers.aliyun.servers import Server, Servers
from migrator.adapters.balancers.aliyun_nlb.findings import health_check_of, of_group, quotas_of
from migrator.adapters.balancers.aliyun_nlb.permissions import tried
from migrator.adapters.balancers.aliyun_nlb.rows import IP, Key, Row, added, key_of, named, row_of, weighed
from migrator.adapters.balancers.permissions import of_permissions
from migrator.adapters.balancers.refusals import require_there, weightless
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target
from migrator.domain.model.balancer_settings import HealthCheck, Quota
from migrator.domain.model.errors import Unreachable
from migrator.domain.model.findings import Finding
from migrator.domain.model.manifests import Json, dig, items, number, text
from migrator.domain.model.message import say
from migrator.domain.model.spec import BalancerSpec

SYSTEM = "aliyun-nlb"
BATCH = 200
PAGE = 100
PAGES = 50
LOST_AFTER = 60.0
"""Seconds after which a job that is still under way is not waited for any more; usual jobs take a few."""
CAPABILITIES = Capabilities(
    weight_max=100,
    batch=BATCH,
    several_listeners=False,
    health_at_zero=False,
    zero_keeps_connections=None,  # documented nowhere
    settle=2.0,
    drain_floor=5.0,
    writes_per_minute=200,
)
_JOB = {"Succeeded": OpState.DONE, "Failed": OpState.FAILED, "Processing": OpState.RUNNING}
_SICK = {"Unhealthy": Health.UNHEALTHY, "Initial": Health.PENDING, "Unavailable": Health.UNKNOWN}
_WORST = (Health.UNHEALTHY, Health.PENDING, Health.UNKNOWN, Health.HEALTHY)


class AliyunNlb:
    """One balancer's server groups. Setting the same weights twice equals setting them once."""

    def __init__(
        self,
        api: Api,
        servers: Servers,
        spec: BalancerSpec,
        options: Options,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api, self._servers, self._options = api, servers, options
        self._id, self._monotonic = spec.id, monotonic
        self._listeners = [listener.id for listener in spec.listeners]
        self._places: Places | None = None
        self._asked: dict[str, float] = {}
        self._types: dict[str, str] = {}

    def capabilities(self) -> Capabilities:
        """Give the driver's constants, with the plan's batch."""
        return replace(CAPABILITIES, batch=self._options.batch)

    def targets(self) -> tuple[Target, ...]:
        """Give every server of the run's groups; one that a job is still adding is not there yet."""
        found: list[Target] = []
        for place in self._resolved().leading:
            verdicts = [self._health(door, place.group) for door in place.doors]
            found += [
                Target(row.backend, row.weight, _seen(row, verdicts))
                for row in self._rows(place)
                if row.status != "Adding"
            ]
        return tuple(found)

    def poll(self, op: Op) -> OpState:
        """Ask for a job. One that is not known any more, or takes too long, is LOST; without an id it was done at once."""
        if not op.id:
            return OpState.DONE
        jobs = items(self._api.ask("ListAsynJobs", JobIds=[op.id]), "Jobs")
        state = next(
            (_JOB.get(text(job, "Status"), OpState.LOST) for job in jobs if text(job, "Id") == op.id), OpState.LOST
        )
        if state is not OpState.RUNNING:
            self._asked.pop(op.id, None)
            return state
        first = self._asked.setdefault(op.id, self._monotonic())
        return OpState.LOST if self._monotonic() - first > LOST_AFTER else OpState.RUNNING

    def address(self) -> str:
        """Give the balancer's first address: a public one if it has any."""
        found = self._api.ask("GetLoadBalancerAttribute", LoadBalancerId=self._id)
        for name in ("PublicIPv4Address", "PrivateIPv4Address"):
            for zone in items(found, "ZoneMappings"):
                if isinstance(address := dig(zone, "LoadBalancerAddresses", 0, name), str) and address:
                    return address
        return text(found, "DNSName")

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the listeners and with the groups they lead to."""
        doors = self._doors()
        found = self._resolved(doors)
        groups = {place.group: self._group(place.group) for place in found.leading}
        return (
            *findings(found, doors, self._id),
            *(each for place in found.leading for each in of_group(place, groups[place.group])),
            *of_permissions(
                self._id, (each for place in found.leading for each in tried(self._api, place.group, self._rows(place)))
            ),
        )

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of each of the run's groups."""
        places = self._resolved().leading
        return tuple(health_check_of(place.listener, self._group(place.group)) for place in places)

    def quotas(self) -> tuple[Quota, ...]:
        """Give how many servers fit in each of the run's groups, and in the balancer."""
        places = self._resolved().leading
        return quotas_of(self._id, [(place, number(self._group(place.group), "ServerCount")) for place in places])

    def register(self, action: Register) -> Op:
        """Add at weight 0 what is not there yet; the job is to be polled."""
        place = self._place(action.backends)
        there = self._by_backend(place)
        absent = [backend for backend in action.backends if backend not in there]
        if not absent:
            return Op(SYSTEM)
        servers = self._named(place.group, [backend.address for backend in absent])
        rows = [added(servers[backend.address], backend, self._options.description) for backend in absent]
        return self._write("AddServersToServerGroup", place, rows)

    def set_weights(self, action: SetWeights) -> Op:
        """Set these rows in one call; the job is to be polled. A row that is not there is Refused."""
        place = self._place(row.backend for row in action.rows)
        there = self._by_backend(place)
        require_there((row.backend for row in action.rows), there, say("aliyun-nlb.group", group=place.group))
        rows = [weighed(there[row.backend], row.weight) for row in action.rows]
        return self._write("UpdateServerGroupServersAttribute", place, rows)

    def deregister(self, action: Deregister) -> Op:
        """Remove rows that are there and have no weight; one that has is Refused."""
        place = self._place(action.backends)
        present = weightless(action.backends, self._by_backend(place))
        if not present:
            return Op(SYSTEM)
        return self._write("RemoveServersFromServerGroup", place, [named(r.server, r.backend) for r in present])

    # --- reading -----------------------------------------------------------------------------------------------------

    def _paged(self, ask: Callable[[str | None], dict[str, Json]], name: str) -> list[dict[str, Json]]:
        """Give the rows of every page; the last one has no token."""
        found: list[dict[str, Json]] = []
        token: str | None = None
        for _ in range(PAGES):
            answer = ask(token)
            found += items(answer, name)
            token = text(answer, "NextToken")
            if not token:
                return found
        raise Unreachable(say("cloud.too-many-pages", api="Aliyun NLB", name=name, most=PAGES))

    def _doors(self) -> list[Door]:
        rows = self._paged(
            lambda token: self._api.ask("ListListeners", LoadBalancerIds=[self._id], MaxResults=PAGE, NextToken=token),
            "Listeners",
        )
        return [
            Door(
                number(row, "ListenerPort"),
                text(row, "ListenerProtocol").lower(),
                text(row, "ServerGroupId"),
                text(row, "ListenerId"),
            )
            for row in rows
        ]

    def _resolved(self, doors: list[Door] | None = None) -> Places:
        """Resolve the plan's listeners anew: a listener that was bound to another group must not go unnoticed."""
        doors = self._doors() if doors is None else doors
        self._places = places(self._listeners, doors, {door.group for door in doors if door.group})
        return self._places

    def _place(self, backends: Iterable[Backend]) -> Place:
        return (self._places or self._resolved()).of(backend.listener for backend in backends)

    def _rows(self, place: Place) -> list[Row]:
        found = self._paged(
            lambda token: self._api.send(
                "ListServerGroupServers", ServerGroupId=place.group, MaxResults=PAGE, NextToken=token
            ),
            "Servers",
        )
        return [row_of(place.listener, raw) for raw in found]

    def _by_backend(self, place: Place) -> dict[Backend, Row]:
        return {row.backend: row for row in self._rows(place)}

    def _health(self, door: Door, group: str) -> dict[Key, Health] | None:
        """Give the servers of a listener that are not normal; None where nobody checks them."""
        found = self._api.ask("GetListenerHealthStatus", ListenerId=door.id)
        infos = [
            info
            for status in items(found, "ListenerHealthStatus")
            for info in items(status, "ServerGroupInfos")
            if text(info, "ServerGroupId") == group
        ]
        if not infos or any(info.get("HeathCheckEnabled") is not True for info in infos):  # the API spells it so
            return None
        return {
            key_of(row): _SICK.get(text(row, "Status"), Health.UNKNOWN)
            for info in infos
            for row in items(info, "NonNormalServers")
        }

    def _group(self, group: str) -> dict[str, Json]:
        found = items(self._api.send("ListServerGroups", ServerGroupIds=[group]), "ServerGroups")
        return next((each for each in found if text(each, "ServerGroupId") == group), {})

    def _named(self, group: str, addresses: Sequence[str]) -> dict[str, Server]:
        """Give the server of every address: in a group of addresses it is the address itself."""
        if group not in self._types:
            self._types[group] = text(self._group(group), "ServerGroupType")
        if self._types[group] == IP:
            return {address: Server(IP, address) for address in addresses}
        vpc = self._options.vpc or text(self._group(group), "VpcId")
        found = self._servers.of(addresses, vpc)
        return {address: Server(server.kind.capitalize(), server.id) for address, server in found.items()}

    def _write(self, action: str, place: Place, rows: Sequence[dict[str, Json]]) -> Op:
        """Send one write. Its token is new: the same weights may be wanted again later, and must be set again."""
        found = self._api.send(action, ServerGroupId=place.group, ClientToken=str(uuid4()), Servers=list(rows))
        return Op(SYSTEM, text(found, "JobId"))


def _seen(row: Row, verdicts: Sequence[dict[Key, Health] | None]) -> Health:
    """Give the worst verdict of the group's listeners. A server that no listener calls ill is well if it is available."""
    if not row.weight:
        return Health.UNKNOWN
    well = Health.HEALTHY if row.status == "Available" else Health.UNKNOWN
    each = [Health.UNKNOWN if sick is None else sick.get(row.key, well) for sick in verdicts]
    return min(each, key=_WORST.index, default=Health.UNKNOWN)

"""The Aliyun NLB driver: server groups as targets and weights; writes as they are given, one group and batch a call.

Facts: weights 0-100 (default 100, so it is always sent); a write is a job to poll, and its group takes no other meanwhile;
only servers that are not normal are named in health, and one without weight is no evidence; removing a server that is not
there is an error; the port is part of who a server is. GetJobStatus knows no failure, so ListAsynJobs is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.aliyun.access.api import Api
from migrator.adapters.balancers.aliyun.group_driver import WORST, Fields, GroupDriver, Writes
from migrator.adapters.balancers.aliyun.monitoring import Monitoring
from migrator.adapters.balancers.aliyun.nlb.findings import health_check_of, of_group, quotas_of, steering_of
from migrator.adapters.balancers.aliyun.nlb.permissions import tried
from migrator.adapters.balancers.aliyun.nlb.rows import IP, Key, Row, added, key_of, named, row_of, weighed
from migrator.adapters.balancers.aliyun.options import Options
from migrator.adapters.balancers.aliyun.server_groups import ListenerPort, ServerGroup, ServerGroups, findings, resolved
from migrator.adapters.balancers.aliyun.servers import Server, Servers
from migrator.adapters.balancers.permissions import of_permissions
from migrator.domain.balancers.settings import HealthCheck, Quota, Steering
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Op, OpState
from migrator.domain.model.balancer import Capabilities, Health, Target
from migrator.domain.model.manifests import dig, items, number, text
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.observation.logins import Login

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
WRITES = Writes(
    "AddServersToServerGroup",
    "UpdateServerGroupServersAttribute",
    "RemoveServersFromServerGroup",
    added,
    weighed,
    named,
    "server group",
)


class AliyunNlb(GroupDriver[Row]):
    """One balancer's server groups. Setting the same weights twice equals setting them once."""

    usual, writes, system = CAPABILITIES, WRITES, SYSTEM

    def __init__(
        self,
        api: Api,
        servers: Servers,
        spec: BalancerSpec,
        options: Options,
        monitoring: Monitoring,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(api, servers, spec, options, monitoring)
        self._monotonic = monotonic
        self._polled_since: dict[str, float] = {}
        self._types: dict[str, str] = {}

    def targets(self) -> tuple[Target, ...]:
        """Give every server of the run's groups; one that a job is still adding is not there yet."""
        targets: list[Target] = []
        for group in self._resolved().leading:
            verdicts = [self._health(port, group.id) for port in group.ports]
            rows = [row for row in self._rows(group) if row.status != "Adding"]
            targets += [Target(row.backend, row.weight, _worst(row, verdicts)) for row in rows]
        return tuple(targets)

    def poll(self, op: Op) -> OpState:
        """Ask for a job. One that is not known any more, or takes too long, is LOST; without an id it was done at once."""
        if not op.id:
            return OpState.DONE
        jobs = items(self._api.ask("ListAsynJobs", JobIds=[op.id]), "Jobs")
        state = next(
            (_JOB.get(text(job, "Status"), OpState.LOST) for job in jobs if text(job, "Id") == op.id), OpState.LOST
        )
        if state is not OpState.RUNNING:
            self._polled_since.pop(op.id, None)
            return state
        first = self._polled_since.setdefault(op.id, self._monotonic())
        return OpState.LOST if self._monotonic() - first > LOST_AFTER else OpState.RUNNING

    def address(self) -> str:
        """Give the balancer's first address: a public one if it has any."""
        balancer = self._api.ask("GetLoadBalancerAttribute", LoadBalancerId=self._id)
        for name in ("PublicIPv4Address", "PrivateIPv4Address"):
            for zone in items(balancer, "ZoneMappings"):
                if isinstance(address := dig(zone, "LoadBalancerAddresses", 0, name), str) and address:
                    return address
        return text(balancer, "DNSName")

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the listeners and with the groups they lead to."""
        ports = _ports(self._listed())
        groups = self._of(ports)
        return (
            *findings(groups, ports, self._id),
            *(finding for group in groups.leading for finding in of_group(group, self._described(group.id))),
            *of_permissions(
                self._id,
                (attempt for group in groups.leading for attempt in tried(self._api, group.id, self._rows(group))),
            ),
        )

    def require_credentials(self) -> None:
        """Look for credentials; the balancer is not asked."""
        self._api.require_credentials()

    def login(self) -> Login | None:
        """Say how long the API knows us; nobody is asked for it."""
        return self._api.login()

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of each of the run's groups."""
        return tuple(health_check_of(group.listener, self._described(group.id)) for group in self._resolved().leading)

    def steering(self) -> tuple[Steering, ...]:
        """Give how each of the run's groups chooses servers, and how the listeners are set that lead to it."""
        rows = self._listed()
        return tuple(
            steering_of(group.listener, self._described(group.id), [rows[port.id] for port in group.ports])
            for group in self._of(_ports(rows)).leading
        )

    def quotas(self) -> tuple[Quota, ...]:
        """Give how many servers fit in each of the run's groups, and in the balancer."""
        groups = self._resolved().leading
        return quotas_of(self._id, [(group, number(self._described(group.id), "ServerCount")) for group in groups])

    # --- reading -----------------------------------------------------------------------------------------------------

    def _paged(self, ask: Callable[[str | None], Fields], name: str) -> list[Fields]:
        """Give the rows of every page; the last one has no token."""
        rows: list[Fields] = []
        token: str | None = None
        for _ in range(PAGES):
            answer = ask(token)
            rows += strict.rows(answer, name)
            token = text(answer, "NextToken")
            if not token:
                return rows
        raise Unreachable(say("cloud.too-many-pages", api="Aliyun NLB", name=name, most=PAGES))

    def _listed(self) -> dict[str, Fields]:
        """Give every listener of the balancer by its id."""
        rows = self._paged(
            lambda token: self._api.ask("ListListeners", LoadBalancerIds=[self._id], MaxResults=PAGE, NextToken=token),
            "Listeners",
        )
        return {text(row, "ListenerId"): row for row in rows}

    def _resolve(self) -> ServerGroups:
        return self._of(_ports(self._listed()))

    def _of(self, ports: list[ListenerPort]) -> ServerGroups:
        """Find the plan's listeners among those of the balancer."""
        return resolved(self._listeners, ports, {port.group for port in ports if port.group})

    def _rows(self, group: ServerGroup) -> list[Row]:
        rows = self._paged(
            lambda token: self._api.send(
                "ListServerGroupServers", ServerGroupId=group.id, MaxResults=PAGE, NextToken=token
            ),
            "Servers",
        )
        return [row_of(group.listener, row) for row in rows]

    def _health(self, port: ListenerPort, group: str) -> dict[Key, Health] | None:
        """Give the servers of a listener that are not normal; None where nobody checks them."""
        answer = self._api.ask("GetListenerHealthStatus", ListenerId=port.id)
        infos = [
            info
            for status in items(answer, "ListenerHealthStatus")
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

    def _described(self, group: str) -> Fields:
        rows = items(self._api.send("ListServerGroups", ServerGroupIds=[group]), "ServerGroups")
        return next((row for row in rows if text(row, "ServerGroupId") == group), {})

    # --- writing -----------------------------------------------------------------------------------------------------

    def _servers_of(self, group: ServerGroup, addresses: Sequence[str]) -> dict[str, Server]:
        """Give the server of every address: in a group of addresses it is the address itself."""
        if group.id not in self._types:
            self._types[group.id] = text(self._described(group.id), "ServerGroupType")
        if self._types[group.id] == IP:
            return {address: Server(IP, address) for address in addresses}
        vpc = self._options.vpc or text(self._described(group.id), "VpcId")
        servers = self._servers.of(addresses, vpc)
        return {address: Server(server.kind.capitalize(), server.id) for address, server in servers.items()}

    def _write(self, action: str, group: ServerGroup, rows: Sequence[Fields]) -> Op:
        """Send one write. Its token is new: the same weights may be wanted again later, and must be set again."""
        answer = self._api.send(action, ServerGroupId=group.id, ClientToken=str(uuid4()), Servers=list(rows))
        return Op(SYSTEM, text(answer, "JobId"))


def _ports(rows: Mapping[str, Fields]) -> list[ListenerPort]:
    return [
        ListenerPort(
            strict.port(row, "ListenerPort"), text(row, "ListenerProtocol").lower(), text(row, "ServerGroupId"), name
        )
        for name, row in rows.items()
    ]


def _worst(row: Row, verdicts: Sequence[dict[Key, Health] | None]) -> Health:
    """Give the worst verdict of the group's listeners. A server that no listener calls ill is well if it is available."""
    if not row.weight:
        return Health.UNKNOWN
    well = Health.HEALTHY if row.status == "Available" else Health.UNKNOWN
    verdict = [Health.UNKNOWN if sick is None else sick.get(row.key, well) for sick in verdicts]
    return min(verdict, key=WORST.index, default=Health.UNKNOWN)

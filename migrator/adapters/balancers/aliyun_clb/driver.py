"""The Aliyun CLB driver: vServer groups as targets and weights; writes as they are given, one group and batch a call.

Facts: weights 0-100 (default 100, so it is always sent); health at weight 0 says `normal` whatever the check finds; a write
returns when it is accepted, and the group is busy for a moment; adding a row that is there is an error, removing one that
is not is none; 90 calls a minute of each write, for the whole account. The default server group has no ports: refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from migrator.adapters.balancers.aliyun.api import Api
from migrator.adapters.balancers.aliyun.doors import Door, Place, Places, findings, places
from migrator.adapters.balancers.aliyun.options import Options
from migrator.adapters.balancers.aliyun.servers import Servers
from migrator.adapters.balancers.aliyun_clb.findings import (
    health_check_of,
    of_balancer,
    of_listener,
    of_rules,
    quotas_of,
)
from migrator.adapters.balancers.aliyun_clb.profile import RIGHTS
from migrator.adapters.balancers.aliyun_clb.rows import Row, added, key_of, named, row_of, server_of, weighed, whole
from migrator.adapters.balancers.permissions import of_permissions, untried
from migrator.adapters.balancers.refusals import require_there, weightless
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target
from migrator.domain.model.balancer_settings import HealthCheck, Quota
from migrator.domain.model.findings import Finding
from migrator.domain.model.manifests import Json, items, number, text
from migrator.domain.model.message import say
from migrator.domain.model.spec import BalancerSpec

SYSTEM = "aliyun-clb"
BATCH = 20
"""Rows that a call is documented to take; Aliyun's own controller sends up to MOST."""
MOST = 40
CAPABILITIES = Capabilities(
    weight_max=100,
    batch=BATCH,
    several_listeners=False,
    health_at_zero=False,
    zero_keeps_connections=None,  # implied by Aliyun's own recipe for removal, stated nowhere
    settle=2.0,
    drain_floor=5.0,
    writes_per_minute=90,
)
_HEALTH = {"normal": Health.HEALTHY, "abnormal": Health.UNHEALTHY, "unavailable": Health.UNKNOWN}
_WORST = (Health.UNHEALTHY, Health.PENDING, Health.UNKNOWN, Health.HEALTHY)


class AliyunClb:
    """One balancer's vServer groups. Setting the same weights twice equals setting them once."""

    def __init__(self, api: Api, servers: Servers, spec: BalancerSpec, options: Options) -> None:
        self._api, self._servers, self._options = api, servers, options
        self._id = spec.id
        self._listeners = [listener.id for listener in spec.listeners]
        self._places: Places | None = None

    def capabilities(self) -> Capabilities:
        """Give the driver's constants, with the plan's batch."""
        return replace(CAPABILITIES, batch=self._options.batch)

    def targets(self) -> tuple[Target, ...]:
        """Give every row of the run's groups; the health is the worst that any listener of the group sees."""
        found = self._resolved()
        health = self._health()
        return tuple(
            Target(row.backend, row.weight, _seen(health, place, row) if row.weight else Health.UNKNOWN)
            for place in found.leading
            for row in self._rows(place)
        )

    def poll(self, op: Op) -> OpState:
        """A write was done when it was answered; an op with an id is not ours."""
        return OpState.LOST if op.id else OpState.DONE

    def address(self) -> str:
        """Give the balancer's address."""
        return text(self._api.ask("DescribeLoadBalancerAttribute", LoadBalancerId=self._id), "Address")

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the balancer and with every listener that leads to a group of the plan."""
        balancer = self._api.ask("DescribeLoadBalancerAttribute", LoadBalancerId=self._id)
        groups = self._groups()
        found = self._resolved(groups)
        rules = {text(g, "VServerGroupId"): len(items(g, "AssociatedObjects", "Rules", "Rule")) for g in groups}
        every = [*_doors(groups), *_listed(balancer)]
        return (
            *of_balancer(balancer, self._id),
            *findings(found, every, self._id),
            *(
                each
                for place in found.leading
                for door in place.doors
                for each in of_listener(door, self._described(door))
            ),
            *(each for place in found.leading for each in of_rules(place.listener, rules.get(place.group, 0))),
            *of_permissions(self._id, untried(RIGHTS)),
        )

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of every listener that leads to a group of the plan."""
        return tuple(
            health_check_of(place.listener, self._described(door))
            for place in self._resolved().leading
            for door in place.doors
        )

    def quotas(self) -> tuple[Quota, ...]:
        """Give how many backends fit in the balancer: every group of it counts."""
        groups = self._groups()
        leading = self._resolved(groups).leading
        used = sum(number(group, "ServerCount") for group in groups)
        return (quotas_of(self._id, [place.listener for place in leading], used),)

    def register(self, action: Register) -> Op:
        """Add at weight 0 what is not there yet: the call refuses a row that is, and with it all others."""
        place = self._place(action.backends)
        there = self._by_backend(place)
        absent = [backend for backend in action.backends if backend not in there]
        if not absent:
            return Op(SYSTEM)
        servers = self._servers.of([backend.address for backend in absent], self._vpc())
        rows = [added(servers[backend.address], backend, self._options.description) for backend in absent]
        return self._write("AddVServerGroupBackendServers", place, rows)

    def set_weights(self, action: SetWeights) -> Op:
        """Set these rows in one call, each with its description as it stands. A row that is not there is Refused."""
        place = self._place(row.backend for row in action.rows)
        there = self._by_backend(place)
        require_there((row.backend for row in action.rows), there, say("aliyun-clb.group", group=place.group))
        rows = [weighed(there[row.backend], row.weight) for row in action.rows]
        return self._write("SetVServerGroupAttribute", place, rows)

    def deregister(self, action: Deregister) -> Op:
        """Remove rows that are there and have no weight; one that has is Refused."""
        place = self._place(action.backends)
        present = weightless(action.backends, self._by_backend(place))
        if not present:
            return Op(SYSTEM)
        return self._write("RemoveVServerGroupBackendServers", place, [named(r.server, r.backend) for r in present])

    # --- reading -----------------------------------------------------------------------------------------------------

    def _groups(self) -> list[dict[str, Json]]:
        found = self._api.ask("DescribeVServerGroups", LoadBalancerId=self._id, IncludeListener=True, IncludeRule=True)
        return items(found, "VServerGroups", "VServerGroup")

    def _resolved(self, groups: list[dict[str, Json]] | None = None) -> Places:
        """Resolve the plan's listeners anew: a listener that was bound to another group must not go unnoticed."""
        groups = self._groups() if groups is None else groups
        self._places = places(self._listeners, _doors(groups), {text(each, "VServerGroupId") for each in groups})
        return self._places

    def _place(self, backends: Iterable[Backend]) -> Place:
        return (self._places or self._resolved()).of(backend.listener for backend in backends)

    def _rows(self, place: Place) -> list[Row]:
        found = self._api.ask("DescribeVServerGroupAttribute", VServerGroupId=place.group)
        raw = items(found, "BackendServers", "BackendServer")
        unsaid = [server_of(each).id for each in raw if not text(each, "ServerIp")]
        addresses = self._servers.addresses(unsaid) if unsaid else {}
        return [row_of(place.listener, each, addresses.get(server_of(each).id, "")) for each in raw]

    def _by_backend(self, place: Place) -> dict[Backend, Row]:
        return {row.backend: row for row in self._rows(place)}

    def _health(self) -> dict[tuple[int, tuple[str, int, str]], Health]:
        """Give by listener port and row what the balancer's checks say."""
        found = self._api.ask("DescribeHealthStatus", LoadBalancerId=self._id)
        return {
            (whole(row, "ListenerPort"), key_of(row)): _HEALTH.get(text(row, "ServerHealthStatus"), Health.UNKNOWN)
            for row in items(found, "BackendServers", "BackendServer")
        }

    def _described(self, door: Door) -> dict[str, Json]:
        action = f"DescribeLoadBalancer{door.protocol.upper()}ListenerAttribute"
        return self._api.ask(action, LoadBalancerId=self._id, ListenerPort=door.port)

    def _vpc(self) -> str:
        """Give the VPC whose addresses are meant; a balancer of the internet has none, then the plan may name it."""
        if self._options.vpc:
            return self._options.vpc
        return text(self._api.ask("DescribeLoadBalancerAttribute", LoadBalancerId=self._id), "VpcId")

    def _write(self, action: str, place: Place, rows: Sequence[dict[str, Json]]) -> Op:
        listed = json.dumps(list(rows), separators=(",", ":"))
        self._api.ask(action, VServerGroupId=place.group, BackendServers=listed)
        return Op(SYSTEM)


def _seen(health: dict[tuple[int, tuple[str, int, str]], Health], place: Place, row: Row) -> Health:
    """Give the worst verdict of the group's listeners on a row."""
    verdicts = [health.get((door.port, row.key), Health.UNKNOWN) for door in place.doors]
    return min(verdicts, key=_WORST.index, default=Health.UNKNOWN)


def _doors(groups: list[dict[str, Json]]) -> list[Door]:
    return [
        Door(whole(row, "Port"), text(row, "Protocol").lower(), text(group, "VServerGroupId"))
        for group in groups
        for row in items(group, "AssociatedObjects", "Listeners", "Listener")
    ]


def _listed(balancer: dict[str, Json]) -> list[Door]:
    """Give every listener of the balancer, whatever it leads to."""
    return [
        Door(whole(row, "ListenerPort"), text(row, "ListenerProtocol").lower(), "")
        for row in items(balancer, "ListenerPortsAndProtocol", "ListenerPortAndProtocol")
    ]

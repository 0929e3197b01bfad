"""The Aliyun CLB driver: vServer groups as targets and weights; writes as they are given, one group and batch a call.

Facts: weights 0-100 (default 100, so it is always sent); health at weight 0 says `normal` whatever the check finds; a write
returns when it is accepted, and the group is busy for a moment; adding a row that is there is an error, removing one that
is not is none; 90 calls a minute of each write, for the whole account. The default server group has no ports: refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.aliyun.clb.findings import (
    health_check_of,
    of_balancer,
    of_listener,
    of_rules,
    quotas_of,
    steering_of,
)
from migrator.adapters.balancers.aliyun.clb.profile import RIGHTS
from migrator.adapters.balancers.aliyun.clb.rows import Row, added, key_of, named, row_of, server_of, weighed
from migrator.adapters.balancers.aliyun.group_driver import WORST, Fields, GroupDriver, Writes
from migrator.adapters.balancers.aliyun.server_groups import ListenerPort, ServerGroup, ServerGroups, findings, resolved
from migrator.adapters.balancers.aliyun.servers import Server
from migrator.adapters.balancers.permissions import of_permissions, untried
from migrator.domain.balancers.settings import HealthCheck, Quota, Steering
from migrator.domain.messages.findings import Finding
from migrator.domain.model.actions import Op, OpState
from migrator.domain.model.balancer import Capabilities, Health, Target
from migrator.domain.model.manifests import items, number, text
from migrator.domain.observation.logins import Login

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
WRITES = Writes(
    "AddVServerGroupBackendServers",
    "SetVServerGroupAttribute",
    "RemoveVServerGroupBackendServers",
    added,
    weighed,
    named,
    "vServer group",
)


class AliyunClb(GroupDriver[Row]):
    """One balancer's vServer groups. Setting the same weights twice equals setting them once."""

    usual, writes, system = CAPABILITIES, WRITES, SYSTEM

    def targets(self) -> tuple[Target, ...]:
        """Give every row of the run's groups; the health is the worst that any listener of the group sees."""
        groups, health = self._resolved(), self._health()
        return tuple(
            Target(row.backend, row.weight, _worst(health, group, row) if row.weight else Health.UNKNOWN)
            for group in groups.leading
            for row in self._rows(group)
        )

    def poll(self, op: Op) -> OpState:
        """A write was done when it was answered; an op with an id is not ours."""
        return OpState.LOST if op.id else OpState.DONE

    def address(self) -> str:
        """Give the balancer's address."""
        return text(self._balancer(), "Address")

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the balancer and with every listener that leads to a group of the plan."""
        balancer, listed = self._balancer(), self._listed()
        groups = self._of(listed)
        rules = {text(row, "VServerGroupId"): len(items(row, "AssociatedObjects", "Rules", "Rule")) for row in listed}
        every = [*_ports(listed), *_listened(balancer)]
        return (
            *of_balancer(balancer, self._id),
            *findings(groups, every, self._id),
            *(
                finding
                for group in groups.leading
                for port in group.ports
                for finding in of_listener(port, self._described(port))
            ),
            *(finding for group in groups.leading for finding in of_rules(group.listener, rules.get(group.id, 0))),
            *of_permissions(self._id, untried(RIGHTS)),
        )

    def require_credentials(self) -> None:
        """Look for credentials; the balancer is not asked."""
        self._api.require_credentials()

    def login(self) -> Login | None:
        """Say how long the API knows us; nobody is asked for it."""
        return self._api.login()

    def steering(self) -> tuple[Steering, ...]:
        """Give how every listener steers that leads to a group of the plan."""
        return tuple(
            steering_of(group.listener, self._described(port))
            for group in self._resolved().leading
            for port in group.ports
        )

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of every listener that leads to a group of the plan."""
        return tuple(
            health_check_of(group.listener, self._described(port))
            for group in self._resolved().leading
            for port in group.ports
        )

    def quotas(self) -> tuple[Quota, ...]:
        """Give how many backends fit in the balancer: every group of it counts."""
        listed = self._listed()
        used = sum(number(row, "ServerCount") for row in listed)
        return (quotas_of(self._id, [group.listener for group in self._of(listed).leading], used),)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _balancer(self) -> Fields:
        return self._api.ask("DescribeLoadBalancerAttribute", LoadBalancerId=self._id)

    def _listed(self) -> list[Fields]:
        """Ask for every vServer group of the balancer."""
        answer = self._api.ask("DescribeVServerGroups", LoadBalancerId=self._id, IncludeListener=True, IncludeRule=True)
        return strict.rows(answer, "VServerGroups", "VServerGroup")

    def _resolve(self) -> ServerGroups:
        return self._of(self._listed())

    def _of(self, listed: list[Fields]) -> ServerGroups:
        """Find the plan's listeners in what was listed."""
        return resolved(self._listeners, _ports(listed), {text(row, "VServerGroupId") for row in listed})

    def _rows(self, group: ServerGroup) -> list[Row]:
        answer = self._api.ask("DescribeVServerGroupAttribute", VServerGroupId=group.id)
        rows = strict.rows(answer, "BackendServers", "BackendServer")
        unsaid = [server_of(row).id for row in rows if not text(row, "ServerIp")]
        addresses = self._servers.addresses(unsaid) if unsaid else {}
        return [row_of(group.listener, row, addresses.get(server_of(row).id, "")) for row in rows]

    def _health(self) -> dict[tuple[int, tuple[str, int, str]], Health]:
        """Give by listener port and row what the balancer's checks say."""
        answer = self._api.ask("DescribeHealthStatus", LoadBalancerId=self._id)
        return {
            (strict.whole(row, "ListenerPort"), key_of(row)): _HEALTH.get(
                text(row, "ServerHealthStatus"), Health.UNKNOWN
            )
            for row in strict.rows(answer, "BackendServers", "BackendServer")
        }

    def _described(self, port: ListenerPort) -> Fields:
        action = f"DescribeLoadBalancer{port.protocol.upper()}ListenerAttribute"
        return self._api.ask(action, LoadBalancerId=self._id, ListenerPort=port.port)

    # --- writing -----------------------------------------------------------------------------------------------------

    def _servers_of(self, group: ServerGroup, addresses: Sequence[str]) -> dict[str, Server]:
        """Look them up in the balancer's VPC; a balancer of the internet has none, then the plan may name it."""
        return self._servers.of(addresses, self._options.vpc or text(self._balancer(), "VpcId"))

    def _write(self, action: str, group: ServerGroup, rows: Sequence[Fields]) -> Op:
        listed = json.dumps(list(rows), separators=(",", ":"))
        self._api.ask(action, VServerGroupId=group.id, BackendServers=listed)
        return Op(SYSTEM)


def _worst(health: dict[tuple[int, tuple[str, int, str]], Health], group: ServerGroup, row: Row) -> Health:
    """Give the worst verdict of the group's listeners on a row."""
    verdicts = [health.get((port.port, row.key), Health.UNKNOWN) for port in group.ports]
    return min(verdicts, key=WORST.index, default=Health.UNKNOWN)


def _ports(listed: list[Fields]) -> list[ListenerPort]:
    """Give the listeners that lead to a vServer group."""
    return [
        ListenerPort(strict.port(row, "Port"), text(row, "Protocol").lower(), text(group, "VServerGroupId"))
        for group in listed
        for row in items(group, "AssociatedObjects", "Listeners", "Listener")
    ]


def _listened(balancer: Fields) -> list[ListenerPort]:
    """Give every listener of the balancer, whatever it leads to."""
    return [
        ListenerPort(strict.port(row, "ListenerPort"), text(row, "ListenerProtocol").lower(), "")
        for row in items(balancer, "ListenerPortsAndProtocol", "ListenerPortAndProtocol")
    ]

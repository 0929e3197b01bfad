"""Both Aliyun drivers' calls as lines for the aliyun command line (aliyun/aliyun-cli: `aliyun PRODUCT Operation --Key value`).

A plan names a listener; its group is looked up first, into a variable. A server that the plan does not know by its id is
looked up by its address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from migrator.adapters.balancers.aliyun.servers import Server, server
from migrator.adapters.balancers.shell import batches, by_listener, host, line, option, packed, variable
from migrator.domain.balancers.by_hand import Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

BATCH = 20


@dataclass(frozen=True, slots=True)
class Product:
    """How a product's calls are named: the words that find a listener's `group`, and how servers are `named` by `row`."""

    name: str
    group: Callable[[BalancerSpec, str], str]
    option: str
    named: Callable[[Sequence[dict[str, Json]]], str]
    row: Callable[[Server, Backend], dict[str, Json]]
    add: str
    change: str
    remove: str
    shows: str

    def look(self, spec: BalancerSpec) -> tuple[str, ...]:
        """Show each group's servers with their weights, and what the balancer thinks of them."""
        found = [self._found(spec, row.id) for row in spec.listeners]
        shown = [self._call(spec, self.shows, row.id) for row in spec.listeners]
        return tuple(each for pair in zip(found, shown, strict=True) for each in pair)

    def write(self, spec: BalancerSpec, action: Write) -> tuple[str, ...]:
        """Write what the driver would write."""
        return tuple(self._lines(spec, action))

    def _lines(self, spec: BalancerSpec, action: Write) -> Iterable[str]:
        match action:
            case SetWeights(rows):
                weighed: list[tuple[Backend, dict[str, Json]]] = [(row.backend, {"Weight": row.weight}) for row in rows]
                yield from self._sent(spec, self.change, weighed)
            case Register():
                yield from self._sent(spec, self.add, [(each, {"Weight": 0}) for each in action.backends])
            case Deregister():
                yield from self._sent(spec, self.remove, [(each, {}) for each in action.backends])

    def _sent(self, spec: BalancerSpec, call: str, rows: Sequence[tuple[Backend, dict[str, Json]]]) -> Iterable[str]:
        for listener, found in by_listener((row[0].listener, row) for row in rows):
            yield self._found(spec, listener)
            for part in batches(found, BATCH):
                servers = [{**self._row(backend), **more} for backend, more in part]
                yield self._call(spec, call, listener) + f" {self.named(servers)}"

    def _row(self, backend: Backend) -> dict[str, Json]:
        known = server(backend.ref) or Server("ecs", f"(the id of the server with address {backend.address})")
        return self.row(known, backend)

    def _call(self, spec: BalancerSpec, call: str, listener: str) -> str:
        return f'{asked(spec, self.name, call)} {self.option} "$GROUP_{variable(listener)}"'

    def _found(self, spec: BalancerSpec, listener: str) -> str:
        return f"GROUP_{variable(listener)}={self.group(spec, listener)}"


def asked(spec: BalancerSpec, product: str, call: str, *words: str) -> str:
    """Give a call where the plan's driver makes it: its region, and its endpoint where that is not the product's own."""
    return line("aliyun", product, call, "--RegionId", spec.region, *option("--endpoint", host(spec.endpoint)), *words)


def clb_group(spec: BalancerSpec, listener: str) -> str:
    """Give the vServer group of a listener: itself, or what its port leads to."""
    if listener.startswith("rsp-"):
        return listener
    protocol, _, port = listener.rpartition(":")
    call = f"DescribeLoadBalancer{(protocol or 'tcp').upper()}ListenerAttribute"
    shown = asked(spec, "slb", call, "--LoadBalancerId", spec.id, "--ListenerPort", port)
    return f"$({shown} | jq -r .VServerGroupId)"


def nlb_group(spec: BalancerSpec, listener: str) -> str:
    """Give the server group of a listener: itself, or what it leads to."""
    if listener.startswith("sgp-"):
        return listener
    if listener.startswith("lsn-"):
        shown = asked(spec, "nlb", "GetListenerAttribute", "--ListenerId", listener)
        return f"$({shown} | jq -r .ServerGroupId)"
    port = listener.rpartition(":")[2]
    shown = asked(spec, "nlb", "ListListeners", "--LoadBalancerIds.1", spec.id)
    return f"$({shown} | jq -r '.Listeners[] | select(.ListenerPort=={port}) | .ServerGroupId')"


def clb_row(known: Server, backend: Backend) -> dict[str, Json]:
    """Name a row of a vServer group."""
    name: dict[str, Json] = {"ServerId": known.id, "Type": known.kind, "Port": backend.port}
    return name if known.kind == "ecs" else {**name, "ServerIp": backend.address}


def nlb_row(known: Server, backend: Backend) -> dict[str, Json]:
    """Name a server of a server group."""
    return {"ServerId": known.id, "ServerType": known.kind, "ServerIp": backend.address, "Port": backend.port}


def in_one_word(rows: Sequence[dict[str, Json]]) -> str:
    """Name servers as CLB's calls take them: one text of JSON."""
    return line("--BackendServers", packed([*rows]))


def one_by_one(rows: Sequence[dict[str, Json]]) -> str:
    """Name servers as NLB's calls take them: a parameter for each field, numbered from 1."""
    numbered = ((n, key, value) for n, row in enumerate(rows, 1) for key, value in row.items())
    return " ".join(line(f"--Servers.{n}.{key}", str(value)) for n, key, value in numbered)


CLB = Product(
    "slb",
    clb_group,
    "--VServerGroupId",
    in_one_word,
    clb_row,
    "AddVServerGroupBackendServers",
    "SetVServerGroupAttribute",
    "RemoveVServerGroupBackendServers",
    "DescribeVServerGroupAttribute",
)
NLB = Product(
    "nlb",
    nlb_group,
    "--ServerGroupId",
    one_by_one,
    nlb_row,
    "AddServersToServerGroup",
    "UpdateServerGroupServersAttribute",
    "RemoveServersFromServerGroup",
    "ListServerGroupServers",
)

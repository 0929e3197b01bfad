"""Which server an address belongs to, and the other way round, by the ECS API. Aliyun names backends by server, not by IP.

A node is an ECS instance, a Terway pod is an address of an ENI. What is found is kept: an address in use keeps its server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from migrator.adapters.balancers.aliyun.access.api import Api, Keys, Product
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, dig, items, text

PER_CALL = 100


@dataclass(frozen=True, slots=True, order=True)
class Server:
    """A server as Aliyun names it: `kind` is ecs, eni or eci. Its text is the `ref` of a backend."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


def server(ref: str) -> Server | None:
    """Read a backend's `ref` back; None where it holds none of ours."""
    kind, _, name = ref.partition("/")
    return Server(kind, name) if kind and name else None


def ecs(region: str, keys: Keys, endpoint: str, known: dict[str, Server]) -> Servers:
    """Give the look-up by the ECS API (2014-05-26) of a region; `endpoint` "" is the region's own."""
    product = Product("Aliyun ECS", "2014-05-26", endpoint or f"https://ecs.{region}.aliyuncs.com", region)
    return Servers(Api(product, keys), known)


class Servers:
    """Looks servers up. `known` (address to server) comes first, and is what the plan's options say."""

    def __init__(self, api: Api, known: dict[str, Server] | None = None) -> None:
        self._api = api
        self._of = dict(known or {})
        self._addresses: dict[str, str] = {server.id: address for address, server in self._of.items()}

    def of(self, addresses: Sequence[str], vpc: str) -> dict[str, Server]:
        """Give the server of every address in a VPC ("": any of the region). Refused: one of no server, or of two."""
        if missing := self._unknown(addresses):
            self._ask_instances({"PrivateIpAddresses": "", "InstanceNetworkType": "vpc", "VpcId": vpc or None}, missing)
        if missing := self._unknown(addresses):
            self._ask_interfaces(missing, vpc)
        if missing := self._unknown(addresses):
            raise Refused(say("aliyun.no-server", addresses=tuple(missing)))
        return {address: self._of[address] for address in addresses}

    def addresses(self, instances: Sequence[str]) -> dict[str, str]:
        """Give the private address of every instance that is known; the others are left out."""
        if missing := sorted({instance for instance in instances if instance not in self._addresses}):
            self._ask_instances({"InstanceIds": ""}, missing)
        return {instance: self._addresses[instance] for instance in instances if instance in self._addresses}

    def _unknown(self, addresses: Iterable[str]) -> list[str]:
        return sorted({address for address in addresses if address not in self._of})

    def _ask_instances(self, filters: dict[str, Json], wanted: Sequence[str]) -> None:
        """Ask by the filter that is empty: the wanted ids or addresses go there, as a JSON list in a text."""
        by = next(name for name, value in filters.items() if value == "")
        for part in _parts(wanted):
            answer = self._api.ask("DescribeInstances", **{**filters, by: json.dumps(list(part))}, PageSize=PER_CALL)
            for row in items(answer, "Instances", "Instance"):
                address = dig(row, "VpcAttributes", "PrivateIpAddress", "IpAddress", 0)
                if isinstance(address, str):
                    self._keep(address, Server("ecs", text(row, "InstanceId")))

    def _ask_interfaces(self, wanted: Sequence[str], vpc: str) -> None:
        for part in _parts(wanted):
            addresses: list[Json] = list(part)
            answer = self._api.ask(
                "DescribeNetworkInterfaces",
                PrivateIpAddress=addresses,
                VpcId=vpc or None,
                Status="InUse",
                MaxResults=PER_CALL,
            )
            for row in items(answer, "NetworkInterfaceSets", "NetworkInterfaceSet"):
                for entry in items(row, "PrivateIpSets", "PrivateIpSet"):
                    if text(entry, "PrivateIpAddress") in part:
                        self._keep(text(entry, "PrivateIpAddress"), Server("eni", text(row, "NetworkInterfaceId")))

    def _keep(self, address: str, server: Server) -> None:
        if self._of.setdefault(address, server) != server:
            servers = (self._of[address].id, server.id)
            raise Refused(say("aliyun.two-servers", address=address, servers=servers))
        if server.kind == "ecs":
            self._addresses[server.id] = address


def _parts(wanted: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(wanted), PER_CALL):
        yield wanted[start : start + PER_CALL]

"""A first plan file as values: what it says, and what was found that it says so. It holds no credential and no default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.adapters.planfile import API_VERSION
from migrator.domain.messages.message import Message
from migrator.domain.model.manifests import Json

OFTEN: Mapping[str, Json] = {
    "traffic": {"shares": [10, 50, 90, 100], "soak": "10m", "maxSoak": "30m", "minRequests": 200},
    "judge": {"errorRate": {"hold": "0.1%", "abort": "1%"}},
    "drain": {"timeout": "5m", "onTimeout": "hold"},
    "cleanup": {"approval": "manual", "keepOld": "1h"},
}
"""What is often changed, with its default: the file shows it as comments. A test keeps the defaults equal to the schema's."""


@dataclass(frozen=True, slots=True)
class Balancer:
    """The balancer as the plan file has it; `listeners` are ids and the ports that clients dial."""

    provider: str
    id: str
    listeners: tuple[tuple[str, int], ...]
    region: str = ""
    endpoint: str = ""
    address: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def content(self) -> dict[str, Json]:
        """Give the part of the plan file; what is empty is left out."""
        listeners: list[Json] = [{"id": name, "port": port} for name, port in self.listeners]
        return _filled(
            provider=self.provider,
            region=self.region,
            id=self.id,
            endpoint=self.endpoint,
            address=self.address,
            listeners=listeners,
            options=dict(self.options),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The plan file to be. `found` says at a key's path what was found there."""

    namespace: str
    source: str
    source_kind: str = "Deployment"
    target: str
    kind: str
    balancer: Balancer
    target_namespace: str = ""
    context: str = ""
    kubeconfig: str = ""
    nodes: tuple[tuple[str, str], ...] = ()
    tolerations: tuple[Json, ...] = ()
    probe_host: str = ""
    after: str = ""
    ports: tuple[tuple[str, int], ...] = ()
    found: Mapping[str, Message] = field(default_factory=dict)

    def content(self) -> dict[str, Json]:
        """Give what the file says, in its order."""
        spec: dict[str, Json] = {
            "cluster": _filled(namespace=self.namespace, context=self.context, kubeconfig=self.kubeconfig),
            "source": {"kind": self.source_kind, "name": self.source},
            "target": {
                **_filled(namespace=self.target_namespace),
                "name": self.target,
                "network": "host",
                **_filled(nodeSelector=dict(self.nodes), tolerations=list(self.tolerations), ports=dict(self.ports)),
            },
            "gateway": _filled(kind=self.kind, probeHost=self.probe_host),
            "loadBalancer": self.balancer.content(),
            **_filled(after=self.after),
        }
        return {"apiVersion": API_VERSION, "kind": "Migration", "metadata": {"name": self.source}, "spec": spec}


def _filled(**values: Json) -> dict[str, Json]:
    return {key: value for key, value in values.items() if value}

"""Which Gateway's configuration an Envoy of Envoy Gateway asks for: by its node's cluster, else by the labels of its
workload. Pure.

Sources (envoyproxy/gateway): the proxy's arguments name its cluster (`--service-cluster <namespace>/<gateway>`, or the
GatewayClass with `mergeGateways`; internal/infrastructure/common/proxy_args.go), and the xDS server chooses the snapshot by
it; the labels `gateway.envoyproxy.io/owning-gateway-name`, `-namespace` and `owning-gatewayclass` say the same of what it
makes (internal/gatewayapi/helpers.go, `OwnerLabels`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from migrator.domain.gateways.profile import Planned
from migrator.domain.model.kubernetes import container_named, namespace_of
from migrator.domain.model.manifests import Json, Manifest, text

NAME = "gateway.envoyproxy.io/owning-gateway-name"
SPACE = "gateway.envoyproxy.io/owning-gateway-namespace"
CLASS = "gateway.envoyproxy.io/owning-gatewayclass"
FLAG = "--service-cluster"
ENVOYS = ("envoy",)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose configuration one side's Envoys ask for. `cluster` is what they call themselves, "" when they do not say.

    `gateway` is the one Gateway (`namespace/name`), `gateway_class` the class whose Gateways are merged; one of them is "".
    """

    cluster: str
    gateway: str
    gateway_class: str

    def serves(self, gateway: Manifest) -> bool:
        """Say whether these Envoys serve a Gateway."""
        if self.gateway_class:
            return text(gateway, "spec", "gatewayClassName") == self.gateway_class
        return self.gateway == f"{namespace_of(gateway)}/{text(gateway, 'metadata', 'name')}"

    def asks_as(self, other: Owner) -> bool:
        """Say whether both ask for the same configuration."""
        if self.cluster and other.cluster:
            return self.cluster == other.cluster
        return (self.gateway, self.gateway_class) == (other.gateway, other.gateway_class)


def owners(planned: Planned) -> tuple[Owner, Owner] | None:
    """Give both sides' owners; None for Envoys that are not Envoy Gateway's."""
    old = _owner(planned.old_pod, planned.old_labels)
    if old is None:
        return None
    return old, _owner(planned.new_pod, planned.new_labels) or Owner(cluster_of(planned.new_pod), "", "")


def _owner(pod: Manifest, having: Mapping[str, str]) -> Owner | None:
    name, gateway_class = having.get(NAME, ""), having.get(CLASS, "")
    if not name and not gateway_class:
        return None
    gateway = f"{having.get(SPACE, '')}/{name}" if name and not gateway_class else ""
    return Owner(cluster_of(pod), gateway, gateway_class)


def cluster_of(pod: Manifest) -> str:
    """Give what an Envoy calls its cluster: the value behind the flag, or in the same argument."""
    words = [word for arg in _texts(container_named(pod, ENVOYS).get("args")) for word in _split(arg)]
    return next((after for flag, after in pairwise(words) if flag == FLAG), "")


def _split(arg: str) -> list[str]:
    return [FLAG, arg[len(FLAG) + 1 :].strip()] if arg.startswith((f"{FLAG} ", f"{FLAG}=")) else [arg]


def _texts(value: Json) -> list[str]:
    return [row for row in value if isinstance(row, str)] if isinstance(value, list) else []

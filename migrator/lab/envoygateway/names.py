"""What Envoy Gateway calls what it makes, and the labels by which it knows it again. Pure text.

Sources (envoyproxy/gateway): internal/utils/misc.go (`GetHashedName`), internal/infrastructure/kubernetes/proxy
(`ExpectedResourceHashedName`), internal/gatewayapi/helpers.go (`OwnerLabels`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from migrator.lab.controllers.api.objects import name_of, namespace_of
from migrator.lab.controllers.api.resources import Json

CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"
SYSTEM = "envoy-gateway-system"
MANAGER = "envoy-gateway"
NAME = "gateway.envoyproxy.io/owning-gateway-name"
SPACE = "gateway.envoyproxy.io/owning-gateway-namespace"
_LONGEST = 48
_LEAST_UNPRIVILEGED, _MOVED_BY = 1024, 10000


def key_of(gateway: Json) -> str:
    """Return `namespace/name`: what the Gateway's Envoys call their cluster."""
    return f"{namespace_of(gateway)}/{name_of(gateway)}"


def infra_name(key: str) -> str:
    """Return the name of everything that is made for the Gateway `key`."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"envoy-{key.replace('/', '-')[:_LONGEST].rstrip('-')}-{digest}"


def labels_for(key: str) -> dict[str, str]:
    """Return the labels of everything that is made for the Gateway `key`; its workload selects by the same."""
    space, _, name = key.partition("/")
    return {
        "app.kubernetes.io/component": "proxy",
        "app.kubernetes.io/managed-by": MANAGER,
        "app.kubernetes.io/name": "envoy",
        NAME: name,
        SPACE: space,
    }


def owner_key(labels: Mapping[str, str]) -> str:
    """Return the Gateway that an object was made for; "" for one that Envoy Gateway did not make."""
    if labels.get("app.kubernetes.io/managed-by") != MANAGER or NAME not in labels:
        return ""
    return f"{labels.get(SPACE, '')}/{labels[NAME]}"


def container_port(port: int, as_it_is: bool) -> int:
    """Return the port on which Envoy listens: a privileged one is moved, unless the EnvoyProxy keeps it as it is."""
    return port if as_it_is or port >= _LEAST_UNPRIVILEGED else port + _MOVED_BY

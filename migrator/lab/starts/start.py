"""What a lab's cluster holds at the start, by the way that a migration is to take: one value for each way.

Nothing here is done; `world/seed.py` makes it so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from migrator.lab.contour import kinds as contour_kinds
from migrator.lab.contour.ports import STATS_PORT
from migrator.lab.envoygateway import kinds
from migrator.lab.envoygateway.names import SYSTEM, infra_name, labels_for
from migrator.lab.envoygateway.proxy.ports import ADMIN_PORT, READY_PORT
from migrator.lab.ground import definitions, manifests
from migrator.lab.ground.layout import (
    CONTOUR,
    DERIVED,
    ENVOY_GATEWAY,
    ENVOY_GATEWAY_OWNING,
    GATEWAY_NAME,
    GATEWAY_NAMESPACE,
    IN_PLACE,
    INGRESS_NGINX,
    NGINX_TO_CONTOUR,
    NGINX_TO_ENVOY,
    NGINX_TO_ISTIO,
    NODE_POOL,
    NODE_PORT,
    TWO_CLUSTERS,
    Address,
    Layout,
    Scenario,
)
from migrator.lab.ground.manifests import Json
from migrator.lab.starts import contour, in_place, nginx, nginx_to_contour, nginx_to_envoy, nginx_to_istio, node_pool
from migrator.lab.starts.envoygateway import FIRST, SECOND, SPACE, objects, owning


@dataclass(frozen=True, slots=True)
class Start:
    """One start: the namespace of the gateways' pods, the labels of those that serve, and of those that stand beside them
    without traffic (empty: there are none yet); the objects in the order in which they are made; the kinds to be defined.

    `deployment` is the name of the workload that serves, `kind` what it is, `admin` the port of its Envoys' admin interface
    (0: it is a socket in a volume of their pods), `control` what configures them, `ready` where the balancer asks whether one
    is well (port and path; port 0 is its own). `defines`: the lab's own API server does not know the kinds either.
    `balancing` is the name of the Service that has the balancer ("": none has).
    `labels` gives those of a node, by its number.
    """

    namespace: str
    serving: dict[str, str]
    standing: dict[str, str]
    objects: Callable[[Scenario], list[Json]]
    definitions: Callable[[], list[Json]]
    defines: bool
    deployment: str
    admin: int
    control: Callable[[Layout], Address]
    ready: tuple[int, str]
    balancing: str = ""
    kind: str = "deployment"
    labels: Callable[[Scenario, int], dict[str, str]] = lambda scenario, number: manifests.NODE_LABELS


STARTS = {
    DERIVED: Start(
        namespace=GATEWAY_NAMESPACE,
        serving=manifests.SELECTOR,
        standing={},
        objects=manifests.everything,
        definitions=definitions.definitions,
        defines=False,
        deployment=GATEWAY_NAME,
        admin=15000,
        control=lambda layout: layout.istiod,
        ready=(15021, "/healthz/ready"),
    ),
    ENVOY_GATEWAY: Start(
        namespace=SYSTEM,
        serving=labels_for(f"{SPACE}/{FIRST}"),
        standing=labels_for(f"{SPACE}/{SECOND}"),
        objects=objects,
        definitions=kinds.definitions,
        defines=True,
        deployment=infra_name(f"{SPACE}/{FIRST}"),
        admin=ADMIN_PORT,
        control=lambda layout: layout.envoy_gateway,
        ready=(READY_PORT, "/ready"),
    ),
}
STARTS[INGRESS_NGINX] = replace(
    STARTS[DERIVED],
    namespace=nginx.SPACE,
    serving=nginx.LABELS,
    objects=nginx.objects,
    deployment=nginx.NAME,
    ready=(nginx.HEALTH_PORT, "/healthz"),
)
STARTS[NODE_PORT] = replace(STARTS[DERIVED], objects=manifests.on_host_ports, ready=(0, "/"))
STARTS[IN_PLACE] = replace(STARTS[NODE_PORT], objects=in_place.objects, labels=in_place.labels)
STARTS[TWO_CLUSTERS] = STARTS[DERIVED]
STARTS[NODE_POOL] = replace(
    STARTS[DERIVED], objects=node_pool.objects, deployment=node_pool.NAME, kind="daemonset", labels=node_pool.labels
)
_FIRST = STARTS[ENVOY_GATEWAY]
STARTS[ENVOY_GATEWAY_OWNING] = replace(_FIRST, objects=owning, balancing=_FIRST.deployment)

STARTS[NGINX_TO_ENVOY] = replace(
    _FIRST, serving=nginx.LABELS, objects=nginx_to_envoy.objects, deployment=nginx.NAME, ready=nginx_to_envoy.ASKED
)
STARTS[NGINX_TO_ISTIO] = replace(
    STARTS[DERIVED],
    serving=nginx.LABELS,
    standing=manifests.SELECTOR,
    objects=nginx_to_istio.objects,
    deployment=nginx.NAME,
    ready=nginx_to_envoy.ASKED,
)
STARTS[NGINX_TO_CONTOUR] = replace(
    STARTS[NGINX_TO_ISTIO],
    namespace=contour.SPACE,
    standing=contour.LABELS,
    objects=nginx_to_contour.objects,
    definitions=contour_kinds.definitions,
    defines=True,
    admin=0,
    control=lambda layout: layout.contour,
)
STARTS[CONTOUR] = replace(
    STARTS[NGINX_TO_CONTOUR],
    serving=contour.LABELS,
    standing={},
    objects=contour.objects,
    deployment=contour.NAME,
    ready=(STATS_PORT, "/ready"),
)


def start_of(scenario: Scenario) -> Start:
    """Return the start of a scenario."""
    return STARTS[scenario.way]

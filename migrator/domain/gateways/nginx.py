"""nginx, as ingress-nginx runs it: counters where they are on, no admin port, and no signal that could be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.domain.gateways.envoy import PORT_FORWARD, PROXIES
from migrator.domain.gateways.ingresses import ingress_routes
from migrator.domain.gateways.products.nginxes import INGRESS_NGINX, PLAIN_NGINX
from migrator.domain.gateways.profile import (
    Direction,
    GatewayProfile,
    Metric,
    OwnListeners,
    Planned,
    Readiness,
    Telling,
    names_nothing,
    no_matrix,
    workloads_of,
)
from migrator.domain.messages.findings import Finding, warn
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import words_of
from migrator.domain.model.manifests import ObjectRef, labels, text
from migrator.domain.observation.world import Listing, World, containers

CONFIG_MAP = re.compile(r"-configmaps?[= ]([^\s/]+)/([^\s,]+)")
"""The argument that names the shared settings: ingress-nginx `--configmap`, NGINX Inc. `-nginx-configmaps`."""

PROXY_KEYS = ("use-proxy-protocol", "proxy-protocol")
"""Their keys for PROXY protocol (ingress-nginx user-guide/nginx-configuration/configmap; docs.nginx.com, ConfigMap keys)."""


def config_map(world: World) -> ObjectRef | None:
    """Give the ConfigMap that an argument of the controller names; None without one. A variable stands for its namespace."""
    if world.source is None:
        return None
    found = next(filter(None, (CONFIG_MAP.search(words_of(row)) for row in containers(world.source))), None)
    if found is None:
        return None
    namespace = world.old.ref.namespace if found[1].startswith("$(") else found[1]
    return ObjectRef("v1", "ConfigMap", namespace, found[2])


def config_text(world: World) -> str:
    """Give the settings of that ConfigMap, a line each; "" when it was not seen."""
    ref = config_map(world)
    rows = (row for row in world.all("ConfigMap") if ref is not None and text(row, "metadata", "name") == ref.name)
    return "\n".join(f"{key}: {value}" for row in rows for key, value in sorted(labels(row, "data").items()))


def wants_proxy_protocol(planned: Planned) -> list[str]:
    """Give the keys of the shared settings that make it expect PROXY protocol."""
    settings = dict(line.split(": ", 1) for line in planned.settings.splitlines() if ": " in line)
    return [f"ConfigMap key {key}" for key in PROXY_KEYS if settings.get(key, "").strip().lower() == "true"]


METRICS_OFF = "--enable-metrics=false"
"""What ingress-nginx's chart passes unless `controller.metrics.enabled` is set: nobody counts requests or classes then."""


def classes_are_counted(planned: Planned) -> Iterable[Finding]:
    """A controller that was told to count nothing leaves Prometheus without its counter, and the judge without classes."""
    for ref, workload in workloads_of(planned, "nginx"):
        if any(METRICS_OFF in words_of(row) for row in containers(workload)):
            yield warn("nginx.metrics-off", str(ref), flag=METRICS_OFF)


NGINX = GatewayProfile(
    kind="nginx",
    title="nginx",
    client="nginx-metrics",
    mute=say("gateway.is-nginx"),
    rights=PORT_FORWARD,
    names_its_pod=False,
    counts_twice=False,
    own=OwnListeners(),
    telling=Telling.NONE,  # `quit` closes the listening sockets at once: there is no accept-while-draining
    products=(INGRESS_NGINX, PLAIN_NGINX),
    ignores_inbound_drain=False,
    flipped_path="",
    readiness=Readiness("/healthz", 10254),
    health_target=say("check.ask-configured"),
    containers=PROXIES,  # none of its own: the plan names it, or it is the first
    filled_in=False,
    follows_services=False,
    reserved=frozenset(),
    shared=(),
    movable={},
    unmovable=None,
    metric=Metric(
        "nginx_ingress_controller_requests",
        'controller_namespace="{namespace}",controller_pod=~"{pods}"',
        'status!=""',
        'status=~"5..|5xx"',
        'status=~"4..|4xx"',  # its connections are its own controller's, too
    ),
    lists=(Listing("IngressClass", ("networking.k8s.io/v1",), "IngressClass", optional=True),),
    settings_ref=config_map,
    settings=config_text,
    reads=(),
    understood={},
    written=ingress_routes,
    rules_by_client=names_nothing,
    wants_proxy_protocol=wants_proxy_protocol,
    matrix=no_matrix,
    controller=None,
    checks=((classes_are_counted, Direction.ANY),),
)

"""nginx, as ingress-nginx runs it: no admin port with counters, and no signal that could be taken back."""

from __future__ import annotations

from migrator.domain.gateways.envoy import PROXIES
from migrator.domain.gateways.profile import (
    GatewayProfile,
    Metric,
    Readiness,
    Telling,
    ends_at_once,
    names_nothing,
    no_settings,
    no_settings_ref,
)
from migrator.domain.messages.message import say

NGINX = GatewayProfile(
    kind="nginx",
    title="nginx",
    client="no-admin",
    mute=say("gateway.is-nginx"),
    rights=(),
    names_its_pod=False,
    counts_twice=False,
    telling=Telling.NONE,  # `quit` closes the listening sockets at once: there is no accept-while-draining
    drain_seconds=ends_at_once,
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
    ),
    lists=(),
    settings_ref=no_settings_ref,
    settings=no_settings,
    reads=(),
    rules_by_client=names_nothing,
    wants_proxy_protocol=names_nothing,
    checks=(),
)

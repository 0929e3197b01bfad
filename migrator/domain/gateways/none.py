"""A gateway of which nothing is known: it is asked nothing and told nothing. Prometheus judges by the plan's own queries."""

from __future__ import annotations

from migrator.domain.gateways.envoy import PROXIES
from migrator.domain.gateways.products.nginxes import UNKNOWN
from migrator.domain.gateways.profile import (
    ADMIN_PORT,
    GatewayProfile,
    OwnListeners,
    Readiness,
    Telling,
    names_nothing,
    no_matrix,
    no_settings,
    no_settings_ref,
    nothing_written,
)
from migrator.domain.messages.message import say

NONE = GatewayProfile(
    kind="none",
    title=say("gateway.itself"),
    client="no-admin",
    mute=say("gateway.is-none"),
    rights=(),
    names_its_pod=False,
    counts_twice=False,
    own=OwnListeners(),
    telling=Telling.NONE,
    products=(UNKNOWN,),
    ignores_inbound_drain=False,
    flipped_path="",
    readiness=Readiness("/", ADMIN_PORT),
    health_target=say("check.ask-configured"),
    containers=PROXIES,
    filled_in=False,
    follows_services=False,
    reserved=frozenset(),
    shared=(),
    movable={},
    unmovable=None,
    metric=None,
    lists=(),
    settings_ref=no_settings_ref,
    settings=no_settings,
    reads=(),
    understood={},
    written=nothing_written,
    rules_by_client=names_nothing,
    wants_proxy_protocol=names_nothing,
    matrix=no_matrix,
    controller=None,
    checks=(),
)

"""A gateway kind from the outside: HAProxy, with a list, a check, a metric and a port of its own. It is no part of migrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.products import Check, Clients, Known, OwnDrain, Product, Turn
from migrator.domain.gateways.products.row import any_template
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
    no_settings,
    no_settings_ref,
    nothing_written,
)
from migrator.domain.messages.findings import Finding, Severity, worded
from migrator.domain.messages.message import verbatim
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.world import Listing


def snippets_are_read(planned: Planned) -> Iterable[Finding]:
    """Name every snippet: nobody can say whether it means the old side's ports."""
    for snippet in planned.world.all("Snippet"):
        problem = f"may name ports of {planned.spec.source.name}"
        yield worded("haproxy.snippet", Severity.WARN, f"Snippet {called(snippet)}", problem)


def hard_stop_after(_template: Manifest, _settings: str) -> float:
    """Give the seconds for which a process that was told to go still serves."""
    return 7.0


def stop_after(_template: Manifest, _settings: str, seconds: float) -> Manifest:
    """Give the patch with which it serves for so long."""
    return {"metadata": {"annotations": {"haproxy.example/hard-stop-after": f"{seconds:g}s"}}}


PRODUCT = Product(
    name="haproxy",
    title="HAProxy",
    marks=any_template,
    turns=(Turn(verbatim("SIGUSR1"), Check.CLOSED, Clients.REFUSED, Known.READ),),
    drain=OwnDrain("hard-stop-after", verbatim("it goes on for so long"), hard_stop_after, stop_after),
)


HAPROXY = GatewayProfile(
    kind="haproxy",
    title="HAProxy",
    client="envoy-admin",
    mute=None,
    rights=(("create", "v1", "pods/exec"),),
    names_its_pod=False,
    counts_twice=False,
    own=OwnListeners(frozenset({8404})),
    telling=Telling.REVERSIBLE,
    products=(PRODUCT,),
    ignores_inbound_drain=False,
    flipped_path="/up",
    readiness=Readiness("/up", 8404),
    health_target=verbatim("GET /up on 8404"),
    containers=("haproxy",),
    filled_in=False,
    follows_services=False,
    reserved=frozenset({8404}),
    shared=(8404,),
    movable={8404: "STATS_PORT"},
    unmovable=verbatim("another HAProxy runs in these nodes' network"),
    metric=Metric("haproxy_requests", 'pod=~"{pods}"', 'code!=""', 'code="5xx"'),
    lists=(Listing("Snippet", ("haproxy.example/v1",), "Snippet", optional=True),),
    settings_ref=no_settings_ref,
    settings=no_settings,
    reads=(),
    understood={},
    written=nothing_written,
    rules_by_client=names_nothing,
    wants_proxy_protocol=names_nothing,
    matrix=no_matrix,
    controller=None,
    checks=((snippets_are_read, Direction.BOTH),),
)


@contextmanager
def haproxies() -> Iterator[None]:
    """Let plans name this kind: one line of the table."""
    PROFILES[HAPROXY.kind] = HAPROXY
    try:
        yield
    finally:
        del PROFILES[HAPROXY.kind]

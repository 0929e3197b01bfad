"""A fake world whose new side stands already, made by somebody else, and the spec of a plan to it."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.spec import DrainSpec, OnTimeout, Spec
from migrator.domain.model.target import Existing, PortMapping
from tests.fakes.objects import NAMESPACE, NEW, OLD_PORT
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SERVICE, SPEC, FakeWorld, on, quick

MAPPED = (PortMapping(OLD_PORT, NEW_PORT),)
SHORT: Spec = quick(
    on(
        replace(
            SPEC,
            target=Existing(NEW, "DaemonSet", MAPPED),
            traffic=replace(SPEC.traffic, soak=2.0),
            drain=DrainSpec(20.0, OnTimeout.CUT),
        ),
        "l-1",
    ),
    1.0,
)
"""A plan to the DaemonSet that stands, on one listener, with short soaks."""


def daemon_set(host: bool = True, **more: object) -> Manifest:
    """Give the DaemonSet that somebody has made: on its nodes' network, or (`host` False) in a network of the pods' own."""
    container: Manifest = {"name": "gateway", "image": "envoy", "ports": [{"containerPort": NEW_PORT}]}
    pod: Manifest = {"containers": [container], "nodeSelector": {"role": "gateway"}, "hostNetwork": host, **more}  # type: ignore[dict-item]  # JSON by its callers
    chosen: Manifest = {"app": NEW}
    template: Manifest = {"metadata": {"labels": {"app": NEW, "version": "v2"}}, "spec": pod}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NEW, "namespace": NAMESPACE, "labels": {"app": NEW}},
        "spec": {"selector": {"matchLabels": chosen}, "template": template},
    }


def deployment(replicas: int) -> Manifest:
    """Give a Deployment that somebody has made to be the new side."""
    made = daemon_set(host=False)
    spec = made["spec"]
    assert isinstance(spec, dict)
    return {**made, "kind": "Deployment", "spec": {**spec, "replicas": replicas}}


def standing(made: Manifest | None = None) -> FakeWorld:
    """Give a small world with both sides; the new one has stood for longer than a pod must be steady."""
    world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2)
    world.cluster.add(made or daemon_set())
    world.clock.advance(120.0)
    return world


def owned(world: FakeWorld, first: str = "edge", second: str = "edge-ds") -> FakeWorld:
    """Let Envoy Gateway own both workloads, each by a Gateway of its own, and the Service and the scaler of the first."""
    for ref, name in ((DEPLOYMENT, first), (DAEMONSET, second), (SERVICE, first), (SCALER, first)):
        mapping(world.cluster.objects[ref], "metadata").setdefault("labels", {})
        mapping(world.cluster.objects[ref], "metadata", "labels").update(made_for(name))
    mapping(world.cluster.objects[SCALER], "spec").update(minReplicas=2)
    return world


def made_for(gateway: str) -> dict[str, str]:
    """Give the labels that Envoy Gateway leaves on what it makes for a Gateway."""
    begin = "gateway.envoyproxy.io/owning-gateway"
    return {f"{begin}-name": gateway, f"{begin}-namespace": NAMESPACE}

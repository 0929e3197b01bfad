"""A world as a completed run leaves it, without having driven one, and the plan that leads back from there."""

from __future__ import annotations

from migrator.domain.model.actions import ApplyObject, PatchObject
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.reverse import reversed_spec
from tests.fakes.world import DEPLOYMENT, SCALER, SERVICE, SPEC, FakeWorld, on, quick

ONE = quick(on(SPEC, "l-1"))
"""The spec for one listener, whose `keepOld` is short."""


def done(spec: Spec = ONE, node_port: int = 0, unlabelled: bool = False) -> tuple[FakeWorld, Plan]:
    """Give a world as a completed run of its plan leaves it, and the plan."""
    world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2, node_port=node_port)
    if unlabelled:
        mapping(world.cluster.objects[DEPLOYMENT], "spec", "template", "metadata", "labels").pop("version")
        for ref, pod in world.cluster.objects.items():
            mapping(pod, "metadata", "labels").pop("version", None) if ref.kind == "Pod" else None
    plan = world.plan(spec)
    for manifest in plan.manifests:
        world.cluster.apply(ApplyObject(manifest))
    for change in plan.changes:
        if change.after is not None:
            world.cluster.patch(PatchObject(change.ref, change.after, change.uid))
    world.cluster.lose(DEPLOYMENT)
    world.cluster.lose(SCALER)
    world.balancer.rows.clear()
    for backend in plan.seen.new:
        world.balancer.add(backend, 100)
    world.clock.advance(5.0)
    return world, plan


def returning(world: FakeWorld, plan: Plan) -> Plan:
    return world.plan(reversed_spec(plan, 7))


def codes(world: FakeWorld, plan: Plan) -> set[str]:
    """Give the codes that a plan back of run 7 is checked to."""
    return {finding.code for finding in world.checks(reversed_spec(plan, 7))}


def stored_service(world: FakeWorld, name: str, **selector: str) -> None:
    """Add a Service that selects by these labels."""
    meta: Manifest = {"name": name, "namespace": SERVICE.namespace}
    spec: Manifest = {"selector": dict(selector), "ports": [{"port": 80, "targetPort": "http"}]}
    world.cluster.add({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec})

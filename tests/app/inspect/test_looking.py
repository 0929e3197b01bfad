"""What planning looks at besides the lists: the mesh configuration of the gateways' revision, and the balancer's quotas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from migrator.app.plan import planning
from migrator.app.plan.forwarding_rules import wire_by_rule
from migrator.app.wiring import Wired
from migrator.domain.balancers.settings import Quota, Rule
from migrator.domain.gateways.istio.revision import REVISION
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend, Target
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.spec import Spec
from migrator.domain.planning.checks import preflight
from tests.fakes.balancer import FakeBalancer
from tests.fakes.world import DEPLOYMENT, SPEC, FakeWorld

ISTIO = replace(SPEC, gateway=replace(SPEC.gateway, kind="istio"))
ENVOY = replace(SPEC, gateway=replace(SPEC.gateway, kind="envoy"))


class Knowing(FakeBalancer):
    """A balancer whose driver knows how many backends fit."""

    def quotas(self) -> tuple[Quota, ...]:
        return (Quota("here", ("l-1",), 3, 5),)


class Ruled(FakeBalancer):
    """A balancer with an HTTP listener; one of its rules leads to the old pods, and one to somebody else."""

    def rules(self) -> tuple[Rule, ...]:
        """Give the rules with the backends that listener l-1 really has, and with others."""
        ours = tuple(target for target in self.targets() if target.backend.listener == "l-1")
        ruled = tuple(replace(target, backend=replace(target.backend, listener="l-1/loc-a")) for target in ours)
        others = (Target(Backend("l-1/loc-b", "10.9.9.9", 80), 10),)
        return (Rule("l-1", "l-1/loc-a", "a", "/", ruled), Rule("l-1", "l-1/loc-b", "b", "/", others))


class Forbidding:
    """A cluster where ConfigMaps may not be read."""

    def __init__(self, cluster: Any) -> None:
        self._cluster = cluster

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self._cluster, name)
        return found

    def get(self, ref: ObjectRef) -> Manifest | None:
        if ref.kind == "ConfigMap":
            raise Refused(verbatim("forbidden"))
        found: Manifest | None = self._cluster.get(ref)
        return found


def meshed(revision: str) -> FakeWorld:
    """Give a world with two control planes, whose gateway asks for one of them."""
    world = FakeWorld()
    for name in ("istio", "istio-1-29"):
        meta: Manifest = {"name": name, "namespace": "istio-system"}
        world.cluster.add({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"mesh": f"of {name}"}})
    if revision:
        source: Any = world.cluster.objects[DEPLOYMENT]
        source["spec"]["template"]["metadata"]["labels"][REVISION] = revision
    return world


def test_the_configuration_of_the_gateways_own_revision_is_fetched_and_no_other() -> None:
    for revision, mesh in (("", "of istio"), ("1-29", "of istio-1-29")):
        seen = planning.look(ISTIO, meshed(revision).readers)
        assert seen.settings == mesh
        assert len(seen.world.all("ConfigMap")) == 1


def test_a_gateway_without_istio_needs_no_mesh() -> None:
    assert planning.look(ENVOY, meshed("").readers).world.all("ConfigMap") == []


def test_a_configuration_that_may_not_be_read_is_said_to_be_unseen() -> None:
    readers = meshed("").readers

    seen = planning.look(ISTIO, replace(readers, cluster=Forbidding(readers.cluster)))

    assert "ConfigMap istio-system/istio" in seen.world.unseen
    assert "permission.blind" in {row.code for row in preflight(seen)}


def test_an_ingress_is_seen_as_whose_balancer_it_names() -> None:
    world = FakeWorld()
    meta: Manifest = {"name": "web", "namespace": "shop", "annotations": {"a": "lb-1"}, "managedFields": []}
    rules: Manifest = {"rules": [{"host": "a.example"}]}
    world.cluster.add({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta, "spec": rules})
    (found,) = planning.look(ENVOY, world.readers).world.all("Ingress")

    assert found["metadata"] == {"name": "web", "namespace": "shop", "annotations": {"a": "lb-1"}}
    assert found["spec"] == rules  # ingress-nginx is asked by its rules


def test_quotas_are_asked_for_where_the_driver_knows_them() -> None:
    world = FakeWorld()
    knowing = Knowing(world.clock)
    knowing.rows = world.balancer.rows

    assert planning.look(ENVOY, replace(world.readers, balancer=knowing)).world.quotas == knowing.quotas()
    assert planning.look(ENVOY, world.readers).world.quotas is None


def test_a_layer_7_listener_is_planned_as_its_rules_that_lead_to_the_gateway() -> None:
    world = FakeWorld()
    ruled = Ruled(world.clock)
    ruled.rows = world.balancer.rows
    readers = replace(world.readers, balancer=ruled)
    spec = planning.listeners_as_rules(ENVOY, readers)

    assert [(each.id, each.layer) for each in spec.balancer.listeners] == [("l-1/loc-a", 7), ("l-2", 4)]
    assert planning.look(spec, readers).world.rules == ruled.rules()


def test_a_balancer_without_rules_is_not_asked_twice() -> None:
    assert planning.listeners_as_rules(ENVOY, FakeWorld().readers) is ENVOY


@pytest.mark.parametrize(("kind", "ports"), [(Ruled, ["l-1 l-2", "l-1/loc-a l-2"]), (FakeBalancer, ["l-1 l-2"])])
def test_the_ports_of_a_plan_by_rules_are_those_of_the_rules(kind: type[FakeBalancer], ports: list[str]) -> None:
    """A driver that was told of the whole listener would speak of others' rules too."""
    world, told = FakeWorld(), list[str]()
    balancer = kind(world.clock)
    balancer.rows = world.balancer.rows

    def connect(spec: Spec, _store: Any) -> Wired:
        told.append(" ".join(listener.id for listener in spec.balancer.listeners))
        lease: Any = None
        return Wired(replace(world.readers, balancer=balancer), world.writers, lease)

    spec, _ = wire_by_rule(ENVOY, None, connect)

    assert told == ports
    assert " ".join(listener.id for listener in spec.balancer.listeners) == ports[-1]

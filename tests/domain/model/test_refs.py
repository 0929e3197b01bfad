"""The place of a side is one value: its cluster, its namespace, its workload's kind and name."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.refs import gateway_name, home, namespaces, place, source_ref, target_ref
from migrator.domain.model.spec import SourceSpec
from migrator.domain.model.target import Derived
from tests.domain.model.test_target import KEPT
from tests.fakes.world import SPEC

APART = replace(
    SPEC,
    source=SourceSpec("DaemonSet", "gw", "edge"),
    target=Derived("gw-2", workload_kind="Deployment", namespace="inner"),
)


def test_a_side_that_names_no_namespace_is_in_the_plans() -> None:
    assert {place(SPEC, side).namespace for side in Side} == {SPEC.cluster.namespace}
    assert namespaces(SPEC) == (SPEC.cluster.namespace,)


def test_each_side_is_in_its_own_namespace_of_the_same_cluster() -> None:
    assert source_ref(APART) == ObjectRef("apps/v1", "DaemonSet", "edge", "gw")
    assert target_ref(APART) == ObjectRef("apps/v1", "Deployment", "inner", "gw-2")
    assert namespaces(APART) == ("edge", "inner")
    assert place(APART, Side.NEW).cluster.context == SPEC.cluster.context


def test_a_gateway_is_known_by_the_place_where_it_stood_first_there_and_back() -> None:
    back = replace(APART, source=SourceSpec("Deployment", "gw-2", "inner"), target=replace(KEPT, namespace="edge"))

    assert (home(APART).namespace, gateway_name(APART)) == ("edge", "gw")
    assert (home(back).namespace, gateway_name(back)) == ("edge", "gw")

"""Reading logs for warnings takes rights that a plan asks for only where it wants them; the controller is where it is said."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.gateways.log_rights import controller_of, of_logs
from migrator.domain.gateways.profile import ControllerPods
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec.evidence import EvidenceSpec
from tests.fakes.world import SPEC

READ = replace(SPEC, evidence=EvidenceSpec(warnings=600.0))
ELSEWHERE = EvidenceSpec(warnings=600.0, controller_namespace="mesh", controller_labels=(("app", "plane"),))
SPACE = SPEC.cluster.namespace


def test_a_plan_that_reads_no_log_needs_no_right() -> None:
    assert of_logs(SPEC) == ()


def test_logs_are_read_in_the_sides_and_the_controllers_namespaces() -> None:
    istio = replace(READ, gateway=replace(READ.gateway, kind="istio"))
    alone = replace(READ, gateway=replace(READ.gateway, kind="nginx"))

    assert of_logs(istio) == (
        ("get", "v1", "pods/log", SPACE),
        ("get", "v1", "pods/log", "istio-system"),
        ("get", "v1", "Pod", "istio-system"),
        ("list", "v1", "Pod", "istio-system"),
    )
    assert of_logs(alone) == (("get", "v1", "pods/log", SPACE),)


def test_the_plan_may_say_where_the_controller_is() -> None:
    there = replace(READ, evidence=ELSEWHERE)

    assert controller_of(there, Side.NEW) == ControllerPods("mesh", (("app", "plane"),))
    assert ("list", "v1", "Pod", "mesh") in of_logs(there)

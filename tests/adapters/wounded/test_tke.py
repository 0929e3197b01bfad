"""Whatever stands in the pods, Services and workloads of a TKE cluster, the driver gives values or one of our two errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.adapters.balancers.tke.driver import Tke
from migrator.adapters.balancers.tke.options import Options
from migrator.adapters.balancers.tke.pods import CONFIG, DIRECT, WEIGHT, Pods
from migrator.domain.messages.findings import told_of
from migrator.domain.model.actions import Deregister, Op, PatchObject, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target, Weighted
from migrator.domain.model.manifests import ObjectRef
from migrator.wording import render
from tests.wounds import PLACES, hurt, outcome

OLD, NEW = Backend("lbl-1", "10.0.0.1", 8080), Backend("lbl-1", "10.0.0.2", 8080)
OPTIONS = Options("ns", {"lbl-1": "members"})
SERVICE = {
    "metadata": {"name": "members", "annotations": {DIRECT: "true"}},
    "spec": {"type": "LoadBalancer", "selector": {"in": "members"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
CONFIGURED = {"data": {"VERSION": "v2.5.1"}}


def pod(address: str, name: str, **labels: str) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "uid": name, "labels": {"app": "gw", **labels}, "annotations": {WEIGHT: "10"}},
        "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 8080}]}]},
        "status": {"phase": "Running", "podIP": address},
    }


PODS = [pod(OLD.address, "a", **{"in": "members"}), pod(NEW.address, "b"), pod(NEW.address, "c")]
WORKLOAD = {
    "metadata": {"name": "gw"},
    "spec": {"selector": {"matchLabels": {"app": "gw"}}, "template": {"metadata": {"labels": {"app": "gw"}}}},
}


class Cluster:
    """A reader whose every answer has these wounds, and a writer that keeps what it was told."""

    def __init__(self, wounds: Any) -> None:
        self._wounds = wounds
        self.patched: list[PatchObject] = []

    def get(self, ref: ObjectRef) -> Any:
        found = hurt(CONFIGURED if ref == CONFIG else SERVICE, self._wounds)
        return found if isinstance(found, dict) else None  # the cluster's own reader gives objects or nothing

    def list_objects(self, _version: str, kind: str, _namespace: str) -> list[Any]:
        sound = PODS if kind == "Pod" else [WORKLOAD]
        return [row for row in hurt(sound, self._wounds) or [] if isinstance(row, dict)]

    def patch(self, action: PatchObject) -> None:
        self.patched.append(action)


class Clb:
    """CLB as it stands: one backend, and who it is asked for."""

    def capabilities(self) -> Capabilities:
        return Capabilities()

    def targets(self) -> tuple[Target, ...]:
        return (Target(OLD, 10, Health.HEALTHY),)

    def findings(self) -> tuple[Any, ...]:
        return ()


@settings(max_examples=150, deadline=None)
@given(wounds=PLACES, op=st.sampled_from(["lbl-1|10.0.0.2|8080|5", "lbl-1|10.0.0.2|²|5", "||||", "a|b|9|gone", "x"]))
def test_no_wound_of_an_object_makes_the_driver_raise_anything_but_our_two_errors(wounds: Any, op: str) -> None:
    cluster = Cluster(wounds)
    driver = Tke(Clb(), cluster, cluster, OPTIONS)  # type: ignore[arg-type]  # fakes of what it uses
    asked: list[Callable[[], object]] = [
        driver.capabilities,
        lambda: render(told_of(driver.findings())),
        lambda: driver.poll(Op("tke", op)),
        lambda: driver.register(Register((NEW,))),
        lambda: driver.set_weights(SetWeights((Weighted(OLD, 5),))),
        lambda: driver.deregister(Deregister((OLD,))),
    ]
    for ask in asked:
        outcome(ask)

    for patch in cluster.patched:  # nobody else's pod is ever patched, and none without a name
        assert patch.ref.kind == "Pod"
        assert patch.ref.name
        assert patch.uid


@pytest.mark.parametrize("odd", ["", " 7", "-1", "1e3", "²", "9" * 400, "seven"])
def test_an_annotation_that_is_no_weight_is_what_somebody_else_asked_for(odd: str) -> None:
    """The weight in effect is CLB's; what stands in the annotation only says whether our request still does."""
    asking = pod(OLD.address, "a", **{"in": "members"})
    asking["metadata"]["annotations"][WEIGHT] = odd

    class One(Cluster):
        def list_objects(self, _version: str, kind: str, _namespace: str) -> list[Any]:
            return [asking] if kind == "Pod" else []

    reader = One([])
    driver = Tke(Clb(), reader, reader, OPTIONS)  # type: ignore[arg-type]  # fakes of what it uses

    assert Pods(reader, OPTIONS).of(OLD).weight == odd  # type: ignore[arg-type]  # a fake of the reader
    assert driver.poll(Op("tke", "lbl-1|10.0.0.1|8080|7")).value == "lost"

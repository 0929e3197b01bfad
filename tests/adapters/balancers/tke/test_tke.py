"""What the TKE driver asks of the controller and when it refuses: no pod is ever a member before its weight is 0."""

from __future__ import annotations

from typing import Any, cast

import pytest

from migrator.adapters.balancers.tencent.driver import CAPABILITIES, Tencent
from migrator.adapters.balancers.tencent.findings import of_listener
from migrator.adapters.balancers.tke.driver import Tke
from migrator.adapters.balancers.tke.options import options
from migrator.domain.messages.errors import Gone, Refused, Unreachable, UsageError
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import codes, verbatim
from migrator.domain.model.actions import Deregister, Op, OpState, PatchObject, Register, SetWeights
from migrator.domain.model.balancer import Backend, Target, Weighted
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, merged
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.ports.outside import ClusterReader, ClusterWriter
from tests.words import refused

WEIGHT, DIRECT = "service.cloud.tencent.com/custom-weight", "service.cloud.tencent.com/direct-access"
OLD, NEW = Backend("lbl", "10.0.0.1", 8080), Backend("lbl", "10.0.0.2", 8080)


class Clb:
    """What CLB shows."""

    def __init__(self) -> None:
        self.rows = {OLD: 10}
        self.said: tuple[Finding, ...] = ()

    def capabilities(self) -> Any:
        return CAPABILITIES

    def targets(self) -> tuple[Target, ...]:
        return tuple(Target(backend, weight) for backend, weight in self.rows.items())

    def findings(self) -> tuple[Finding, ...]:
        return self.said


class Kube:
    """An API server: one Service, pods by name, the controller's version, and workloads."""

    def __init__(self) -> None:
        self.version = "v2.11.4"
        self.service: Json = {
            "metadata": {"name": "web", "annotations": {DIRECT: "true"}},
            "spec": {"selector": {"member": "yes"}},
        }
        self.pods = {"old": pod("old", OLD, {"member": "yes"}), "new": pod("new", NEW, {})}
        self.workloads: list[Manifest] = []
        self.patches: list[PatchObject] = []
        self.goes, self.forbids = "", False

    def get(self, ref: ObjectRef) -> Any:
        return {"data": {"VERSION": self.version}} if ref.kind == "ConfigMap" else self.service

    def list_objects(self, api_version: str, kind: str, namespace: str = "", selector: str = "") -> Any:
        return list(self.pods.values()) if kind == "Pod" else self.workloads if kind == "DaemonSet" else []

    def patch(self, action: PatchObject) -> Op:
        if self.forbids or self.pods.pop(self.goes, None) is not None:
            raise Refused(verbatim("no"))
        self.patches.append(action)
        self.pods[action.ref.name] = cast(Manifest, merged(self.pods[action.ref.name], action.patch))
        return Op("cluster")


def pod(name: str, backend: Backend, labels: dict[str, str]) -> Manifest:
    container: Json = {"name": "gw", "ports": [{"containerPort": backend.port}]}
    meta: Json = {"name": name, "uid": f"uid-{name}", "labels": {**labels}}
    return {"metadata": meta, "spec": {"containers": [container]}, "status": {"podIP": backend.address}}


def driver() -> tuple[Tke, Clb, Kube]:
    clb, kube = Clb(), Kube()
    given = options(spec(namespace="gw", services="lbl=web"))
    return Tke(cast(Tencent, clb), cast(ClusterReader, kube), cast(ClusterWriter, kube), given), clb, kube


def spec(**given: str) -> BalancerSpec:
    return BalancerSpec("tke", "lb-1", (ListenerSpec("lbl", 80),), "x", options=tuple(given.items()))


def test_weight_0_and_membership_come_in_one_patch() -> None:
    tke, _, kube = driver()
    tke.register(Register((NEW,)))

    assert [action.patch for action in kube.patches] == [
        {"metadata": {"annotations": {WEIGHT: "0"}, "labels": {"member": "yes"}}}
    ]
    assert kube.patches[0].uid == "uid-new"


def test_accepted_is_not_effective_before_clb_shows_it() -> None:
    tke, clb, _ = driver()
    op = tke.set_weights(SetWeights((Weighted(OLD, 25),)))
    before = tke.poll(op)
    clb.rows[OLD] = 25

    assert (before, tke.poll(op)) == (OpState.RUNNING, OpState.DONE)


def test_a_write_that_somebody_overwrote_or_whose_pod_is_gone_is_lost() -> None:
    tke, _, kube = driver()
    op = tke.set_weights(SetWeights((Weighted(OLD, 25),)))
    tke.set_weights(SetWeights((Weighted(OLD, 30),)))
    overwritten = tke.poll(op)
    kube.pods.clear()

    assert overwritten is OpState.LOST
    assert tke.poll(Op("tke", "lbl|10.0.0.1|8080|30")) is OpState.LOST


def test_a_pod_that_went_since_the_look_is_said_to_be_gone_and_so_is_its_row() -> None:
    tke, clb, kube = driver()
    wanted = SetWeights((Weighted(OLD, 0),))
    kube.goes = "old"
    with refused(Gone, "tke.not-one-pod", pods=0):
        tke.set_weights(wanted)
    with refused(Gone, "tke.not-one-pod", pods=0):
        tke.set_weights(wanted)
    clb.rows.clear()

    with refused(Gone, "driver.not-there", where="CLB", backends=(str(OLD),)):
        tke.set_weights(wanted)
    assert kube.patches == []


def test_a_patch_that_is_refused_while_its_pod_lives_is_refused() -> None:
    tke, _, kube = driver()
    kube.forbids = True

    with pytest.raises(Refused) as no:
        tke.set_weights(SetWeights((Weighted(OLD, 0),)))
    assert not isinstance(no.value, Gone)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda kube: setattr(kube, "version", "v2.3.9"), "balancer.tke-version", id="an old controller"),
        pytest.param(
            lambda kube: setattr(kube, "version", ""), "balancer.tke-version", id="a controller without a version"
        ),
        pytest.param(
            lambda kube: kube.workloads.append({"spec": {"template": {"metadata": {"labels": {"member": "yes"}}}}}),
            "balancer.tke-template",
            id="pods that are members from birth",
        ),
        pytest.param(lambda kube: setattr(kube, "service", None), "balancer.tke-service", id="no Service"),
    ],
)
def test_where_a_pod_could_come_at_the_default_weight_nothing_is_registered(spoil: Any, why: str) -> None:
    tke, _, kube = driver()
    spoil(kube)

    with refused(Refused, "tke.not-registered", backend=str(NEW)) as no:
        tke.register(Register((NEW,)))
    assert list(codes(no.value.message)) == ["tke.not-registered", why]
    assert kube.patches == []


def test_a_layer_7_listener_is_not_for_an_annotation() -> None:
    """CLB's driver only tells of it; a Service's annotation reaches no forwarding rule."""
    made, clb, _ = driver()
    clb.said = tuple(of_listener({"ListenerId": "lbl", "Protocol": "HTTP", "KeepaliveEnable": 1}))

    found = {finding.code: finding.severity for finding in made.findings()}

    assert found["balancer.layer-7"] is Severity.BLOCK
    assert found["balancer.upstream-keepalive"] is Severity.WARN


def test_a_pod_on_two_listeners_has_one_weight_and_is_refused() -> None:
    tke, clb, kube = driver()
    clb.rows[Backend("other", OLD.address, 8443)] = 10

    with refused(Refused, "tke.one-pod", backend=str(OLD), others=(str(Backend("other", OLD.address, 8443)),)):
        tke.set_weights(SetWeights((Weighted(OLD, 5),)))
    assert kube.patches == []


def test_the_pods_of_one_write_are_patched_together_and_it_is_done_when_clb_shows_all() -> None:
    tke, clb, kube = driver()
    clb.rows[NEW] = 0
    kube.pods["new"] = pod("new", NEW, {"member": "yes"})

    op = tke.set_weights(SetWeights((Weighted(OLD, 5), Weighted(NEW, 6))))

    assert {(patch.ref.name, str(patch.patch)) for patch in kube.patches} == {
        ("old", str({"metadata": {"annotations": {WEIGHT: "5"}}})),
        ("new", str({"metadata": {"annotations": {WEIGHT: "6"}}})),
    }
    for patch in kube.patches:
        kube.pods[patch.ref.name] = cast(Manifest, merged(kube.pods[patch.ref.name], patch.patch))
    clb.rows[OLD] = 5
    assert tke.poll(op) is OpState.RUNNING
    clb.rows[NEW] = 6
    assert tke.poll(op) is OpState.DONE


def test_a_pod_that_is_gone_keeps_no_other_from_its_weight() -> None:
    tke, clb, kube = driver()
    clb.rows[NEW] = 0
    del kube.pods["new"]

    with refused(Unreachable, "tke.not-one-pod"):
        tke.set_weights(SetWeights((Weighted(OLD, 5), Weighted(NEW, 6))))
    assert [patch.ref.name for patch in kube.patches] == ["old"]

    with refused(Refused, "tke.not-one-pod"):
        tke.set_weights(SetWeights((Weighted(NEW, 6),)))


def test_pods_that_share_an_address_are_told_by_their_port() -> None:
    tke, _, kube = driver()
    kube.pods["agent"] = pod("agent", Backend("lbl", NEW.address, 9100), {})
    tke.register(Register((NEW,)))
    kube.pods["twin"] = pod("twin", NEW, {})

    assert kube.patches[0].ref.name == "new"
    with refused(Refused, "tke.not-one-pod", pods=2, namespace="gw"):
        tke.register(Register((NEW,)))


def test_removing_takes_the_label_and_leaves_weight_0() -> None:
    tke, clb, kube = driver()
    with refused(Refused, "driver.has-weight", backends=(str(OLD),)):
        tke.deregister(Deregister((OLD,)))
    clb.rows[OLD] = 0
    op = tke.deregister(Deregister((OLD,)))
    running = tke.poll(op)
    del clb.rows[OLD]

    assert [action.patch for action in kube.patches] == [{"metadata": {"labels": {"member": None}}}]
    assert (running, tke.poll(op)) == (OpState.RUNNING, OpState.DONE)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"services": "lbl=web"}, "tke.options-lacking", id="no namespace"),
        pytest.param({"namespace": "gw"}, "tke.options-lacking", id="no services"),
        pytest.param(
            {"namespace": "gw", "services": "other=web"}, "tke.options-lacking", id="a listener without a Service"
        ),
        pytest.param(
            {"namespace": "gw", "services": "lbl=web", "colour": "red"}, "driver.unknown-option", id="an unknown option"
        ),
    ],
)
def test_options_that_are_missing_or_unknown_are_refused(given: dict[str, str], code: str) -> None:
    with refused(UsageError, code):
        options(spec(**given))

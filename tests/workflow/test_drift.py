"""What a run does while others change what it rests on: it holds, names what and who, and goes on once it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from migrator.domain.drift.marking import left_on
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.manifests import Manifest, ObjectRef, dig, mapping, merged
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import NoDataSpec
from migrator.domain.observation.logins import Login
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.objects import NAMESPACE, NEW, OLD
from tests.fakes.world import FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, small
from tests.workflow.test_trouble import climbing, nobody_was_hurt

SOURCE = ObjectRef("apps/v1", "Deployment", NAMESPACE, OLD)
TARGET = ObjectRef("apps/v1", "DaemonSet", NAMESPACE, NEW)
SERVICE = ObjectRef("v1", "Service", NAMESPACE, OLD)
HPA = ObjectRef("autoscaling/v2", "HorizontalPodAutoscaler", NAMESPACE, OLD)
FILTER = ObjectRef("networking.istio.io/v1alpha3", "EnvoyFilter", NAMESPACE, "harm")
SPACE = ObjectRef("v1", "Namespace", "", "kube-system")


def stranger(world: FakeWorld) -> Backend:
    """Give a backend of neither side on the world's first listener."""
    return Backend(next(iter(world.weights)).listener, "10.99.0.1", 8080)


def notes(harness: Harness) -> str:
    """Give what the journal's notes say."""
    return " ".join(str(event) for event in harness.events())


def envoy_filter(**labels: str) -> Manifest:
    """Give a filter that selects pods by these labels."""
    return {
        "apiVersion": FILTER.api_version,
        "kind": FILTER.kind,
        "metadata": {"name": FILTER.name, "namespace": NAMESPACE},
        "spec": {"workloadSelector": {"labels": dict(labels)}, "configPatches": [{"match": {"context": "GATEWAY"}}]},
    }


def by(manager: str, fields: Manifest) -> Manifest:
    """Give metadata that says who wrote these fields."""
    row: Manifest = {"manager": manager, "operation": "Update", "time": "2026-01-02T03:10:00Z", "fieldsV1": fields}
    return {"metadata": {"managedFields": [row]}}


def edited(world: FakeWorld, ref: ObjectRef, patch: Manifest) -> Callable[[], None]:
    """Let somebody patch an object; give what undoes it."""
    before = world.cluster.objects[ref]
    after_it = merged(before, patch)
    assert isinstance(after_it, dict)
    world.cluster.objects[ref] = after_it

    def undo() -> None:
        world.cluster.objects[ref] = before

    return undo


def test_a_foreign_backend_with_weight_holds_the_run_until_it_is_gone(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.hand(stranger(harness.world), 10)
    share = harness.world.share

    run = harness.process(leaves=after(60))

    assert run.state is State.RUNNING
    assert harness.words()[-1].startswith("drift.holds")
    assert "10.99.0.1" in harness.words()[-1]
    assert harness.world.share <= share
    assert "drift.held" in notes(harness)

    harness.world.balancer.hand(stranger(harness.world), None)

    assert harness.process().state is State.COMPLETED
    assert nobody_was_hurt(harness)


def test_a_run_that_is_held_turns_back_on_bad_answers(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.hand(stranger(harness.world), 10)
    harness.process(leaves=after(10))
    harness.world.traffic.bad[Side.NEW] = 0.3

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert run.heading is Heading.BACK
    assert stranger(harness.world) in harness.world.weights


EDITS = [
    pytest.param(
        SERVICE,
        {"spec": {"ports": [{"port": 80, "targetPort": 9090}]}, **by("ann", {"f:spec": {"f:ports": {}}})},
        "drift.service path=spec.ports[0].targetPort was=8080 now=9090 by=(drift.by manager=ann at=2026-01-02T03:10:00Z)",
        id="the Service's port",
    ),
    pytest.param(
        HPA,
        {"spec": {"maxReplicas": 1}},
        "drift.scaler path=spec.maxReplicas was=9 now=1 by=(drift.by-unknown)",
        id="the HPA's ceiling",
    ),
    pytest.param(
        SOURCE,
        {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 5}}}},
        "drift.old-template path=spec.template.spec.terminationGracePeriodSeconds was=(drift.nothing) now=5",
        id="the old template",
    ),
    pytest.param(
        TARGET,
        {"spec": {"template": {"metadata": {"labels": {"tier": "x"}}}}},
        "drift.new-template path=spec.template.metadata.labels.tier was=(drift.nothing) now=x",
        id="the new workload",
    ),
    pytest.param(SPACE, {"metadata": {"uid": "another"}}, "drift.cluster", id="another cluster"),
]


def with_space() -> FakeWorld:
    """Give a small world in a cluster that has an identity."""
    world = small()
    world.cluster.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}})
    return world


@pytest.mark.parametrize(("ref", "patch", "said"), EDITS)
def test_what_another_hand_changed_holds_the_run_until_it_is_changed_back(
    make: Make, ref: ObjectRef, patch: Manifest, said: str
) -> None:
    harness = climbing(make, with_space())
    undone: list[Callable[[], None]] = []

    def somebody_edits(progress: Progress) -> bool:
        """Edit once the process has looked, and leave many turns later."""
        if not undone and looked(progress):
            undone.append(edited(harness.world, ref, patch))
        return over(progress)

    looked, over = after(6), after(80)
    run = harness.process(leaves=somebody_edits)

    assert run.state is State.RUNNING
    assert harness.words()[-1].startswith("drift.holds")
    assert said in harness.words()[-1]

    undone[0]()

    assert harness.process().state is State.COMPLETED
    assert nobody_was_hurt(harness)


def test_a_filter_that_selects_only_the_new_pods_holds_the_run_and_is_named(make: Make) -> None:
    harness = climbing(make)
    harness.world.cluster.add(envoy_filter(version="v2"))

    run = harness.process(leaves=after(60))

    assert run.state is State.RUNNING
    assert "EnvoyFilter edge/harm problem=(drift.one-sided side=new" in harness.words()[-1]

    harness.world.cluster.lose(FILTER)

    assert harness.process().state is State.COMPLETED


def test_a_filter_that_selects_both_sides_alike_holds_nothing(make: Make) -> None:
    harness = climbing(make)
    harness.world.cluster.add(envoy_filter(app=OLD))

    assert harness.process().state is State.COMPLETED
    assert "drift.holds" not in " ".join(harness.words())


def test_a_filter_that_the_plan_knew_holds_nothing_until_it_is_changed(make: Make) -> None:
    world = small()
    world.cluster.add(envoy_filter(version="v1"))
    waived = replace(AUTO, waivers=(*AUTO.waivers, Waiver("istio.old-only", "known")))
    harness = make(world, waived)
    harness.process(leaves=after(20))
    assert "drift.holds" not in " ".join(harness.words())

    edited(world, FILTER, {"spec": {"priority": 7}})
    harness.process(leaves=after(20))

    assert "drift.one-sided side=old" in harness.words()[-1]


def test_a_kind_that_we_may_not_read_is_left_out_and_the_rest_is_guarded(make: Make) -> None:
    harness = climbing(make)
    cluster = harness.world.cluster
    cluster.add(envoy_filter(version="v2"))
    read = cluster.list_objects

    def closed(api_version: str, kind: str, *rest: object, **named: object) -> list[Manifest]:
        if kind == "EnvoyFilter":
            raise Refused(verbatim("forbidden"))
        return read(api_version, kind, *rest, **named)  # type: ignore[arg-type]

    cluster.list_objects = closed  # type: ignore[method-assign, assignment]
    edited(harness.world, HPA, {"spec": {"maxReplicas": 1}})

    harness.process(leaves=after(20))

    assert "drift.scaler" in harness.words()[-1]
    assert "drift.one-sided" not in harness.words()[-1]


TRACKED: Manifest = {
    "metadata": {
        "labels": {"argocd.argoproj.io/instance": "edge", "kustomize.toolkit.fluxcd.io/name": "edge"},
        "annotations": {"argocd.argoproj.io/tracking-id": "edge:apps/Deployment:edge/gw"},
    }
}
CHATTER = [
    pytest.param(HPA, {"status": {"currentReplicas": 3}, "metadata": {"annotations": {"a/b": "c"}}}, id="HPA status"),
    pytest.param(
        SOURCE,
        {"metadata": {"annotations": {"deployment.kubernetes.io/revision": "7"}, "generation": 9}, "status": {"x": 1}},
        id="deployment controller",
    ),
    pytest.param(
        SOURCE,
        {
            "spec": {
                "template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z"}}}
            }
        },
        id="rollout restart",
    ),
    pytest.param(SOURCE, {"spec": {"replicas": 5}}, id="scaled by the HPA"),
    pytest.param(SERVICE, {"metadata": {"annotations": {"cert-manager.io/issuer": "x"}}}, id="cert-manager"),
    pytest.param(
        SERVICE, {"metadata": {"annotations": {"external-dns.alpha.kubernetes.io/owner": "x"}}}, id="external-dns"
    ),
    pytest.param(
        SERVICE,
        {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.9"}]}}, "spec": {"healthCheckNodePort": 31000}},
        id="cloud controller's status",
    ),
    pytest.param(
        SERVICE,
        {
            "metadata": {
                "annotations": {"endpoints.kubernetes.io/last-change-trigger-time": "2026-01-02T03:04:05Z"},
                "resourceVersion": "99",
                "managedFields": [],
            }
        },
        id="endpoints controller",
    ),
    pytest.param(
        HPA, {"metadata": {"labels": {"argocd.argoproj.io/instance": "edge"}}}, id="Argo CD's label on the HPA"
    ),
    pytest.param(SERVICE, TRACKED, id="Argo CD's tracking on the Service"),
    pytest.param(SOURCE, TRACKED, id="Argo CD's tracking on the old workload"),
    pytest.param(TARGET, TRACKED, id="Argo CD's tracking on the new workload"),
    pytest.param(FILTER, TRACKED, id="Argo CD's tracking on Istio's object"),
    pytest.param(
        SERVICE,
        {"metadata": {"annotations": {"service.cloud.tencent.com/sync-code": "0", "meta.helm.sh/release-name": "gw"}}},
        id="cloud controller's and Helm's notes",
    ),
    pytest.param(
        SERVICE,
        {"metadata": {"annotations": {"control-plane.alpha.kubernetes.io/leader": "{}"}, "finalizers": ["x/y"]}},
        id="leader election and a finalizer",
    ),
    pytest.param(SERVICE, {"spec": {"clusterIP": "10.96.0.9", "ipFamilies": ["IPv4"]}}, id="what the server fills in"),
    pytest.param(
        TARGET,
        {
            "metadata": {"annotations": {"deprecated.daemonset.template.generation": "3"}},
            "spec": {
                "template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z"}}}
            },
        },
        id="a restart of the new workload",
    ),
    pytest.param(
        FILTER, {"status": {"conditions": []}, "metadata": {"annotations": {"istio.io/x": "y"}}}, id="Istio's status"
    ),
]


@pytest.mark.parametrize(("ref", "patch"), CHATTER)
def test_what_controllers_write_down_holds_nothing(make: Make, ref: ObjectRef, patch: Manifest) -> None:
    world = small()
    world.cluster.add(envoy_filter(version="v1"))
    spec = replace(AUTO, waivers=(*AUTO.waivers, Waiver("istio.old-only", "known")))
    harness = make(world, spec)
    looked = after(8)
    harness.process(leaves=lambda progress: looked(progress) and ref in world.cluster.objects)
    edited(world, ref, patch)

    harness.process(leaves=after(20))

    assert "drift.holds" not in " ".join(harness.words())
    assert mapping(world.cluster.objects[ref])


def narrowed(world: FakeWorld) -> bool:
    """Say whether the Service leads to the old pods alone."""
    return dig(world.cluster.objects[SERVICE], "spec", "selector", "version") == "v1"


WIDEN: Manifest = {"spec": {"selector": {"version": None}}}
WIDEN_BY_ARGO: Manifest = {**WIDEN, **by("argocd-controller", {"f:spec": {"f:selector": {}}})}


def test_a_narrowing_that_somebody_takes_off_is_made_again_once_and_named(make: Make) -> None:
    harness = climbing(make)
    assert narrowed(harness.world)
    edited(harness.world, SERVICE, WIDEN)

    assert harness.process().state is State.COMPLETED
    assert "guard.again" in " ".join(harness.words()) + notes(harness)


def test_a_narrowing_that_is_taken_off_again_and_again_turns_the_run_back(make: Make) -> None:
    harness = climbing(make)

    def somebody_fights(_progress: Progress) -> bool:
        if harness.run.heading is Heading.FORWARD and narrowed(harness.world):
            edited(harness.world, SERVICE, WIDEN)
        return False

    run = harness.process(leaves=somebody_fights)

    assert run.state is State.ROLLED_BACK
    assert "guard.undone" in notes(harness)
    assert nobody_was_hurt(harness)


def reverting(harness: Harness, seconds: float) -> Callable[[Progress], bool]:
    """Let a controller widen the Service so many seconds after each narrowing, as a GitOps operator's next look does."""
    stood: list[float] = []

    def somebody(_progress: Progress) -> bool:
        now = harness.world.clock.monotonic()
        if not narrowed(harness.world):
            stood.clear()
        elif not stood:
            stood.append(now)
        elif now - stood[0] >= seconds and harness.run.heading is Heading.FORWARD:
            edited(harness.world, SERVICE, WIDEN_BY_ARGO)
            stood.clear()
        return False

    return somebody


@pytest.mark.parametrize("seconds", [1.0, 2.5, 5.0])
def test_a_controller_that_takes_a_narrowing_off_after_it_was_read_back_is_not_fought(
    make: Make, seconds: float
) -> None:
    harness = climbing(make)

    run = harness.process(leaves=reverting(harness, seconds))

    assert run.state is State.ROLLED_BACK
    assert notes(harness).count("guard.again") == 1
    assert "argocd-controller" in notes(harness)
    assert nobody_was_hurt(harness)


def test_a_process_that_resumes_does_not_make_again_what_an_earlier_one_has_made_again(make: Make) -> None:
    harness = climbing(make)
    edited(harness.world, SERVICE, WIDEN)
    harness.process(leaves=lambda _progress: "guard.again" in notes(harness) and narrowed(harness.world))
    edited(harness.world, SERVICE, WIDEN)

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert notes(harness).count("guard.again") == 1


def test_a_controller_that_fights_step_guard_holds_the_run_there_and_is_named(make: Make) -> None:
    harness = make(small(), AUTO)
    left = after(120)

    def somebody(progress: Progress) -> bool:
        if narrowed(harness.world):
            edited(harness.world, SERVICE, WIDEN_BY_ARGO)
        return left(progress)

    run = harness.process(leaves=somebody)

    assert run.state is State.RUNNING
    assert "guard.undone" in harness.words()[-1]
    assert "argocd-controller" in harness.words()[-1]


def test_a_process_that_resumes_writes_no_weight_before_its_guard_has_looked(make: Make) -> None:
    harness = climbing(make)
    harness.world.cluster.add(envoy_filter(version="v2"))
    share = harness.world.share

    harness.process(leaves=after(40))

    assert any(words.startswith("drift.not-looked") for words in harness.words())
    assert harness.world.share <= share
    assert harness.words()[-1].startswith("drift.holds")


def test_a_guard_whose_looks_fail_holds_the_run_after_the_plans_time_and_status_tells(make: Make) -> None:
    brief = replace(AUTO, judge=replace(AUTO.judge, no_data=NoDataSpec(rollback_after=25.0)))
    harness = make(small(), replace(brief, traffic=replace(AUTO.traffic, soak=600.0, max_soak=600.0)))
    reached, left = at("Shift 10 %"), after(250)

    def somebody(progress: Progress) -> bool:
        if reached(progress):
            harness.world.cluster.orders.fail("list_objects", Unreachable(verbatim("the list hangs")), times=-1)
        return left(progress)

    harness.process(leaves=somebody)

    assert any(words.startswith("drift.blind") for words in harness.words())
    with harness.store() as store:
        look = store.process_records(harness.run.id)[-1].look
    assert look.protection is not None
    assert say("eye.drift") in look.protection.lost
    assert say("eye.drift") not in look.protection.by


def test_a_login_that_ends_soon_is_told_and_holds_nothing(make: Make) -> None:
    harness = climbing(make)
    harness.world.cluster.known = Login(verbatim("the cluster"), ends=harness.world.clock.now() + timedelta(hours=9))

    harness.process(leaves=at("Shift 90 %"))

    with harness.store() as store:
        troubles = store.process_records(harness.run.id)[-1].look.troubles
    assert any(said.code == "login.ends" for said in troubles)


def test_what_guard_changes_is_marked_until_it_is_undone(make: Make) -> None:
    harness = climbing(make)
    marked = {ref.kind for ref, thing in harness.world.cluster.objects.items() if left_on(thing)}
    assert marked == {"Service", "HorizontalPodAutoscaler"}

    harness.ask(RequestKind.ROLLBACK)
    harness.process()

    assert [ref for ref, thing in harness.world.cluster.objects.items() if left_on(thing)] == []


def test_at_the_end_of_a_run_nothing_is_marked(make: Make) -> None:
    harness = climbing(make)

    assert harness.process().state is State.COMPLETED
    assert [ref for ref, thing in harness.world.cluster.objects.items() if left_on(thing)] == []

"""What others made of what a plan rests on: our own changes are no drift, whatever order they come in; all others are."""

from __future__ import annotations

import pytest

from migrator.domain.drift.recalled import Ground, Recalled
from migrator.domain.drift.standing import KUBE_SYSTEM, Moved, Rests, Standing, moved, rests_on
from migrator.domain.drift.told import finding, shown
from migrator.domain.gateways.audit import Reach, Reached
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, merged, ref_of
from migrator.wording import render
from tests.fakes.world import SPEC

SERVICE: Manifest = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "s", "namespace": "edge", "uid": "u"},
    "spec": {"selector": {"app": "gw"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
REF = ref_of(SERVICE)
SOURCE = ObjectRef("apps/v1", "Deployment", "edge", "gw")
NARROW: Json = {"spec": {"selector": {"version": "v1"}}}
OPEN: Json = {"spec": {"selector": {"version": "v2"}, "ports": [{"port": 80, "targetPort": 80}]}}
OURS = Change(REF, "u", NARROW, {"spec": {"selector": {"version": None}}}, verbatim("why"), OPEN, NARROW, None)
RESTS = rests_on("c-1", Ground(), (), (SERVICE,))


def standing(thing: Manifest | None, cluster: str | None = "c-1") -> Standing:
    """Give a look at the Service."""
    return Standing(cluster, (), {REF: thing})


def after(*patches: Json) -> Manifest:
    """Give the Service after these patches."""
    made: Json = SERVICE
    for patch in patches:
        made = merged(made, patch)
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("patches", [(), (NARROW,)], ids=["as it was", "narrowed"])
@pytest.mark.parametrize("led", [False, True])
def test_what_the_run_makes_of_an_object_is_nobody_elses_hand(patches: tuple[Json, ...], led: bool) -> None:
    assert moved(RESTS, standing(after(*patches)), (OURS,), led) == ()


def test_what_leads_to_the_new_side_is_right_once_the_run_has_led_there_and_wrong_before() -> None:
    opened = standing(after(NARROW, OPEN))

    assert moved(RESTS, opened, (OURS,), led=True) == ()
    assert [each.path for each in moved(RESTS, opened, (OURS,))] == ["spec.selector.version"]


def test_several_changes_of_one_object_are_nobody_elses_hand_together() -> None:
    wider = Change(REF, "u", {"spec": {"type": "NodePort"}}, {"spec": {"type": None}}, verbatim("why"))

    assert moved(RESTS, standing(after(NARROW, {"spec": {"type": "NodePort"}})), (OURS, wider)) == ()


def test_a_field_that_is_as_nobody_of_us_made_it_is_told_from_the_nearest_of_what_may_be() -> None:
    now = after(NARROW, {"spec": {"type": "NodePort"}})

    assert moved(RESTS, standing(now), (OURS,)) == (Moved(REF, "spec.type", None, "NodePort"),)


def test_an_object_that_is_gone_is_told_and_one_that_was_not_looked_at_is_not() -> None:
    assert moved(RESTS, standing(None), ()) == (Moved(REF),)
    assert moved(RESTS, Standing("c-1"), ()) == ()


@pytest.mark.parametrize(
    ("rests", "now", "told"),
    [
        pytest.param(RESTS, "c-2", True, id="another cluster"),
        pytest.param(RESTS, None, False, id="not looked at"),
        pytest.param(Rests(), "c-2", False, id="the plan could not read it"),
    ],
)
def test_the_cluster_is_pinned_by_its_uid(rests: Rests, now: str | None, told: bool) -> None:
    found = moved(rests, standing(SERVICE, now), ())

    assert [each.ref for each in found] == ([KUBE_SYSTEM] if told else [])


FILTER = ObjectRef("networking.istio.io/v1alpha3", "EnvoyFilter", "edge", "f")


def row(reach: Reach, says: str = "one") -> tuple[Reached, str]:
    """Give a filter that reaches somebody, and what it says."""
    return Reached(FILTER, reach), says


@pytest.mark.parametrize(("reach", "side"), [(Reach.OLD, Side.OLD), (Reach.NEW, Side.NEW)])
def test_what_comes_to_reach_one_side_is_told_with_the_side(reach: Reach, side: Side) -> None:
    assert moved(RESTS, Standing(reached=(row(reach),)), ()) == (Moved(FILTER, side=side),)


def test_what_reached_one_side_when_the_plan_was_made_is_told_once_it_is_another() -> None:
    rests = rests_on("", Ground(), (row(Reach.OLD), row(Reach.BOTH)), ())

    assert moved(rests, Standing(reached=(row(Reach.OLD),)), ()) == ()
    assert moved(rests, Standing(reached=()), ()) == ()
    assert len(moved(rests, Standing(reached=(row(Reach.OLD, "two"),)), ())) == 1
    assert len(moved(rests, Standing(reached=(row(Reach.NEW),)), ())) == 1


@pytest.mark.parametrize("reach", [Reach.BOTH, Reach.NONE, Reach.APART])
def test_what_reaches_both_sides_alike_or_nobody_is_no_drift(reach: Reach) -> None:
    assert moved(RESTS, Standing(reached=(row(reach),)), ()) == ()


TOLD = [
    pytest.param(Moved(KUBE_SYSTEM, "metadata.uid"), "drift.cluster", id="cluster"),
    pytest.param(Moved(REF, side=Side.NEW), "drift.one-sided", id="one side"),
    pytest.param(Moved(REF), "drift.removed", id="gone"),
    pytest.param(Moved(SOURCE, "spec.template"), "drift.old-template", id="old template"),
    pytest.param(
        Moved(ObjectRef("apps/v1", "DaemonSet", "edge", "n"), "spec"), "drift.new-template", id="new template"
    ),
    pytest.param(Moved(REF, "spec.type"), "drift.service", id="Service"),
    pytest.param(Moved(ObjectRef("autoscaling/v2", "HPA", "edge", "h"), "spec"), "drift.scaler", id="scaler"),
]


@pytest.mark.parametrize(("found", "code"), TOLD)
def test_each_kind_of_drift_has_a_code_and_says_what_to_do(found: Moved, code: str) -> None:
    said = finding(found, None, SOURCE)

    assert said.code == code
    assert said.subject == str(found.ref)


def test_an_old_side_that_somebody_deleted_is_told_as_no_way_back_and_offers_none() -> None:
    said = finding(Moved(SOURCE), None, SOURCE)

    assert (said.code, said.variant) == ("drift.removed", "old-side")
    assert "NO way back" in render(said.problem)
    assert "rollback" not in render(said.remedy)


def test_a_value_is_shown_short_and_nothing_is_said_to_be_nothing() -> None:
    assert shown(None) == say("drift.nothing")
    assert shown("x") == "x"
    assert shown(3) == "3"
    assert len(str(shown("y" * 200))) == 80


def test_what_is_recalled_of_a_plan_names_the_container_that_answers() -> None:
    pod: Manifest = {"containers": [{"name": "istio-proxy"}], "hostNetwork": True}
    recalled = Recalled(SPEC, None, {"spec": {"template": {"spec": pod}}}, Ground((("a", "b"),), (("a", "c"),), "x: y"))

    assert recalled.container == {"name": "istio-proxy"}
    assert recalled.on_host
    assert (recalled.old_labels, recalled.new_labels, recalled.settings) == ({"a": "b"}, {"a": "c"}, "x: y")
    assert (recalled.old_pod, recalled.live_pod, recalled.world.source) == ({}, {}, None)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        pytest.param("s3cret", "spec.template.spec.containers[0].env[3].value", id="a variable"),
        pytest.param("--token=s3cret", "spec.template.spec.containers[0].args[1]", id="an argument"),
        pytest.param("login s3cret", "spec.template.spec.initContainers[0].command[2]", id="a command"),
        pytest.param("s3cret", "spec.template.metadata.annotations.vendor/key", id="an annotation"),
        pytest.param([{"name": "A", "value": "s3cret"}], "spec.template.spec.containers", id="a whole list"),
        pytest.param({"env": [{"value": "s3cret"}]}, "spec.template.spec", id="a whole object"),
    ],
)
def test_what_may_be_a_secret_is_not_shown(value: Json, path: str) -> None:
    assert "s3cret" not in str(shown(value, path))

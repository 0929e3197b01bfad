"""Whether a pod may be set apart: the floors, who chooses it, what the others carry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.balancer import Backend, Capabilities, Scope, Weighted
from migrator.domain.model.manifests import mapping
from migrator.domain.model.pod_targets import Entry, PodPort
from migrator.domain.planning.isolating import release
from migrator.domain.planning.isolating.choosing import Chooser, choosers, taken
from migrator.domain.planning.isolating.ground import Ground, believed, own_ports, rows_of
from migrator.domain.planning.isolating.isolation import burdens, outline, refused
from migrator.domain.planning.isolating.rights import rights
from migrator.domain.steps.isolating.bring import Bring
from migrator.domain.steps.isolating.mark import MARK, Isolated, marking, read
from migrator.domain.steps.isolating.set_aside import SetAside
from tests.domain.planning.isolating.ground import (
    OF_DAEMONSET,
    OF_DEPLOYMENT,
    budget,
    ground,
    manifest,
    pod,
    service,
    target,
)
from tests.domain.seen import START
from tests.fakes.world import SPEC, on

ONE = on(SPEC, "l-1")
RAISES = {
    **ground().manifest,
    "spec": {
        **mapping(ground().manifest, "spec"),
        "template": {"spec": {"containers": [{"name": "off", "args": ["farewell"]}]}},
    },
}
PORTS = (PodPort("l-1", 8080),)


def codes(seen: Ground) -> list[str]:
    return [reason.code for reason in refused(ONE, seen)]


def test_a_pod_beside_others_that_carry_may_be_set_apart() -> None:
    assert codes(ground()) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"capabilities": Capabilities(controlled=True)}, "isolate.controlled", id="a controller's rows"),
        pytest.param({"capabilities": Capabilities(weights_of=Scope.POOL)}, "isolate.not-by-row", id="a pool's weight"),
        pytest.param({"workload": replace(ground().workload, rolling=True)}, "isolate.rolling", id="a rollout"),
        pytest.param({"targets": (target(1, address="10.9.9.9", port=30080),)}, "isolate.many-pods", id="node ports"),
        pytest.param({"budgets": (budget(0, app="gw"),)}, "isolate.budget", id="a budget that is used up"),
        pytest.param({"targets": (target(1), target(2, 0))}, "isolate.last-one", id="nobody else carries"),
        pytest.param(
            {"targets": (target(1), target(2), target(3, 0))}, "isolate.floor", id="one carries nothing already"
        ),
        pytest.param({"manifest": RAISES}, "isolate.raises-itself", id="pods that raise themselves"),
        pytest.param({"manifest": {"spec": {"selector": {}}}}, "isolate.chosen-anyway", id="chosen without a label"),
    ],
)
def test_a_pod_is_not_set_apart_below_a_floor(more: dict[str, Any], code: str) -> None:
    assert codes(ground(**more)) == [code]


@pytest.mark.parametrize(
    ("ports", "found"),
    [
        pytest.param(({"containerPort": 8080},), [], id="declared"),
        pytest.param((), ["isolate.ports-undeclared"], id="undeclared"),
    ],
)
def test_a_daemonsets_pod_in_its_nodes_network_has_to_declare_its_ports(ports: Any, found: list[str]) -> None:
    assert codes(ground(OF_DAEMONSET, pod=manifest(True, ports))) == found


def test_a_budget_that_allows_one_and_one_of_others_are_no_floor() -> None:
    assert codes(ground(budgets=(budget(1, app="gw"), budget(0, app="other")))) == []


def test_a_pod_without_weight_needs_nobody_to_carry_for_it() -> None:
    assert codes(ground(targets=(target(1, 0), target(2)))) == []


def test_a_pod_that_is_on_no_listener_is_set_apart_where_nothing_leads_to_any_pod() -> None:
    assert codes(ground(targets=(target(2), target(3)))) == []


def test_the_others_part_grows_by_what_the_pod_had() -> None:
    (found,) = burdens(ONE, ground(), PORTS)

    assert (found.listener, found.now, found.then, found.grows) == ("l-1", 3, 2, 0.5)


def test_the_label_by_which_most_choose_is_taken_and_no_more() -> None:
    seen = ground(services=(service(app="gw"), service(istio="ingressgateway"), service(app="other")))
    who = choosers(seen)

    assert [each.name for each in who] == ["Deployment edge/gw", "Service gw", "Service gw"]
    assert taken(who, {"app": "gw", "istio": "ingressgateway"}) == ("app", "istio")
    assert outline(ONE, seen, START, "ann@ops").labels == ("app", "istio")


def test_a_chooser_by_the_absence_of_a_label_frees_nobody() -> None:
    absent = Chooser("x", {"matchExpressions": [{"key": "no", "operator": "DoesNotExist"}]})

    assert taken((absent,), {"app": "gw"}) is None


def test_a_host_port_is_a_pods_own_row() -> None:
    mapped = manifest(ports=({"containerPort": 8080, "hostPort": 80},))
    seen = ground(pod=mapped, targets=(target(1, port=80, address="10.1.0.1"), target(1, port=443, address="10.1.0.1")))

    ports = own_ports(ONE, seen)

    assert ports == (PodPort("l-1", 80, Entry.HOST_PORT),)
    assert [str(row.backend) for row in rows_of(seen.ref, "10.1.0.1", ports, seen)] == ["l-1/10.1.0.1:80"]


def test_an_outline_begun_anew_keeps_what_the_mark_of_the_first_says() -> None:
    first = outline(ONE, ground(), START, "ann@ops")
    mark = first.steps[0].mark["metadata"]  # type: ignore[union-attr, call-overload, index]  # the first step marks
    marked = manifest()
    marked["metadata"] = {**marked["metadata"], **{"annotations": mark["annotations"]}}  # type: ignore[dict-item, index, call-overload]  # JSON

    again = outline(ONE, ground(pod=marked, targets=(target(1, 0), target(2), target(3))), START, "ben@ops")

    assert again.steps[0] == first.steps[0]
    assert read(manifest()) is None


@pytest.mark.parametrize("written", ["", "no JSON", "{}", "null", '{"workload": {"kind": "DaemonSet"}}'])
def test_a_mark_that_names_no_workload_is_none(written: str) -> None:
    assert read({"metadata": {"annotations": {MARK: written}}}) is None


def test_its_rights_are_the_namespaces_own() -> None:
    assert {(verb, kind) for verb, _, kind, _ in rights(ONE)} >= {
        ("patch", "Pod"),
        ("delete", "Pod"),
        ("list", "EndpointSlice"),
    }
    assert {namespace for *_, namespace in rights(ONE)} == {ONE.cluster.namespace}


# --- back -----------------------------------------------------------------------------------------------------------------


SAID = Isolated(OF_DEPLOYMENT, (("app", "gw"),), (Weighted(Backend("l-1", "10.0.0.1", 8080), 100),), "ann@ops", "then")


def back(pods: tuple[int, ...] = (2, 3, 4), **more: Any) -> Ground:
    """What was seen while pod 1 is apart."""
    workload = replace(ground().workload, pods=tuple(pod(n) for n in pods))
    return ground(**{"workload": workload, "targets": (target(1, 0), *(target(n) for n in pods)), **more})


def test_the_newest_ready_pod_makes_room() -> None:
    found = release.surplus(back())

    assert found is not None
    assert found.ref.name == "gw-4"


def test_on_a_daemonsets_node_the_other_pod_of_that_node_makes_room() -> None:
    came = replace(pod(4), ref=replace(pod(4).ref, name="a", node="node-1"))
    workload = replace(back().workload, ref=OF_DAEMONSET, pods=(pod(2), came, pod(3)))

    assert release.surplus(back(workload=workload)) == came
    assert release.surplus(back(workload=replace(workload, wanted=4))) == came


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(back((2, 3)), id="one is missing anyway"),
        pytest.param(back((1, 2, 3)), id="it never left its workload"),
        pytest.param(back(workload=replace(back().workload, ref=OF_DAEMONSET)), id="its node has no other"),
        pytest.param(back(pod=manifest(True), workload=replace(back().workload, ref=OF_DAEMONSET)), id="a DaemonSet"),
        pytest.param(
            back(workload=replace(back().workload, wanted=1, pods=(pod(2, ready=False),))), id="none is Ready"
        ),
    ],
)
def test_nobody_has_to_make_room(seen: Ground) -> None:
    assert release.surplus(seen) is None


def test_a_pod_is_not_put_back_during_a_rollout_and_may_be_deleted_then() -> None:
    seen = back(workload=replace(back().workload, rolling=True))

    assert [reason.code for reason in release.refused(ONE, seen, SAID, end=False)] == ["isolate.rolling"]
    assert release.refused(ONE, seen, SAID, end=True) == ()


def test_the_last_that_carries_makes_no_room() -> None:
    seen = back(workload=replace(back().workload, wanted=1, pods=(pod(2),)), targets=(target(1, 0), target(2)))

    assert [reason.code for reason in release.refused(ONE, seen, SAID, end=False)] == ["release.last-one"]
    assert release.refused(ONE, back(), SAID, end=False) == ()


def test_of_a_marks_rows_only_the_pods_own_are_believed() -> None:
    mapped = manifest(ports=({"containerPort": 8080}, {"containerPort": 9090, "hostPort": 443}))
    at = [("10.0.0.1", 8080), ("10.0.0.1", 9090), ("10.1.0.1", 443), ("10.1.0.1", 8080), ("10.0.0.2", 8080), ("", 8080)]
    rows = [Weighted(Backend("l-1", address, port), 100) for address, port in (*at, ("10.0.0.1", 22))]
    own = rows[:3]
    below, elsewhere = replace(rows[0], weight=-1), replace(rows[0], backend=Backend("l-9", "10.0.0.1", 8080))

    assert believed((*rows, below, elsewhere), ONE, back(pod=mapped)) == tuple(own)
    dialled = back(pod=manifest(ports=()))
    assert believed(SAID.rows, ONE, dialled) == SAID.rows


def test_a_pod_comes_back_with_its_own_rows_and_is_refused_where_its_mark_has_none_of_those() -> None:
    others = replace(SAID, rows=(Weighted(Backend("l-1", "10.0.0.2", 8080), 100),))
    both = replace(SAID, rows=(*SAID.rows, *others.rows))
    steps = release.outline(ONE, back((2, 3)), both, None, end=False).steps

    assert next(step.rows for step in steps if isinstance(step, Bring)) == SAID.rows
    assert [reason.code for reason in release.refused(ONE, back(), others, end=False)] == ["release.rows-of-others"]
    assert release.refused(ONE, back(), others, end=True) == ()
    assert release.refused(ONE, back(), both, end=False) == ()


def test_a_pod_that_is_set_apart_again_has_the_weights_of_now_and_of_the_mark_those_at_0() -> None:
    two = replace(SAID, rows=(*SAID.rows, Weighted(Backend("l-1", "10.0.0.1", 9090), 7)))
    kept = marking(two)["metadata"]  # type: ignore[call-overload, index]  # JSON
    marked = manifest(ports=({"containerPort": 8080}, {"containerPort": 9090}))
    marked["metadata"] = {**marked["metadata"], "annotations": kept["annotations"]}  # type: ignore[dict-item, index, call-overload]  # JSON
    seen = ground(pod=marked, targets=(target(1, 50), target(2), target(1, 0, port=9090)))

    first = outline(ONE, seen, START, "ben@ops").steps[0]

    assert isinstance(first, SetAside)
    assert [row.weight for row in first.captive.rows] == [50, 7]

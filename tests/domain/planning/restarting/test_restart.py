"""The plan of a restart: what stands in its way, its nodes in their order, what of the template changes, and both routes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.adapters.balancers import profile_of
from migrator.domain.drift.marking import MARK
from migrator.domain.messages.message import say
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.decisions import Do
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, merged
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, PortMapping
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting
from migrator.domain.planning.following.standing import Standing
from migrator.domain.planning.homeward import back
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.restarting.restart import Wanted, in_the_way, restart
from migrator.domain.planning.restarting.rights import restarting
from migrator.domain.planning.restarting.template import (
    RESTARTED,
    difference,
    restarted,
    unknown_containers,
    with_images,
)
from migrator.domain.steps import Guard, Renew, Rewrite, Shed, Undo, WriteBack
from tests.domain.seen import NEW_REF, PLAIN, at
from tests.domain.steps.test_restarting import pod
from tests.fakes.world import SPEC, on

TEMPLATE: Manifest = {
    "metadata": {"labels": {"app": "gw"}},
    "spec": {
        "initContainers": [{"name": "first", "image": "i:1"}],
        "containers": [{"name": "gw", "image": "g:1", "ports": [{"containerPort": 18080}]}, {"name": "log"}],
    },
}
ROLLING: Manifest = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}
PLAN: Spec = replace(on(SPEC, "l-1"), target=Derived("gw-ds", ports=(PortMapping(8080, 18080),)))
FORMER = (("controller-revision-hash", "r1"),)
HOSTS = tuple(Host(f"n-{i}", f"10.1.0.{i}") for i in range(1, 5))


def daemon_set(**spec: object) -> Manifest:
    meta: Manifest = {"name": "gw-ds", "namespace": "edge", "uid": "uid-ds"}
    given: Manifest = {"template": TEMPLATE, "updateStrategy": ROLLING, **spec}  # type: ignore[dict-item]  # JSON by its callers
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": meta, "spec": given}


def gateway(number: int, **more: object) -> Pod:
    return pod(number, **{"labels": FORMER, **more})


PODS = tuple(gateway(i) for i in (1, 2, 3))
WORKLOAD = Workload(NEW_REF, "uid-ds", pods=PODS)


def row(number: int, weight: int = 100, health: Health = Health.HEALTHY) -> Target:
    return Target(Backend("l-1", f"10.1.0.{number}", 18080), weight, health)


ROWS = (row(1), row(2), row(3, 50))


def standing(*rows: Target, workload: Manifest | None = None, can: Capabilities = PLAIN) -> Standing:
    return Standing(workload or daemon_set(), rows or ROWS, can, HOSTS)


def made(template: Manifest = TEMPLATE, at_once: int = 1, seen: Standing | None = None) -> Plan:
    wanted = Wanted(restarted(template, at(0)), at_once, 5.0)
    return restart(PLAN, seen or standing(), WORKLOAD, wanted, (), at(0), "ann@ops", lambda _: "d" * 64)


@pytest.mark.parametrize(
    ("seen", "workload", "at_once", "code"),
    [
        pytest.param(standing(), WORKLOAD, 1, None, id="nothing"),
        pytest.param(
            standing(),
            replace(WORKLOAD, ref=ObjectRef("apps/v1", "Deployment", "edge", "gw")),
            1,
            "restart.kind",
            id="kind",
        ),
        pytest.param(
            standing(
                workload={
                    **daemon_set(),
                    "metadata": {"ownerReferences": [{"kind": "Gateway", "name": "edge"}]},
                }
            ),
            WORKLOAD,
            1,
            "restart.owned",
            id="a controller's",
        ),
        pytest.param(standing(), replace(WORKLOAD, rolling=True), 1, "restart.rolling", id="rolling"),
        pytest.param(standing(), replace(WORKLOAD, pods=(*PODS[:2], pod(3))), 1, "restart.mixed", id="two revisions"),
        pytest.param(standing(), WORKLOAD, 2, "restart.too-few", id="more than half at a time"),
        pytest.param(
            standing(row(1, health=Health.UNHEALTHY), row(2, health=Health.UNHEALTHY), row(3)),
            WORKLOAD,
            1,
            "restart.unwell",
            id="more unwell than may be out",
        ),
        pytest.param(standing(row(1, health=Health.UNHEALTHY), row(2)), WORKLOAD, 1, None, id="one unwell"),
        pytest.param(
            replace(standing(row(1), row(2), row(9)), hosts=(*HOSTS, replace(HOSTS[2], addresses=("10.1.0.9",)))),
            WORKLOAD,
            1,
            "restart.other-address",
            id="a row at a node's second address",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_before_anything_is_done(
    seen: Standing, workload: Workload, at_once: int, code: str | None
) -> None:
    said = in_the_way(PLAN, seen, workload, at_once)

    assert (said and said.code) == code


def test_the_unwell_come_first_then_who_has_no_weight_then_the_others_by_name() -> None:
    plan = made(seen=standing(row(1), row(2, 0), row(3, health=Health.UNHEALTHY)))

    renewed = [step for step in plan.steps if isinstance(step, Renew)]
    assert [node.name for step in renewed for node in step.nodes] == ["n-3", "n-2", "n-1"]
    assert [type(step).__name__ for step in plan.steps] == ["Guard", "Rewrite", "Renew", "Renew", "Renew", "Confirm"]
    assert (plan.way, plan.spec.name, plan.seen.former) == ("restart", "edge-restart", ("r1",))
    assert {each.weight for each in plan.meant} == {100, 0}


def test_several_nodes_at_a_time_are_one_step() -> None:
    assert [len(step.nodes) for step in made(at_once=2).steps if isinstance(step, Renew)] == [2, 1]


def test_the_daemon_set_restarts_nobody_meanwhile_and_is_given_back_as_it_was() -> None:
    strategy, template = made().changes
    there = merged(merged(daemon_set(), strategy.patch), template.patch)
    home = merged(merged(there, template.undo), strategy.undo)

    assert mapping(there, "spec", "updateStrategy") == {"type": "OnDelete"}
    assert RESTARTED in mapping(there, "spec", "template", "metadata", "annotations")
    assert mapping(home, "spec") == mapping(daemon_set(), "spec")
    assert MARK in mapping(strategy.undo, "metadata", "annotations")


def test_a_daemon_set_that_is_on_delete_already_stays_so() -> None:
    still = daemon_set(updateStrategy={"type": "OnDelete"})
    strategy, _ = made(seen=standing(workload=still)).changes

    assert mapping(merged(still, strategy.undo), "spec", "updateStrategy") == {"type": "OnDelete"}


@pytest.mark.parametrize(
    ("left", "steps"),
    [
        pytest.param(0, [WriteBack, Undo], id="before any node"),
        pytest.param(3, [Shed, WriteBack, Renew, Renew, Undo], id="at the second node"),
        pytest.param(5, [Shed, WriteBack, Renew, Renew, Renew, Undo], id="at the end"),
    ],
)
def test_the_way_back_takes_the_renewed_nodes_through_the_same_the_last_first(
    left: int, steps: list[type[object]]
) -> None:
    plan = made()
    home = back(plan, plan.steps[left])

    assert [type(step) for step in home] == steps
    again = [step for step in home if isinstance(step, Renew)]
    assert [node.name for step in again for node in step.nodes] == ["n-3", "n-2", "n-1"][3 - len(again) :]
    assert all(
        step.towards is Side.OLD and not step.soak and step.changes[1].patch == plan.changes[1].undo for step in again
    )


def test_what_the_renewed_may_lose_is_measured_by_every_nodes_weight() -> None:
    plan = made()
    (shed,) = (step for step in back(plan, plan.steps[2]) if isinstance(step, Shed))

    assert sorted(row.weight for row in shed.recorded) == [50, 100, 100]
    first = Pools(tuple(Row(each, Side.NEW if each == ROWS[0] else Side.OLD) for each in ROWS), PLAIN)
    seen = Sighting(first, JournalFacts(), Clocks(at(0), 0.0))
    assert shed.decide(seen) == Do(SetWeights((Weighted(ROWS[0].backend, 0),)), say("shed.lower", rows=1))


def test_a_way_back_from_a_step_of_another_plan_takes_every_node() -> None:
    home = back(made(), WriteBack(()))

    assert sum(isinstance(step, Renew) for step in home) == 3
    assert isinstance(made().steps[0], Guard)
    assert isinstance(made().steps[1], Rewrite)


def test_images_are_changed_by_the_names_of_their_containers() -> None:
    changed = with_images(TEMPLATE, {"gw": "g:2", "first": "i:2"})

    assert unknown_containers(TEMPLATE, {"gw": "g:2", "nobody": "x"}) == ("nobody",)
    assert mapping(changed, "spec", "containers", 0)["image"] == "g:2"
    assert mapping(changed, "spec", "initContainers", 0)["image"] == "i:2"
    assert mapping(changed, "spec", "containers", 1) == {"name": "log"}


def test_the_difference_of_two_templates_leads_from_one_to_the_other_and_back() -> None:
    after = with_images(restarted(TEMPLATE, at(0)), {"gw": "g:2"})

    assert merged(TEMPLATE, difference(TEMPLATE, after)) == after
    assert merged(after, difference(after, TEMPLATE)) == TEMPLATE
    assert difference({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}) == {"a": {"c": None}}
    assert difference(1, 2) == 2


def test_a_restart_needs_to_write_the_template_and_to_end_pods_and_makes_nothing() -> None:
    rights = restarting(PLAN, profile_of("tencent"))

    assert {("patch", "apps/v1", "DaemonSet", "edge"), ("delete", "v1", "Pod", "edge")} <= set(rights)
    assert not [
        kind
        for verb, _, kind, _ in rights
        if verb == "create" and kind not in ("Lease", "ConfigMap") and "/" not in kind
    ]

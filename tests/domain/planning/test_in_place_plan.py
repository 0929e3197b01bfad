"""The plan of an in-place move: what stands in its way, what it costs, and both its routes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.profile import UNDECLARED
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.model.balancer import Capabilities, Scope, Side
from migrator.domain.model.kubernetes import GRACE
from migrator.domain.model.manifests import items, merged
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Acknowledged, DrainSpec, OnTimeout, Spec, Strategy
from migrator.domain.model.target import PortConflict
from migrator.domain.observation.world import Traffic, World
from migrator.domain.planning.checks.nodes.capacity import nodes_have_room
from migrator.domain.planning.checks.nodes.in_place import nodes_can_change_hands
from migrator.domain.planning.guards import barred, rests
from migrator.domain.planning.homeward import back
from migrator.domain.planning.inplace.loss import loss_of
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.proposal import Proposal, propose
from migrator.domain.sides.turns.barring import bar_of, barring, obeys
from migrator.domain.sides.turns.keeping_off import REQUIRED, TERMS
from migrator.domain.steps import Deploy, Guard, KeepOthers, Retire, Shed, Swap
from migrator.domain.steps.restarting.renew import STARTS
from migrator.domain.turn.journeys import IN_PLACE, IN_PLACE_LOSING, JOURNEYS
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, on, quick

HERE = on(quick(replace(SPEC, strategy=Strategy.IN_PLACE, drain=DrainSpec(20.0, OnTimeout.CUT))), "l-1")
NOBODY = replace(FakeWorld().cluster.workload(FakeWorld().look().old.ref).pods[0], ready=False)


def fake(nodes: int = 3, replicas: int = 3) -> FakeWorld:
    return FakeWorld(listeners=("l-1",), host_port=NEW_PORT, nodes=nodes, replicas=replicas)


def looked(nodes: int = 3, replicas: int = 3, spec: Spec = HERE) -> World:
    return fake(nodes, replicas).look(spec)


def why(world: World, spec: Spec = HERE) -> set[str]:
    """Give the codes of what stands in the way."""
    found = nodes_can_change_hands(propose(world, spec))
    return {finding.problem["why"].code for finding in found if finding.code == "in-place.not-here"}  # type: ignore[union-attr]


def source(world: World, **pod: Any) -> World:
    """Give the look with another pod template."""
    assert world.source is not None
    spec = world.source["spec"]
    template = {**spec["template"], "spec": {**spec["template"]["spec"], **pod}}  # type: ignore[index,call-overload,dict-item]
    return replace(world, source={**world.source, "spec": {**spec, "template": template}})  # type: ignore[dict-item]


LOOK = looked()
FIRST = LOOK.old.pods[0]


@pytest.mark.parametrize(
    ("world", "spec", "code"),
    [
        pytest.param(LOOK, replace(HERE, source=replace(HERE.source, kind="DaemonSet")), "in-place.kinds", id="kinds"),
        pytest.param(
            LOOK,
            replace(HERE, target=replace(HERE.target, port_conflict=PortConflict.NODE_PORT)),  # type: ignore[arg-type]
            "in-place.other-way-out",
            id="another way out",
        ),
        pytest.param(
            replace(LOOK, capabilities=Capabilities(weights_of=Scope.POOL)), HERE, "in-place.pools", id="pools"
        ),
        pytest.param(
            replace(LOOK, capabilities=Capabilities(controlled=True)), HERE, "in-place.controller", id="controlled"
        ),
        pytest.param(
            replace(
                LOOK,
                source={
                    **(LOOK.source or {}),
                    "metadata": {
                        **LOOK.source["metadata"],
                        "ownerReferences": [{"controller": True, "uid": "x", "kind": "X", "name": "x"}],
                    },
                },  # type: ignore[index,dict-item]
            ),
            HERE,
            "in-place.owned",
            id="owned",
        ),
        pytest.param(
            FakeWorld(listeners=("l-1",)).look(HERE), HERE, "in-place.no-shared-port", id="no host port in common"
        ),
        pytest.param(looked(4, 3), HERE, "in-place.free-nodes", id="a node without an old pod"),
        pytest.param(
            replace(LOOK, old=replace(LOOK.old, pods=(replace(FIRST, ready=False), *LOOK.old.pods[1:]))),
            HERE,
            "in-place.unwell",
            id="a pod that is not Ready",
        ),
        pytest.param(replace(LOOK, nodes=LOOK.nodes[1:]), HERE, "in-place.pods-elsewhere", id="a pod on another node"),
        pytest.param(replace(LOOK, nodes=LOOK.nodes[1:]), HERE, "in-place.other-rows", id="a row of one side alone"),
        pytest.param(replace(LOOK, old=replace(LOOK.old, wanted=4)), HERE, "in-place.count", id="a pod too few"),
    ],
)
def test_what_stands_in_the_way_is_named(world: World, spec: Spec, code: str) -> None:
    assert code in why(world, spec)


OTHER: Any = {"metadata": {"name": "node-9", "labels": {"pool": "b"}}}
AFFINE: Any = {
    "nodeAffinity": {
        REQUIRED: {"nodeSelectorTerms": [{"matchExpressions": [{"key": "pool", "operator": "In", "values": ["a"]}]}]}
    }
}
TAINT: Any = {"key": "mine", "value": "", "effect": "NoSchedule"}


def beside(node: Any = OTHER, pods: tuple[Any, ...] = (), **template: Any) -> World:
    """Give the look with a node that is not the plan's, and pods on it."""
    return source(listed(Node=(*LOOK.all("Node"), node), Pod=(*LOOK.all("Pod"), *pods)), **template)


def listed(**kinds: tuple[Any, ...]) -> World:
    """Give the look with these lists."""
    return replace(LOOK, objects=tuple({**dict(LOOK.objects), **kinds}.items()))


def holder(port: int, phase: str = "Running") -> Any:
    ports = [{"hostPort": port, "containerPort": 1}]
    return {"spec": {"nodeName": "node-9", "containers": [{"ports": ports}]}, "status": {"phase": phase}}


@pytest.mark.parametrize(
    ("world", "found"),
    [
        pytest.param(beside(), True, id="any node takes the old pods"),
        pytest.param(beside(nodeSelector={"pool": "b"}), True, id="it is chosen"),
        pytest.param(beside(nodeSelector={"pool": "a"}), False, id="it is not chosen"),
        pytest.param(beside(affinity=AFFINE), False, id="affinity leaves it out"),
        pytest.param(beside({**OTHER, "spec": {"unschedulable": True}}), False, id="it is cordoned"),
        pytest.param(beside({**OTHER, "spec": {"taints": [TAINT]}}), False, id="it is tainted"),
        pytest.param(beside(pods=(holder(NEW_PORT),)), False, id="somebody has its port"),
        pytest.param(beside(pods=(holder(9),)), True, id="somebody has another port"),
        pytest.param(beside(pods=(holder(NEW_PORT, "Failed"),)), True, id="somebody had its port"),
    ],
)
def test_a_node_on_which_an_old_pod_might_start_on_the_way_back_stands_in_the_way(world: World, found: bool) -> None:
    assert ("in-place.elsewhere" in why(world)) is found


def test_a_node_has_room_for_a_new_pod_where_an_old_one_goes_first() -> None:
    nodes: list[Any] = [merged(node, {"status": {"allocatable": {"pods": "1"}}}) for node in LOOK.all("Node")]
    world = listed(Node=tuple(nodes))

    assert list(nodes_have_room(propose(world, HERE))) == []
    assert [f.code for f in nodes_have_room(propose(world, replace(HERE, strategy=Strategy.CANARY)))] == ["nodes.full"]


def test_a_higher_priority_stands_in_the_way() -> None:
    patch = {"spec": {"template": {"spec": {"priorityClassName": "high"}}}}
    spec = replace(HERE, target=replace(HERE.target, patch=patch))  # type: ignore[call-arg]

    assert why(LOOK, spec) == {"in-place.priority"}


def test_nothing_stands_in_the_way_where_each_node_has_one_old_pod_and_nothing_is_said_of_other_moves() -> None:
    assert why(LOOK) == set()
    assert list(nodes_can_change_hands(propose(LOOK, replace(HERE, strategy=Strategy.CANARY)))) == []
    assert list(nodes_can_change_hands(propose(replace(LOOK, source=None), HERE))) == []


def proposal(spec: Spec, **seen: Any) -> Proposal:
    return propose(replace(looked(1, 1, spec), **seen), spec)


def test_where_rule_1_holds_nothing_is_lost() -> None:
    loss = loss_of(propose(replace(LOOK, old_rate=Traffic(100, 10.0)), HERE))

    assert (loss.listeners, loss.expected, loss.most, loss.rate, loss.requests) == ((), 0.0, 0.0, 10.0, 0)


def test_one_node_alone_loses_from_its_last_weight_to_its_next_one() -> None:
    check = HealthCheck("l-1", interval=3.0, healthy=4)
    can = Capabilities(settle=1.0)
    alone = proposal(
        HERE, health=(check, HealthCheck("l-9", interval=99.0)), capabilities=can, old_rate=Traffic(50, 5.0)
    )

    loss = loss_of(alone)

    moving, ready = 2 * 1.0 + 3.0 * 4, HERE.deadlines.ready
    assert loss.listeners == ("l-1",)
    assert loss.expected == moving + min(GRACE, 20.0) + GRACE + min(STARTS, ready)
    assert loss.most == moving + 20.0 + GRACE + ready
    assert loss.requests == round(10.0 * loss.expected)


def test_a_node_without_weight_carries_nothing_and_leaves_the_others_alone() -> None:
    world = fake(2, 2)
    idle = min(world.weights, key=str)
    world.balancer.hand(idle, 0)

    assert loss_of(propose(world.look(HERE), HERE)).listeners == ("l-1",)


def test_a_person_who_decides_when_to_cut_makes_it_as_long_as_it_takes() -> None:
    loss = loss_of(proposal(replace(HERE, drain=DrainSpec(20.0))))

    assert (loss.most, loss.rate, loss.requests) == (None, None, None)


def test_the_loss_blocks_until_it_is_acknowledged_and_only_then_its_journey_may_empty_a_listener() -> None:
    known = replace(HERE, acknowledge=Acknowledged.LOSES_REQUESTS)
    codes = [{f.code: f.severity.value for f in nodes_can_change_hands(proposal(spec))} for spec in (HERE, known)]
    plans = [fake(1, 1).plan(HERE), fake(1, 1).plan(known), fake().plan(known)]

    assert codes[0]["in-place.loses-requests"] == "block"
    assert codes[1]["in-place.loses-requests"] == "warn"
    assert [plan.way for plan in plans] == [IN_PLACE.name, IN_PLACE_LOSING.name, IN_PLACE.name]
    emptied = [{row for step in plan.steps for row in step.empties} for plan in plans]
    assert [len(rows) for rows in emptied] == [0, 1, 0]
    assert {name for name, journey in JOURNEYS.items() if journey.may_empty} == {IN_PLACE_LOSING.name}


def test_the_way_back_has_the_nodes_that_changed_hands_the_last_first() -> None:
    plan = fake().plan(HERE)
    deploy = next(step for step in plan.steps if isinstance(step, Deploy))
    second = [step for step in plan.steps if isinstance(step, Swap)][1]
    retire = next(step for step in plan.steps if isinstance(step, Retire))

    names = [[step.title.code for step in back(plan, left)] for left in (deploy, second, retire)]
    swapped = [step.nodes[0].name for step in back(plan, second) if type(step) is Swap]
    others = [[node.name for node in step.nodes] for step in back(plan, second) if isinstance(step, KeepOthers)]

    assert swapped == ["node-1", "node-0"]
    assert others == [["node-2"]]
    assert all(step.towards is Side.OLD for step in back(plan, second) if isinstance(step, Swap))
    assert names[0] == ["step.tell-to-stay", "step.remove", "step.undo", "step.keep-others"]
    assert names[2][0] == "step.point-back"
    assert sum(isinstance(step, Shed) for step in back(plan, retire)) == 1


def test_a_way_back_of_a_plan_without_nodes_keeps_no_others() -> None:
    plan = fake().plan(HERE)
    bare = replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, Swap)))

    assert [step.title.code for step in back(bare, bare.steps[0])] == ["step.tell-to-stay", "step.remove", "step.undo"]


def test_the_daemon_set_is_kept_off_every_node_of_the_plan_by_a_label_and_needs_no_other_template_later() -> None:
    plan, rights = fake().plan(HERE), permissions(HERE, UNDECLARED)
    guard = next(step for step in plan.steps if isinstance(step, Guard))
    target = target_ref(plan.spec)

    labelled = [change.ref.name for change in guard.changes if change.patch == barring(target)]
    assert labelled == ["node-0", "node-1", "node-2"]
    assert obeys(plan.manifests[-1], target)
    assert {("get", "v1", "Node", ""), ("patch", "v1", "Node", "")} <= set(rights)
    canary = replace(HERE, strategy=Strategy.CANARY)
    assert barred(LOOK, canary) == ()
    assert ("patch", "v1", "Node", "") not in permissions(canary, UNDECLARED)


def test_what_the_old_template_requires_of_nodes_stays_beside_the_label() -> None:
    workload = propose(source(LOOK, affinity=AFFINE), HERE).workload
    term = items(workload, *TERMS)[0]

    assert [row["key"] for row in items(term, "matchExpressions")] == ["pool", bar_of(target_ref(HERE))]


def test_scalers_rest_while_the_run_takes_pods_away_and_get_back_what_they_had() -> None:
    hpa: Any = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "a", "namespace": "n"},
    }
    own = {**hpa, "spec": {"minReplicas": 3, "maxReplicas": 9}}
    kedas = {**hpa, "metadata": {**hpa["metadata"], "ownerReferences": [{"kind": "ScaledObject"}]}}
    scaled: Any = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "s", "namespace": "n"},
    }

    first, second = rests([own, kedas], [scaled])

    assert first.patch["spec"]["behavior"]["scaleUp"] == {"selectPolicy": "Disabled"}  # type: ignore[index,call-overload]
    assert first.undo == {"spec": {"minReplicas": 3, "behavior": None}}
    assert second.patch["metadata"]["annotations"]["autoscaling.keda.sh/paused"] == "true"  # type: ignore[index,call-overload]
    assert second.undo["metadata"]["annotations"]["autoscaling.keda.sh/paused"] is None  # type: ignore[index,call-overload]

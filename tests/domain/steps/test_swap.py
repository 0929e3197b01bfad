"""The step in which a node changes hands: what is due in each situation, there and back, and which pods its patches end."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from migrator.domain.drift.contested import patch_name
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import PatchObject, SetWeights, pod_object
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.kubernetes import CHEAPEST, COST, LEAST_COST
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sides import Waived
from migrator.domain.observation.sighting import Objects, Patched, Sighting, Workloads
from migrator.domain.sides.shrinking import ended_with
from migrator.domain.sides.turns.barring import bar_of, barring, expression, letting_on, node_ref
from migrator.domain.sides.turns.keeping_off import REQUIRED, keeping_off, kept_off
from migrator.domain.steps import KeepOthers, Swap
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.proof import Proof
from migrator.domain.turn.invariants import violations
from tests.domain.seen import NEW, NEW_REF, OLD_REF
from tests.domain.steps.test_restarting import CUT, FRESH, NOW, ZEROED, look, pod

A, B = NEW
ONE, TWO = (NodeRows(f"n-{i + 1}", f"10.1.0.{i + 1}", (Weighted(each, 100),)) for i, each in enumerate(NEW))
PROOF = Proof(30.0, 60.0, compares=True, tells=True)
STEP = Swap(Side.NEW, (ONE,), (), CUT, PROOF, 10.0, source=OLD_REF, uid="uid-old", target=NEW_REF)
HOME = replace(STEP, towards=Side.OLD, soak=0.0, rest=0.0)
TERM: Manifest = {"matchExpressions": [expression(NEW_REF)]}
TEMPLATE: Manifest = {"metadata": {"uid": "uid-ds"}, "spec": {"template": {"spec": {}}}}


def at_hands(
    old: tuple[Pod, ...] = (pod(1), pod(2)),
    new: tuple[Pod, ...] = (),
    weights: tuple[int, int] = (100, 100),
    wanted: int = 2,
    workload: Json = None,
    source: str = "uid-old",
    rolling: bool = False,
    **more: object,
) -> Sighting:
    """Give a sighting of two workloads; `wanted` are the Deployment's replicas, `workload` the DaemonSet."""
    seen = look(old, new, weights, **more)  # type: ignore[arg-type]  # by their names
    found: dict[object, object] = {OLD_REF: {"metadata": {"uid": source}}} if source else {}
    found |= {NEW_REF: workload or TEMPLATE}
    both = Workloads(
        Workload(OLD_REF, "uid-old", rolling=rolling, wanted=wanted, pods=old), Workload(NEW_REF, "uid-ds", pods=new)
    )
    return seen.having(both).having(Objects(found))  # type: ignore[arg-type]  # a mapping of both


def due(decision: Decision) -> object:
    """Give what is written, or the code of what is waited for."""
    match decision:
        case Do(action):
            return action
        case Wait(reason):
            return reason.code
        case Halt(findings):
            return findings[0].code
        case _:
            return decision


def cheap(number: int, **more: object) -> Pod:
    """Give a pod that is the first to go."""
    return pod(number, deletion_cost=LEAST_COST, **more)


def price(cost: str | None) -> PatchObject:
    return PatchObject(pod_object(pod(1).ref), {"metadata": {"annotations": {COST: cost}}}, "uid-gw-1")


OUT = {"weights": (0, 100), "told": ("gw-1",), "written_at": ZEROED["written_at"]}
FEWER = PatchObject(OLD_REF, {"spec": {"replicas": 1}}, "uid-old")
MORE = PatchObject(OLD_REF, {"spec": {"replicas": 2}}, "uid-old")
OFF = PatchObject(NEW_REF, keeping_off(TEMPLATE, {"n-1"}), "uid-ds")
CLEARED: Manifest = {**TEMPLATE, **dict(keeping_off(TEMPLATE, {"n-1"}))}  # type: ignore[arg-type]  # an object


@pytest.mark.parametrize(
    ("step", "sighting", "what"),
    [
        pytest.param(STEP, at_hands(), SetWeights((Weighted(A, 0),)), id="its weight is taken"),
        pytest.param(STEP, at_hands(**OUT), price(CHEAPEST), id="its pod is made the first to go"),
        pytest.param(STEP, at_hands((cheap(1), pod(2)), **OUT), FEWER, id="the Deployment shrinks"),
        pytest.param(STEP, at_hands((cheap(1), pod(2)), wanted=1, **OUT), "swap.ending", id="its pod is about to end"),
        pytest.param(
            STEP,
            at_hands((cheap(1), pod(2, ready=False)), **OUT),
            "swap.other-first",
            id="another pod would go first",
        ),
        pytest.param(
            STEP,
            at_hands((cheap(1), pod(2)), rolling=True, **OUT),
            "guard.old-rolls",
            id="somebody rolls the Deployment",
        ),
        pytest.param(
            STEP,
            at_hands((cheap(1), pod(2)), wanted=1, rolling=True, **OUT),
            "swap.ending",
            id="it rolls as it shrinks",
        ),
        pytest.param(
            STEP,
            at_hands((pod(2),), (FRESH,), (0, 100), wanted=1),
            SetWeights((Weighted(A, 100),)),
            id="the new pod is proved",
        ),
        pytest.param(STEP, at_hands(source="another"), "guard.object-replaced", id="another Deployment"),
        pytest.param(STEP, at_hands(source=""), "guard.object-replaced", id="no Deployment"),
        pytest.param(HOME, at_hands((cheap(1), pod(2))), price(None), id="a pod that stays is not the first to go"),
        pytest.param(
            HOME,
            at_hands(
                (pod(2),),
                (pod(1, "gw-1-b"),),
                (0, 100),
                wanted=1,
                told=("gw-1-b",),
                **{"written_at": ZEROED["written_at"]},
            ),
            OFF,
            id="the DaemonSet is kept off its node",
        ),
        pytest.param(
            HOME,
            at_hands(
                (pod(2),),
                (pod(1, "gw-1-b"),),
                (0, 100),
                wanted=1,
                told=("gw-1-b",),
                workload=CLEARED,
                **{"written_at": ZEROED["written_at"]},
            ),
            "swap.ending",
            id="the new pod is about to end",
        ),
        pytest.param(
            HOME, at_hands((pod(2),), (), (0, 100), wanted=1), OFF, id="a node of nobody's is kept free first"
        ),
        pytest.param(
            HOME, at_hands((pod(2),), (), (0, 100), wanted=1, workload=CLEARED), MORE, id="the old pod is wanted again"
        ),
        pytest.param(
            HOME, at_hands((pod(2),), (), (0, 100), wanted=2, workload=CLEARED), "renew.proving", id="it is waited for"
        ),
    ],
)
def test_what_is_due_for_a_node_that_changes_hands(step: Swap, sighting: Sighting, what: object) -> None:
    assert due(step.decide(sighting.only(step.needs))) == what


BARS: Manifest = {
    "metadata": {"uid": "uid-ds"},
    "spec": {"template": {"spec": {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [TERM]}}}}}},
}


def at_a_node(barred: bool = True, *args: object, **more: object) -> Sighting:
    """Give a sighting whose DaemonSet keeps off nodes with the label, and of `n-1` with it or without."""
    seen = at_hands(*args, workload=BARS, **more)  # type: ignore[arg-type]  # by their names
    labels: Manifest = {bar_of(NEW_REF): "true"} if barred else {}
    node: Manifest = {"metadata": {"uid": "uid-n-1", "labels": labels}}
    return seen.having(Objects({**seen[Objects].found, node_ref("n-1"): node}))


ON = PatchObject(node_ref("n-1"), letting_on(NEW_REF), "uid-n-1")
BARRED = PatchObject(node_ref("n-1"), barring(NEW_REF), "uid-n-1")
EARLY = pod(1, "new-1")


@pytest.mark.parametrize(
    ("step", "sighting", "what"),
    [
        pytest.param(STEP, at_a_node(), SetWeights((Weighted(A, 0),)), id="its weight is taken first"),
        pytest.param(STEP, at_a_node(**OUT), ON, id="then the DaemonSet is let on"),
        pytest.param(STEP, at_a_node(False, **OUT), price(CHEAPEST), id="then its pod is the first to go"),
        pytest.param(
            STEP, at_a_node(True, (pod(2),), (), wanted=1), SetWeights((Weighted(A, 0),)), id="a node without a pod"
        ),
        pytest.param(STEP, at_a_node(True, (pod(2),), (), (0, 100), wanted=1), ON, id="it is let on to nobody's node"),
        pytest.param(
            STEP,
            at_a_node(True, (pod(2),), (EARLY,), wanted=1),
            SetWeights((Weighted(A, 0),)),
            id="nobody has proved who came before its turn",
        ),
        pytest.param(STEP, at_a_node(True, (pod(2),), (EARLY,), (0, 100), wanted=1), ON, id="its turn has come now"),
        pytest.param(
            STEP, at_a_node(True, (), (EARLY,), (100, 0), wanted=1), "renew.last-one", id="nobody else carries it"
        ),
        pytest.param(HOME, at_a_node(False), BARRED, id="on the way back nobody is to come to an old pod's node"),
        pytest.param(HOME, at_a_node(), "renew.done", id="it is the old side's"),
        pytest.param(
            HOME,
            at_a_node(
                False,
                (pod(2),),
                (pod(1, "gw-1-b"),),
                (0, 100),
                wanted=1,
                told=("gw-1-b",),
                written_at=ZEROED["written_at"],
            ),
            BARRED,
            id="the new pod may go",
        ),
        pytest.param(
            HOME,
            at_a_node(
                True,
                (pod(2),),
                (pod(1, "gw-1-b"),),
                (0, 100),
                wanted=1,
                told=("gw-1-b",),
                written_at=ZEROED["written_at"],
            ),
            "swap.ending",
            id="it is about to end",
        ),
        pytest.param(HOME, at_a_node(True, (pod(2),), (), (0, 100), wanted=1), MORE, id="the old pod is wanted again"),
    ],
)
def test_a_node_lets_the_daemon_set_on_in_its_turn_and_not_before(step: Swap, sighting: Sighting, what: object) -> None:
    decision = step.decide(sighting.only(step.needs))

    assert (decision.note.code if isinstance(decision, Done) and decision.note else due(decision)) == what


@pytest.mark.parametrize(
    ("wanted", "new", "what"),
    [
        pytest.param(0, (FRESH,), PatchObject(OLD_REF, {"spec": {"replicas": 1}}, "uid-old"), id="one is missed"),
        pytest.param(1, (FRESH,), SetWeights((Weighted(A, 100),)), id="nobody is missed"),
        pytest.param(0, (), "renew.proving", id="it might start on this node"),
    ],
)
def test_the_deployment_wants_a_pod_for_each_node_whose_turn_has_not_come(
    wanted: int, new: tuple[Pod, ...], what: object
) -> None:
    made = {patch_name(barring(NEW_REF)): Patched(1)}
    past = {node_ref("n-2"): made, node_ref("n-1"): {**made, patch_name(letting_on(NEW_REF)): Patched(1)}}
    seen = at_a_node(False, (), new, (0, 100), wanted=wanted, patches=past)

    assert due(STEP.decide(seen.only(STEP.needs))) == what


def test_a_node_that_is_gone_is_not_labelled() -> None:
    seen = at_hands(workload=BARS)

    assert isinstance(HOME.decide(seen.only(HOME.needs)), Done)


def others(**values: object) -> KeepOthers:
    """Give the last step of the way back, for the first node."""
    given = {each.name: getattr(HOME, each.name) for each in fields(HOME)}
    return KeepOthers(**{**given, **values})  # type: ignore[arg-type]  # by their names


def test_the_last_step_back_waits_only_for_nodes_that_have_lost_their_weight() -> None:
    lame, lost = at_a_node(True, (pod(1, ready=False), pod(2))), at_a_node(True, (pod(1), pod(2)), (), (0, 100))
    step, nobody = others(), others(nodes=())

    assert isinstance(step.decide(lame.only(step.needs)), Done)
    assert due(step.decide(lost.only(step.needs))) == SetWeights((Weighted(A, 100),))
    assert isinstance(nobody.decide(lost.only(step.needs)), Done)
    assert step.title.code == "step.keep-others"


def test_a_daemon_set_that_is_gone_is_nobody_to_keep_off() -> None:
    seen = at_hands((pod(2),), (), (0, 100), wanted=1)
    seen = seen.having(Objects({OLD_REF: {"metadata": {"uid": "uid-old"}}}))

    assert due(HOME.decide(seen.only(HOME.needs))) == MORE


def test_a_new_gateway_is_compared_with_an_old_one_while_there_is_one() -> None:
    there = STEP.attends(at_hands((pod(2),), (FRESH,), (0, 100)).only(STEP.needs))
    alone = STEP.attends(at_hands((), (FRESH, pod(2)), (0, 100)).only(STEP.needs))

    assert (there.of, alone.of) == (Side.OLD, Side.NEW)


LOSING = replace(STEP, waived=("l-1",))
LAST = SetWeights((Weighted(A, 0),))


def test_only_the_step_that_says_so_takes_the_last_weight_of_a_listener() -> None:
    seen = at_hands(weights=(100, 0))

    assert due(STEP.decide(seen.only(STEP.needs))) == "renew.last-one"
    assert due(LOSING.decide(seen.only(LOSING.needs))) == LAST
    assert LOSING.empties == frozenset({A})
    assert STEP.empties == frozenset()


def behind_two_listeners(sick: bool = False, lame: bool = False) -> tuple[Swap, Sighting]:
    """Give a node that carries `l-1` alone, and `l-2` beside another, which may be unhealthy or whose pod may not be Ready."""
    there, beside = Backend("l-2", A.address, 81), Backend("l-2", B.address, 81)
    weighted = ((A, 100, False), (there, 0 if lame else 100, False), (beside, 100, sick))
    rows = tuple(
        Row(Target(each, weight, Health.UNHEALTHY if ill else Health.HEALTHY), Side.OLD)
        for each, weight, ill in weighted
    )
    node = replace(ONE, rows=(*ONE.rows, Weighted(there, 100)))
    step = replace(STEP, nodes=(node,), waived=("l-1",))
    return step, at_hands((pod(1), pod(2, ready=not lame))).having(Pools(rows))


def test_a_listener_is_emptied_only_when_nothing_else_keeps_its_node() -> None:
    alone, other_carries = behind_two_listeners()
    kept, other_sick = behind_two_listeners(sick=True)
    waiting, other_lame = behind_two_listeners(lame=True)

    first = due(alone.decide(other_carries.only(alone.needs)))
    assert first == SetWeights((Weighted(Backend("l-2", A.address, 81), 0),))
    assert due(kept.decide(other_sick.only(kept.needs))) == "renew.rest-unfit"
    assert due(waiting.decide(other_lame.only(waiting.needs))) == "swap.other-first"
    home = replace(waiting, towards=Side.OLD)
    assert due(home.decide(other_lame.only(home.needs))) != "swap.other-first"


def test_the_first_rule_is_waived_for_the_rows_that_the_step_names_and_for_no_other() -> None:
    rows = tuple(
        Row(Target(each, weight, Health.HEALTHY), Side.OLD) for each, weight in zip(NEW, (100, 0), strict=True)
    )
    seen = at_hands().having(Pools(rows))
    both = at_hands()

    assert violations(LAST, seen) != []
    assert violations(LAST, seen.having(Waived(frozenset({A})))) == []
    assert violations(LAST, seen.having(Waived(frozenset({B, Backend("l-2", "10.1.0.1", 80)})))) != []
    everything = SetWeights((Weighted(A, 0), Weighted(B, 0)))
    assert violations(everything, both.having(Waived(frozenset({A})))) != []


@pytest.mark.parametrize(
    ("patch", "weights", "broken"),
    [
        pytest.param(FEWER, (0, 100), False, id="the pod that goes has no weight"),
        pytest.param(FEWER, (100, 100), True, id="it has some"),
        pytest.param(PatchObject(OLD_REF, {"spec": {"replicas": 0}}, "uid-old"), (0, 100), True, id="both would go"),
        pytest.param(MORE, (100, 100), False, id="nobody goes"),
        pytest.param(
            PatchObject(OLD_REF, {"spec": {"paused": True}}, "uid-old"), (100, 100), False, id="something else"
        ),
        pytest.param(PatchObject(NEW_REF, keeping_off({}, {"n-1"}), "u"), (0, 100), False, id="a node without weight"),
        pytest.param(PatchObject(NEW_REF, keeping_off({}, {"n-2"}), "u"), (0, 100), True, id="a node with weight"),
        pytest.param(PatchObject(node_ref("n-1"), barring(NEW_REF), "u"), (0, 100), False, id="a label without weight"),
        pytest.param(PatchObject(node_ref("n-2"), barring(NEW_REF), "u"), (0, 100), True, id="a label, with weight"),
        pytest.param(PatchObject(node_ref("n-2"), letting_on(NEW_REF), "u"), (0, 100), False, id="a label comes off"),
    ],
)
def test_no_patch_ends_a_pod_that_gets_traffic(patch: PatchObject, weights: tuple[int, int], broken: bool) -> None:
    seen = at_hands((cheap(1), pod(2)), (pod(2, "new-2"), pod(1, "new-1")), weights)

    assert bool(violations(patch, seen)) is broken
    assert bool(violations(patch, seen.only(frozenset({Pools, Workloads})))) is broken


def test_fewer_replicas_end_those_first_that_serve_least() -> None:
    homeless = replace(pod(3), ref=replace(pod(3).ref, node=""), ready=False)
    lame, dear = pod(4, ready=False), pod(5)
    whole = Workload(OLD_REF, "uid-old", pods=(dear, cheap(1), lame, homeless))

    assert ended_with(whole, 4) == ()
    assert ended_with(whole, 3) == (homeless,)
    assert ended_with(whole, 2) == (homeless, lame)
    assert ended_with(whole, 1) == (homeless, lame, cheap(1))
    assert ended_with(replace(whole, pods=(dear, pod(6))), 1) == (dear, pod(6))


def test_a_node_is_excluded_in_every_term_and_what_was_required_stays() -> None:
    own: Json = {"matchExpressions": [{"key": "role", "operator": "In", "values": ["gateway"]}]}
    before = keeping_off({}, {"z"})
    spec: Json = {
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [own]}}}
    }
    patch = keeping_off({"spec": {"template": {"spec": spec}}}, {"b", "a"})

    assert kept_off(before) == {"z"}
    assert kept_off(patch) == {"a", "b"}
    assert kept_off(keeping_off(before, {"a"})) == {"a"}
    assert kept_off({}) == frozenset()
    assert "role" in str(patch)


def test_the_title_names_the_node_and_the_way() -> None:
    assert [step.title.code for step in (STEP, HOME)] == ["step.swap", "step.swap-back"]
    assert STEP.objects == (OLD_REF, NEW_REF, node_ref("n-1"))
    assert verbatim("x") is not None
    assert NOW

"""The steps of a restart: what is due for a node in each situation, what is waited for, and what turns the run back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import DeleteObject, PatchObject, PodRef, SetWeights, Tell, Word
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, TurnBack, Wait
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Reading, Ruling, Verdict
from migrator.domain.model.spec import DrainSpec, OnTimeout
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.nodes import Host, Hosts
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Objects,
    Probes,
    RunPosition,
    Sighting,
    Workloads,
)
from migrator.domain.sides.revisions import parted, revision
from migrator.domain.steps import Renew, Rewrite, Shed, WriteBack
from migrator.domain.steps.estimate import Pace, Scale
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.proof import Proof
from migrator.domain.turn.invariants import violations
from migrator.domain.turn.settling import is_true
from tests.domain.seen import NEW, NEW_REF, PLAIN, START, at

A, B = NEW
NODES = ("n-1", "n-2")
CHANGE = Change(NEW_REF, "uid-ds", {"spec": {"template": {"v": 2}}}, {"spec": {"template": {"v": 1}}}, verbatim("why"))
PROOF = Proof(30.0, 60.0, compares=True, tells=True)
CUT = DrainSpec(20.0, OnTimeout.CUT)
ONE = NodeRows("n-1", "10.1.0.1", (Weighted(A, 100),))
STEP = Renew(Side.NEW, (ONE,), (CHANGE,), CUT, PROOF, soak=10.0)
NOW = 100.0
LONG_AGO, LATELY = at(NOW - 50.0), at(NOW - 5.0)


def pod(node: int, name: str = "", **more: object) -> Pod:
    """Give a Ready pod on a node; `name` is its own where it is not the first there."""
    known = name or f"gw-{node}"
    values: dict[str, object] = {"ready": True, "ready_since": LONG_AGO, "labels": (), **more}
    return Pod(PodRef("edge", known, f"uid-{known}", f"10.1.0.{node}", f"n-{node}"), **values)  # type: ignore[arg-type]


def look(
    old: tuple[Pod, ...] = (pod(1), pod(2)),
    new: tuple[Pod, ...] = (),
    weights: tuple[int, int] = (100, 100),
    health: tuple[Health, Health] = (Health.HEALTHY, Health.HEALTHY),
    told: tuple[str, ...] = (),
    connections: int | None = 0,
    counted: float = NOW,
    capabilities: Capabilities = PLAIN,
    template: Json = None,
    **past: object,
) -> Sighting:
    """Give a sighting of two nodes; `told` are the pods that were told to go."""
    live = (*old, *new)
    sides = {each.ref.ip: side for side, pods in ((Side.OLD, old), (Side.NEW, new)) for each in pods}
    rows = tuple(
        Row(Target(backend, weight, how), sides.get(backend.address, Side.OLD))
        for backend, weight, how in zip(NEW, weights, health, strict=True)
    )
    words = tuple((each.ref.uid, Word.GO if each.ref.name in told else Word.STAY) for each in live)
    readings = tuple(Reading(each.ref.name, Side.OLD, NOW, "1", 0, 0, connections=connections) for each in live)
    object_now: Manifest = {"metadata": {"uid": "uid-ds"}, "spec": {"template": template or {"v": 2}}}
    whole = Workload(NEW_REF, "uid-ds")
    return Sighting(
        Pools(rows, capabilities),
        Workloads(replace(whole, pods=old), replace(whole, pods=new)),
        Hosts((Host("n-1", "10.1.0.1"), Host("n-2", "10.1.0.2"))),
        Probes(tuple((f"{each.address}:{each.port}", None) for each in NEW), NOW),
        Configs(compared=tuple(each.ref.name for each in live)),
        GatewaySignals(words),
        ConnectionCounts(readings, (), counted),
        Judgement(),
        JournalFacts(**{"entered_at": at(NOW - 20.0), **past}),  # type: ignore[arg-type]  # by their names
        Clocks(at(NOW), NOW),
        Objects({NEW_REF: object_now}),
        RunPosition(State.RUNNING, Heading.FORWARD, verbatim("step")),
        Sides(),
        AnswerParity(),
        AskedOfBoth(),
    )


ZEROED: dict[str, object] = {"weights": (0, 100), "written_at": {A: at(NOW - 10.0)}}
FRESH = pod(1, "gw-1-b", ready_since=at(NOW - 3.0), made_at=at(NOW - 6.0))


def due(decision: Decision) -> object:
    """Give what is written, or the code of what is waited for."""
    match decision:
        case Do(action):
            return action
        case Wait(reason):
            return reason.code
        case Ask(question):
            return question.code
        case Done(note):
            return f"done {note.code if note else ''}"
        case Halt(findings) | TurnBack(findings):
            return f"{type(decision).__name__} {findings[0].code}"
        case _:
            raise AssertionError(decision)


END = DeleteObject(ObjectRef("v1", "Pod", "edge", "gw-1"), "uid-gw-1")
OUT = SetWeights((Weighted(A, 0),))
IN = SetWeights((Weighted(A, 100),))
GO = Tell(Side.OLD, Word.GO, (pod(1).ref,))
RENEWED = {"old": (pod(2),), "new": (FRESH,), "weights": (0, 100)}


@pytest.mark.parametrize(
    ("step", "sighting", "what"),
    [
        pytest.param(STEP, look(), OUT, id="its weight is taken"),
        pytest.param(
            STEP,
            look(health=(Health.HEALTHY, Health.UNHEALTHY)),
            "renew.rest-unfit",
            id="nobody is taken out while another is not well",
        ),
        pytest.param(
            replace(STEP, rest=0.0),
            look(health=(Health.HEALTHY, Health.UNHEALTHY)),
            "renew.last-one",
            id="the last that is well keeps its weight",
        ),
        pytest.param(
            STEP, look(**ZEROED, capabilities=Capabilities(settle=15.0)), "renew.settling", id="the balancer follows"
        ),
        pytest.param(STEP, look(**ZEROED), GO, id="it is told to go"),
        pytest.param(STEP, look(**ZEROED, told=("gw-1",)), END, id="its pod ends without connections"),
        pytest.param(
            STEP, look(**ZEROED, told=("gw-1",), connections=3), "renew.draining", id="its connections are waited for"
        ),
        pytest.param(
            STEP,
            look(**ZEROED, told=("gw-1",), counted=NOW - 15.0),
            "renew.draining",
            id="a count from before proves nothing",
        ),
        pytest.param(
            STEP,
            look(weights=(0, 100), written_at={A: at(NOW - 30.0)}, told=("gw-1",), connections=3),
            END,
            id="the deadline cuts them",
        ),
        pytest.param(
            replace(STEP, drain=DrainSpec(20.0, OnTimeout.HOLD)),
            look(weights=(0, 100), written_at={A: at(NOW - 30.0)}, told=("gw-1",), connections=3),
            "renew.ask-cut",
            id="or a person is asked",
        ),
        pytest.param(
            replace(STEP, drain=DrainSpec(20.0, OnTimeout.HOLD)),
            look(
                weights=(0, 100),
                written_at={A: at(NOW - 30.0)},
                told=("gw-1",),
                connections=3,
                answered=("renew.ask-cut",),
            ),
            END,
            id="whose yes cuts them",
        ),
        pytest.param(
            replace(STEP, proof=replace(PROOF, tells=False)), look(**ZEROED), END, id="who cannot be told just ends"
        ),
        pytest.param(STEP, look(old=(pod(2),), weights=(0, 100)), "renew.proving", id="no new pod yet"),
        pytest.param(
            STEP,
            look(old=(pod(2),), weights=(0, 100), settled_at=at(NOW - 40.0)),
            "renew.proving",
            id="its predecessor may take its time to end",
        ),
        pytest.param(
            STEP,
            look(old=(pod(2),), weights=(0, 100), settled_at=at(NOW - 70.0)),
            "TurnBack renew.unfit",
            id="none for too long turns back",
        ),
        pytest.param(
            STEP,
            look(old=(pod(2),), new=(replace(FRESH, ready=False, made_at=at(NOW - 40.0)),), weights=(0, 100)),
            "TurnBack renew.unfit",
            id="not Ready for too long turns back",
        ),
        pytest.param(
            STEP,
            look(old=(pod(2),), new=(replace(FRESH, ready=False),), weights=(0, 100)),
            "renew.proving",
            id="not Ready yet",
        ),
        pytest.param(
            STEP,
            look(old=(pod(2),), new=(replace(FRESH, ready=False, hopeless=True),), weights=(0, 100)),
            "TurnBack renew.unfit",
            id="a hopeless one turns back at once",
        ),
        pytest.param(
            replace(STEP, towards=Side.OLD),
            look(
                old=(replace(FRESH, ready=False, hopeless=True),),
                new=(pod(2),),
                weights=(0, 100),
                settled_at=at(NOW - 40.0),
            ),
            "renew.proving",
            id="on the way back it is waited for",
        ),
        pytest.param(STEP, look(**RENEWED), IN, id="a proved one gets its weight back"),
        pytest.param(
            STEP,
            look(**RENEWED, told=("gw-1-b",)),
            Tell(Side.NEW, Word.STAY, (FRESH.ref,)),
            id="one that was told to go is told to stay first",
        ),
        pytest.param(
            STEP,
            look(**RENEWED, health=(Health.UNHEALTHY, Health.HEALTHY)),
            "renew.proving",
            id="not what the balancer calls sick",
        ),
        pytest.param(
            STEP,
            look(**{**RENEWED, "weights": (100, 100)}),
            "renew.soaking",
            id="it is watched with its weight",
        ),
        pytest.param(
            STEP, look(**{**RENEWED, "weights": (100, 100)}, soaked=10.0), "done renew.done", id="long enough"
        ),
        pytest.param(
            replace(STEP, towards=Side.OLD), look(), "done renew.done", id="on the way back nobody watches for a soak"
        ),
        pytest.param(
            replace(STEP, nodes=(replace(ONE, name="n-9"),)),
            look(soaked=10.0),
            "done renew.done",
            id="its node is gone",
        ),
        pytest.param(
            STEP,
            look(template={"v": 3}),
            PatchObject(NEW_REF, CHANGE.patch, "uid-ds"),
            id="another template is written over once",
        ),
        pytest.param(
            STEP,
            look(old=(pod(1), pod(2)), new=(FRESH,), **ZEROED, told=("gw-1",)),
            END,
            id="a surplus pod of the former revision ends",
        ),
    ],
)
def test_the_first_duty_of_a_node_that_is_due(step: Renew, sighting: Sighting, what: object) -> None:
    assert due(step.decide(sighting)) == what


def test_a_pod_that_nobody_was_ever_sent_to_ends_without_a_drain() -> None:
    back = replace(STEP, towards=Side.OLD)
    past: dict[str, object] = {"weights": (0, 100), "connections": None, "told": ("gw-1-b",)}
    sighting = look(old=(pod(2),), new=(replace(FRESH, ready=False),), **past)
    zeroed = JournalFacts(weights={A: (0,)}, written_at={A: at(NOW - 8.0)}, entered_at=at(NOW - 8.0))

    assert due(back.decide(sighting.having(zeroed))) == DeleteObject(
        ObjectRef("v1", "Pod", "edge", "gw-1-b"), "uid-gw-1-b"
    )


@pytest.mark.parametrize(
    ("facet", "why"),
    [
        pytest.param(ConnectionCounts(at=NOW), "renew.not-asked", id="nobody asked it yet"),
        pytest.param(Configs(differences=(("gw-1-b", (verbatim("x"),)),)), "peers.differ", id="it differs"),
        pytest.param(Configs(unready=(("gw-1-b", verbatim("x")),)), "peers.warming", id="it warms up"),
        pytest.param(Configs(), "peers.not-compared", id="it is not compared yet"),
        pytest.param(Probes(), "probe.none-yet", id="our own request was not answered"),
    ],
)
def test_a_gateway_that_is_not_proved_gets_no_weight_and_in_the_end_turns_the_run_back(facet: object, why: str) -> None:
    sighting = look(**RENEWED).having(facet)
    late = replace(FRESH, ready_since=at(NOW - 70.0))

    decision = STEP.decide(sighting)
    assert isinstance(decision, Wait)
    assert why in str(decision.reason)
    over = look(**{**RENEWED, "new": (late,)}).having(facet)
    assert due(STEP.decide(over)) == "TurnBack renew.unfit"


def test_too_few_requests_for_a_verdict_hold_nobody_for_ever() -> None:
    few = Verdict(Ruling.TOO_FEW, verbatim("few"), "counters", sample_at=NOW)
    there = {**RENEWED, "weights": (100, 100)}

    soon = look(**there).having(Judgement(few, at=NOW))
    late = look(**there, settled_at=at(NOW - 40.0)).having(Judgement(few, at=NOW))

    assert due(STEP.decide(soon)) == "renew.soaking"
    assert due(STEP.decide(late)) == "done renew.done-few"


def test_both_revisions_are_watched_and_a_new_gateway_is_compared_with_one_that_serves() -> None:
    coming = STEP.attends(look(**RENEWED))
    nobody = STEP.attends(look())
    mute = replace(STEP, proof=replace(PROOF, compares=False)).attends(look(**RENEWED))

    assert (coming.both, coming.backends, coming.peers, coming.compared) == (True, (A,), (pod(2).ref,), (FRESH.ref,))
    assert (nobody.both, nobody.backends, nobody.compared) == (True, (), ())
    assert (mute.peers, mute.compared) == ((), ())


def test_samples_are_taken_once_every_node_has_its_weight() -> None:
    assert STEP.stands(look(**{**RENEWED, "weights": (100, 100)}))
    assert not STEP.stands(look())
    assert not STEP.stands(Sighting())
    assert STEP.climbs
    assert not replace(STEP, towards=Side.OLD).climbs
    assert (STEP.watches, STEP.objects) == (10.0, (NEW_REF,))


def test_a_restart_says_beforehand_what_it_costs() -> None:
    scale = Scale((), (), (), Capabilities(), Pace(1.0, 10.0), 20.0)

    assert STEP.estimate(scale).worst == 20.0 + 20.0 + 30.0 + 30.0 + 60.0 + 30.0
    assert STEP.estimate(scale).expected == 2.0 + 10.0 + 10.0 + 10.0 + 10.0
    slow = replace(STEP, proof=replace(PROOF, grace=300.0))
    assert slow.estimate(scale).worst == STEP.estimate(scale).worst + 270.0
    assert slow.estimate(scale).expected == STEP.estimate(scale).expected
    assert Shed(()).estimate(scale).way_back is not None


def test_the_new_revision_loses_its_weight_at_once_as_far_as_the_others_can_carry_it() -> None:
    recorded = tuple(Weighted(Backend("l-1", f"10.1.0.{i}", 80), 100) for i in range(1, 5))
    rows = tuple(
        Row(Target(row.backend, 100, Health.HEALTHY), Side.NEW if i < 3 else Side.OLD) for i, row in enumerate(recorded)
    )
    newest = {row.backend: START + timedelta(seconds=i) for i, row in enumerate(recorded)}
    sighting = Sighting(Pools(rows, Capabilities(settle=3.0)), JournalFacts(written_at=newest), Clocks(at(NOW), NOW))

    step = Shed(recorded)
    assert due(step.decide(sighting)) == SetWeights(
        (Weighted(recorded[2].backend, 0), Weighted(recorded[1].backend, 0))
    )
    shed = Pools(
        tuple(replace(row, target=replace(row.target, weight=0)) if 0 < i < 3 else row for i, row in enumerate(rows)),
        Capabilities(settle=3.0),
    )
    written = JournalFacts(written_at=newest, settled_at=at(NOW - 1.0))
    assert due(step.decide(sighting.having(shed).having(written))) == "shed.follows"
    past = JournalFacts(written_at=newest, settled_at=at(NOW - 5.0))
    assert due(step.decide(sighting.having(shed).having(past))) == "done shed.left"
    none_left = replace(shed, rows=tuple(replace(row, side=Side.OLD) for row in shed.rows))
    assert due(step.decide(sighting.having(none_left).having(past))) == "done shed.done"


def test_the_template_is_written_and_written_back() -> None:
    there, back = Rewrite((CHANGE,)), WriteBack((CHANGE,))

    assert due(there.decide(look(template={"v": 1}))) == PatchObject(NEW_REF, CHANGE.patch, "uid-ds")
    assert due(there.decide(look())) == "done rewrite.done"
    assert due(back.decide(look())) == PatchObject(NEW_REF, CHANGE.undo, "uid-ds")
    assert due(back.decide(look(template={"v": 1}))) == "done undo.done"


def test_a_pod_ends_only_while_its_node_has_no_weight() -> None:
    elsewhere = Sighting(*(facet for kind, facet in look(**ZEROED)._facets.items() if kind is not Hosts))

    assert [said.code for said in violations(END, look())] == ["rule.deletes-weight"]
    assert violations(END, look(**ZEROED)) == []
    assert violations(END, elsewhere) == []


@pytest.mark.parametrize(
    ("meta", "settled"),
    [
        pytest.param({"uid": "uid-gw-1"}, False, id="it is there"),
        pytest.param({"uid": "uid-gw-1", "deletionTimestamp": "now"}, True, id="it is ending"),
        pytest.param({"uid": "another"}, True, id="another one has its name"),
    ],
)
def test_the_end_of_a_pod_is_settled_once_it_was_asked_for(meta: Manifest, settled: bool) -> None:
    assert is_true(END, Sighting(Objects({END.ref: {"metadata": meta}}))) is settled


def test_pods_are_told_apart_by_their_revision() -> None:
    former, other = (pod(i, labels=(("controller-revision-hash", f"r{i}"),)) for i in (1, 2))
    whole = Workload(NEW_REF, "uid-ds", pods=(former, other, replace(pod(3), ready=False)))

    sides = parted(whole, ("r1",))

    assert [revision(each) for each in whole.pods] == ["r1", "r2", ""]
    assert (sides.old.pods, sides.old.ready) == ((former,), 1)
    assert (len(sides.new.pods), sides.new.ready) == (2, 1)


ASKS = replace(STEP, proof=replace(PROOF, asks=True))


@pytest.mark.parametrize(
    ("sighting", "what", "asks"),
    [
        pytest.param(look(**RENEWED), "renew.proving", True, id="nobody was asked yet"),
        pytest.param(look(**RENEWED).having(AskedOfBoth(used_up=True)), IN, True, id="no request is left"),
        pytest.param(look(**{**RENEWED, "old": ()}), IN, False, id="nobody is left of the former revision"),
        pytest.param(look(), OUT, False, id="nobody is to be proved"),
    ],
)
def test_both_revisions_answer_alike_before_the_new_one_gets_weight(
    sighting: Sighting, what: object, asks: bool
) -> None:
    assert due(ASKS.decide(sighting)) == what
    assert ASKS.asks_both(sighting) is asks
    assert not replace(ASKS, towards=Side.OLD).compares


def test_a_yes_is_asked_for_every_node_that_it_is_for() -> None:
    both = replace(
        STEP, nodes=(ONE, NodeRows("n-2", "10.1.0.2", (Weighted(B, 100),))), drain=DrainSpec(20.0, OnTimeout.HOLD)
    )
    out: dict[str, object] = {"weights": (0, 0), "told": ("gw-1", "gw-2")}
    late = {A: at(NOW - 30.0), B: at(NOW - 15.0)}

    asked = both.decide(look(**out, written_at=late, connections=3))  # type: ignore[arg-type]  # by their names
    unknown = both.decide(look(**out, written_at=late, connections=None))  # type: ignore[arg-type]  # as above

    assert asked == Ask(say("renew.ask-cut", node=("n-1", "n-2"), connections=6, timeout=20.0))
    assert unknown == Ask(say("renew.ask-cut", node=("n-1", "n-2"), connections=None, timeout=20.0))

"""The steps of a single pod: each thing that they wait for, and each reason for which they stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import (
    DeleteObject,
    Deregister,
    PatchObject,
    Register,
    SetWeights,
    Tell,
    Word,
    pod_object,
)
from migrator.domain.model.balancer import Health, Pools, Side, Weighted
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import ConnectionCounts, JournalFacts, Objects, OpenWrite, Probes, Sighting
from migrator.domain.steps.isolating.bring import Bring, TakeOff, TakeOver, Unmark
from migrator.domain.steps.isolating.captive import Captive
from migrator.domain.steps.isolating.let_go import EndPod, LetGo, PutBack
from migrator.domain.steps.isolating.set_aside import Empty, SetAside
from migrator.domain.turn.invariants import violations
from migrator.domain.turn.settling import is_true
from tests.domain.seen import NEW, OLD_REF, at, counts, meant, pod, pools, rows, seen, told, workload, workloads

MARK: Manifest = {"metadata": {"labels": {"apart": "true"}}}
LOSES: Manifest = {"metadata": {"labels": {"app": None}}}
GETS: Manifest = {"metadata": {"labels": {"app": "gw"}}}
POD = pod(Side.NEW, 0).ref
CAPTIVE = Captive(POD, (Weighted(NEW[0], 100),))
ONE_OF_TWO = Pools((*rows(Side.NEW, NEW, 0, 100),))


def thing(owned: bool = True, ready: bool = True, ends: bool = False, **labels: str) -> Manifest:
    """The pod's object."""
    meta: Manifest = {"namespace": "edge", "name": POD.name, "uid": POD.uid, "labels": {**labels}}
    meta["ownerReferences"] = [{"controller": True}] if owned else []
    if ends:
        meta["deletionTimestamp"] = "2026-01-02T03:04:05Z"
    status: Manifest = {"conditions": [{"type": "Ready", "status": str(ready)}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": status}


def there(*found: Manifest) -> Objects:
    from tests.domain.seen import objects

    return objects(*found)


def past(entered: float = 95.0, **more: Any) -> JournalFacts:
    """What the journal says of a step that has just begun (now is 100)."""
    return JournalFacts(**{"weights": meant(ONE_OF_TWO), "entered_at": at(entered), **more})


def code(decision: Decision) -> str:
    """The kind of a decision and the code of its reason."""
    match decision:
        case Halt(findings):
            return findings[0].code
        case Ask(question):
            return question.code
        case Wait() | Done() | Do():
            why = (
                decision.reason
                if isinstance(decision, Wait)
                else decision.why
                if isinstance(decision, Do)
                else decision.note
            )
            assert isinstance(why, Message)
            return why.code
    raise AssertionError(decision)


# --- set aside, empty -----------------------------------------------------------------------------------------------------

ASIDE = SetAside(CAPTIVE, MARK)
FULL = pools(0, 100)


@pytest.mark.parametrize(
    ("facets", "said"),
    [
        pytest.param((there(), FULL), "isolate.pod-gone", id="the pod is gone"),
        pytest.param(
            (there({**thing(), "metadata": {**thing()["metadata"], "uid": "x"}}), FULL),
            "isolate.pod-gone",
            id="another",
        ),  # type: ignore[dict-item]  # JSON
        pytest.param((there(thing()), FULL), "aside.mark", id="no mark yet"),
        pytest.param((there(thing(apart="true")), FULL), "aside.zero", id="its weight"),
        pytest.param(
            (there(thing(apart="true")), Pools((*rows(Side.NEW, NEW, 100, 0),))), "aside.last-one", id="the last"
        ),
        pytest.param(
            (there(thing(apart="true")), ONE_OF_TWO, past(written_at={NEW[0]: at(99.5)})),
            "aside.settling",
            id="just written",
        ),
        pytest.param(
            (there(thing(apart="true")), ONE_OF_TWO, past(written_at={NEW[0]: at(90)})), "aside.done", id="settled"
        ),
        pytest.param((there(thing(apart="true")), ONE_OF_TWO), "aside.done", id="never had any"),
    ],
)
def test_a_pod_is_marked_loses_its_weight_and_the_data_plane_gets_its_time(facets: Any, said: str) -> None:
    assert code(ASIDE.decide(seen(*facets))) == said


EMPTY = Empty(POD, 20.0, OnTimeout.HOLD)
NOBODY = counts(new=0)


def emptying(entered: float, *facets: object, **more: Any) -> Sighting:
    return seen(ONE_OF_TWO, past(entered, **more), told(new=Word.GO), *facets).having(Hosts())


@pytest.mark.parametrize(
    ("step", "sighting", "said"),
    [
        pytest.param(EMPTY, emptying(95.0, told(new=Word.STAY)), "empty.tell", id="not told yet"),
        pytest.param(EMPTY, emptying(95.0, NOBODY), "empty.done", id="nobody is left"),
        pytest.param(EMPTY, emptying(95.0, counts(new=0, counted_at=1090.0)), "empty.waiting", id="an old count"),
        pytest.param(EMPTY, emptying(95.0, ConnectionCounts()), "empty.waiting", id="no count is no good news"),
        pytest.param(EMPTY, emptying(95.0, counts(new=3)), "empty.waiting", id="some are left"),
        pytest.param(EMPTY, emptying(70.0, counts(new=3)), "empty.ask", id="the deadline"),
        pytest.param(EMPTY, emptying(70.0, counts(new=3), answered=("empty.ask",)), "empty.left", id="a yes"),
        pytest.param(
            replace(EMPTY, on_timeout=OnTimeout.CUT), emptying(70.0, counts(new=3)), "empty.left", id="the plan goes on"
        ),
        pytest.param(
            replace(EMPTY, tells=False), emptying(95.0, told(new=Word.STAY), NOBODY), "empty.done", id="takes no word"
        ),
    ],
)
def test_a_pod_is_told_to_go_and_counted_until_nobody_is_left(step: Empty, sighting: Sighting, said: str) -> None:
    assert code(step.decide(sighting)) == said


def test_only_the_pod_itself_is_told() -> None:
    decision = EMPTY.decide(emptying(95.0, told(new=Word.STAY)))

    assert isinstance(decision, Do)
    assert decision.action == Tell(Side.NEW, Word.GO, (POD,))
    assert EMPTY.attends(emptying(95.0)).pods == (POD,)


# --- let go ---------------------------------------------------------------------------------------------------------------

SLICE: Manifest = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {"namespace": "edge", "name": "gw-x"},
    "endpoints": [{"targetRef": {"uid": POD.uid}}],
}
EMPTIED: Manifest = {**SLICE, "endpoints": []}
GO = LetGo(POD, LOSES, (), False, 30.0)
LISTED = replace(GO, slices=ASIDE.objects[:0])
PEER = pod(Side.NEW, 1)
WAITS = replace(pod(Side.NEW, 0), ref=replace(POD, name="later", uid="later", ip="", node=""), ready=False)
LATER = replace(WAITS, ref=replace(WAITS.ref, ip="10.1.0.9", node="n-1"))


def slices() -> LetGo:
    from migrator.domain.model.manifests import ref_of

    return replace(GO, slices=(ref_of(SLICE),))


def letting(step: LetGo, thing_: Manifest, *pods: Any, entered: float = 95.0, more: tuple[Manifest, ...] = ()) -> str:
    people = workloads(new=workload(Side.NEW, tuple(pods), wanted=2))
    return code(step.decide(seen(there(thing_, *more), people, past(entered))))


def test_a_pod_loses_its_labels_and_what_its_controller_makes_of_it_is_waited_for() -> None:
    free = thing(owned=False)

    assert letting(GO, thing(app="gw"), PEER) == "let-go.labels"
    assert letting(GO, thing(), PEER) == "let-go.owned"
    assert letting(slices(), free, PEER, more=(SLICE,)) == "let-go.listed"
    assert letting(slices(), free, PEER, LATER, more=(EMPTIED,)) == "let-go.unready"
    assert letting(slices(), free, PEER, replace(LATER, trouble=Message("pod.missing"))) == "let-go.unready"
    assert letting(GO, free, PEER, replace(LATER, ready=True)) == "let-go.replaced"
    assert letting(GO, thing(), PEER, entered=60.0) == "isolate.not-replaced"
    assert code(GO.decide(seen(there(), past()))) == "isolate.pod-gone"


def test_a_pod_that_has_weight_again_keeps_its_labels() -> None:
    step, people = replace(GO, rows=CAPTIVE.rows), workloads(new=workload(Side.NEW, (PEER,), wanted=2))
    owned = there(thing(app="gw"))

    assert code(step.decide(seen(owned, people, pools(0, 100), past()))) == "isolate.has-weight"
    assert code(step.decide(seen(owned, people, ONE_OF_TWO, past()))) == "let-go.labels"


def test_a_node_s_other_pod_has_to_wait_for_its_ports() -> None:
    step, free = replace(GO, shares_node=True), thing(owned=False)

    assert letting(step, free, PEER) == "let-go.none-yet"
    assert letting(step, free, PEER, WAITS) == "let-go.pending"
    assert (
        letting(step, free, PEER, replace(LATER, ready=True, ref=replace(LATER.ref, ip=POD.ip)))
        == "isolate.shares-port"
    )


# --- put back, ended ------------------------------------------------------------------------------------------------------

BACK = PutBack(POD, GETS, 30.0)


def putting(thing_: Manifest | None, *pods: Any, word: Word = Word.STAY, entered: float = 95.0, wanted: int = 2) -> str:
    people = workloads(new=workload(Side.NEW, tuple(pods), wanted=wanted))
    found = there(thing_) if thing_ else there()
    return code(BACK.decide(seen(found, people, told(new=word), past(entered))))


def test_a_pod_is_told_to_stay_and_is_ready_before_it_gets_its_labels() -> None:
    free = thing(owned=False)

    assert putting(None) == "isolate.pod-gone"
    assert putting(free, PEER, word=Word.GO, entered=90.0) == "put-back.tell"
    assert putting(thing(owned=False, ready=False), PEER) == "put-back.unready"
    assert putting(thing(owned=False, ready=False), PEER, entered=60.0) == "isolate.not-adopted"
    assert putting(free, PEER) == "put-back.labels"
    assert putting(thing(app="gw"), PEER) == "put-back.waiting"
    assert putting(thing(app="gw"), PEER, pod(Side.NEW, 0), LATER) == "put-back.waiting"
    assert putting(thing(app="gw"), PEER, pod(Side.NEW, 0)) == "put-back.done"


ROOM = replace(BACK, room=Captive(PEER.ref, (Weighted(NEW[1], 100),)))
NO_WEIGHT = Pools((*rows(Side.NEW, NEW, 0),))
ON_NODE = replace(LATER, ready=True, ref=replace(LATER.ref, node=POD.node))


@pytest.mark.parametrize(
    ("step", "pods", "standing", "wanted", "said"),
    [
        pytest.param(BACK, (PEER,), ONE_OF_TWO, 2, "put-back.labels", id="one is missing"),
        pytest.param(ROOM, (PEER,), NO_WEIGHT, 1, "put-back.labels", id="room is made"),
        pytest.param(ROOM, (PEER,), ONE_OF_TWO, 1, "isolate.no-room", id="who goes has weight again"),
        pytest.param(ROOM, (ON_NODE,), NO_WEIGHT, 1, "isolate.no-room", id="another came in the stead of who goes"),
        pytest.param(BACK, (PEER,), NO_WEIGHT, 1, "isolate.no-room", id="nobody makes room any more"),
    ],
)
def test_a_pod_gets_its_labels_only_while_who_goes_for_it_has_no_weight(
    step: PutBack, pods: Any, standing: Pools, wanted: int, said: str
) -> None:
    of_deployment = replace(workload(Side.NEW, pods, wanted=wanted), ref=OLD_REF)

    assert code(step.decide(seen(there(thing()), workloads(new=of_deployment), standing, past()))) == said


def test_on_a_daemonsets_node_only_the_other_pod_of_that_node_has_to_make_room() -> None:
    made = replace(BACK, room=Captive(ON_NODE.ref, ()))

    assert putting(thing(), PEER, WAITS) == "put-back.labels"
    assert putting(thing(), PEER, ON_NODE) == "isolate.no-room"
    assert code(made.decide(seen(there(thing()), workloads(new=workload(Side.NEW, (ON_NODE,), wanted=1)), past()))) == (
        "put-back.labels"
    )


def test_a_word_that_was_just_said_is_not_repeated() -> None:
    decision = BACK.decide(seen(there(thing(owned=False)), told(new=Word.GO), past(98.0)))

    assert isinstance(decision, Wait)
    assert BACK.attends(seen()).pods == (POD,)


def test_a_pod_is_deleted_once_and_its_end_waited_for() -> None:
    step = EndPod(POD)
    first = step.decide(seen(there(thing())))

    assert isinstance(first, Do)
    assert first.action == DeleteObject(step.objects[0], POD.uid)
    assert code(step.decide(seen(there(thing(ends=True))))) == "end-pod.ending"
    assert code(step.decide(seen(there()))) == "end-pod.done"
    assert is_true(first.action, seen(there(thing(ends=True))))
    assert not is_true(first.action, seen(there(thing())))


def test_a_pod_that_has_weight_again_is_not_deleted() -> None:
    step = EndPod(POD, CAPTIVE.rows)

    assert code(step.decide(seen(there(thing()), pools(0, 100)))) == "isolate.has-weight"
    assert code(step.decide(seen(there(thing()), ONE_OF_TWO))) == "end-pod.delete"
    assert code(step.decide(seen(there(thing(ends=True)), pools(0, 100)))) == "end-pod.ending"


@pytest.mark.parametrize(
    ("spec", "status", "rules"),
    [
        pytest.param({}, {"podIP": NEW[0].address}, ["rule.deletes-weight"], id="with weight at its address"),
        pytest.param(
            {"containers": [{"ports": [{"hostPort": 80}]}]},
            {"podIP": "10.7.7.7", "hostIP": NEW[0].address},
            ["rule.deletes-weight"],
            id="with weight at its node's address",
        ),
        pytest.param({}, {"podIP": "10.7.7.7", "hostIP": NEW[0].address}, [], id="without weight"),
        pytest.param({}, {}, ["rule.unseen-pod"], id="nobody knows where it answers"),
    ],
)
def test_a_pod_of_no_workload_ends_only_while_it_is_known_to_have_no_weight(
    spec: Manifest, status: Manifest, rules: list[str]
) -> None:
    apart, nobody = {**thing(owned=False), "spec": spec, "status": status}, workload(Side.NEW, ())
    action = DeleteObject(EndPod(POD).objects[0], POD.uid)

    found = violations(action, seen(there(apart), workloads(new=nobody), pools(0, 100)))

    assert [each.code for each in found] == rules
    assert [each.code for each in violations(action, seen(there(), workloads(new=nobody)))] == ["rule.unseen-pod"]


def test_a_workloads_pod_without_an_address_may_end() -> None:
    waits = workloads(new=workload(Side.NEW, (WAITS,)))

    assert violations(DeleteObject(pod_object(WAITS.ref), WAITS.ref.uid), seen(waits)) == []


def test_a_mark_is_taken_once_and_a_pod_that_is_gone_needs_none_taken() -> None:
    step = Unmark(POD, {"metadata": {"labels": {"apart": None}}})
    first = step.decide(seen(there(thing(apart="true"))))

    assert isinstance(first, Do)
    assert isinstance(first.action, PatchObject)
    assert code(step.decide(seen(there(thing())))) == code(step.decide(seen(there()))) == "unmark.done"


# --- weight ---------------------------------------------------------------------------------------------------------------

BRING = Bring(POD, CAPTIVE.rows, (Weighted(NEW[1], 100),), 30.0)
WELL = Probes(tuple((f"{backend.address}:{backend.port}", None) for backend in NEW), 1099.0)


def test_a_row_is_registered_proved_and_raised() -> None:
    bare = Pools((*rows(Side.NEW, NEW[1:], 100),))
    sick = Pools((*rows(Side.NEW, NEW[:1], 0, health=Health.UNHEALTHY), *rows(Side.NEW, NEW[1:], 100)))
    first, second = BRING.decide(seen(bare, past())), BRING.decide(seen(ONE_OF_TWO, WELL, past()))

    assert isinstance(first, Do)
    assert first.action == Register((NEW[0],))
    assert isinstance(second, Do)
    assert second.action == SetWeights((Weighted(NEW[0], 100),))
    assert code(BRING.decide(seen(sick, past()))) == "bring.waiting"
    assert code(BRING.decide(seen(sick, past(60.0)))) == "isolate.not-proved"
    assert code(BRING.decide(seen(pools(0, 100), past()))) == "bring.done"
    assert BRING.attends(seen(ONE_OF_TWO, past())).backends == (NEW[0],)


def test_a_row_of_which_nobody_knows_anything_is_waited_for() -> None:
    nobody = workloads(new=workload(Side.NEW, (PEER,)))
    bare = Pools((*rows(Side.NEW, NEW[1:], 100),))

    assert code(BRING.decide(seen(bare, nobody, past(weights=meant(bare))))) == "bring.waiting"


def test_a_spared_row_gets_its_weight_where_a_pod_is_behind_it_and_not_else() -> None:
    idle, alone = Pools((*rows(Side.NEW, NEW, 100, 0),)), workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),)))
    still = BRING.decide(seen(idle, WELL, past(weights=meant(idle))))

    assert isinstance(still, Do)
    assert still.action == SetWeights((Weighted(NEW[1], 100),))
    assert code(BRING.decide(seen(idle, alone, past(weights=meant(idle))))) == "bring.done"


def test_a_spared_pod_that_was_told_to_go_is_told_to_stay_before_it_has_weight() -> None:
    idle, going = Pools((*rows(Side.NEW, NEW, 100, 0),)), told(new=Word.GO)
    facts = {"weights": meant(idle)}
    first = BRING.decide(seen(idle, WELL, going, past(**facts)))

    assert isinstance(first, Do)
    assert first.action == Tell(Side.NEW, Word.STAY, (pod(Side.NEW, 1).ref,))
    assert isinstance(BRING.decide(seen(idle, WELL, going, past(98.0, **facts))), Wait)
    assert BRING.attends(seen(idle, past(**facts))).pods == (pod(Side.NEW, 1).ref,)


def test_whoever_came_gets_its_peers_weight_and_who_was_there_stays_as_it_is() -> None:
    came, known = TakeOver(("uid-new-1",), 30.0), TakeOver(("uid-new-0", "uid-new-1"), 30.0)
    decision = came.decide(seen(ONE_OF_TWO, workloads(), WELL, past()))

    assert isinstance(decision, Do)
    assert decision.action == SetWeights((Weighted(NEW[0], 100),))
    assert came.attends(seen(ONE_OF_TWO, workloads(), past())).backends == (NEW[0],)
    assert code(known.decide(seen(ONE_OF_TWO, workloads(), past()))) == "take-over.done"


def test_only_rows_that_lead_to_nobody_are_taken_off() -> None:
    step = TakeOff((NEW[0],))
    ending = workloads(new=workload(Side.NEW, (replace(pod(Side.NEW, 0), terminating=True), PEER)))
    nobody = workloads(new=workload(Side.NEW, (PEER,)))
    gone = step.decide(seen(ONE_OF_TWO, nobody, past()).having(Hosts()))

    assert isinstance(gone, Do)
    assert gone.action == Deregister((NEW[0],))
    assert code(step.decide(seen(ONE_OF_TWO, ending, past()))) == "end-pod.ending"
    assert code(step.decide(seen(ONE_OF_TWO, workloads(), past()))) == "take-off.done"
    assert code(step.decide(seen(pools(0, 100), past()))) == "take-off.done"


def test_an_open_delete_of_a_pod_is_another_thing_than_one_of_a_workload() -> None:
    from tests.domain.seen import NEW_REF

    ending: Manifest = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"namespace": "edge", "name": "gw-ds", "uid": "u", "deletionTimestamp": "x"},
    }
    write = OpenWrite(1, DeleteObject(NEW_REF, "u"), None, None, at(0))

    assert not is_true(write.action, seen(there(ending)))

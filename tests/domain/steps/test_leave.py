"""The steps in which a side goes: what each does next, waits for, halts on."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.answers.parity import AskedOfBoth
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import Word
from migrator.domain.model.balancer import Capabilities, Pools, Side
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Approval, OnTimeout
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import ConnectionCounts
from migrator.domain.steps import Confirm, Detach, Drain, Gate, PointBack, Remove, Retire, Step, TellToStay, Undo
from tests.domain.deciding import DRAINED, ORIGINALS, check, past, thing
from tests.domain.seen import NEW, NEW_REF, OLD_REF, PLAIN, at, counts, objects, pools, rows, told, verdict, workloads
from tests.domain.steps.test_prepare import CHANGE, DAEMONSET, GUARDED, LATER, SERVICE
from tests.domain.steps.test_traffic import HALF, OLD_ONLY

DRAIN = Drain(Side.OLD, 50.0, OnTimeout.HOLD)
CUT = Drain(Side.OLD, 50.0, OnTimeout.CUT)
TAKEN_OFF = Pools(
    tuple(replace(row, deserted=row.side is Side.OLD) for row in pools().rows), Capabilities(controlled=True)
)
DETACH = Detach(Side.OLD, OnTimeout.HOLD, 10.0)
GONE_OLD = Pools(tuple(rows(Side.NEW, NEW, 100)))
GOING = told(old=Word.GO)
SILENT = counts(old=3, silent=("old-1",))
POINT_BACK = PointBack((replace(CHANGE, back={"spec": {"selector": {"v": "1"}}}),))
WELL = verdict(Ruling.PASS)
RETIRE = Retire(OLD_REF, "u-1", ((NEW_REF, "u-9"),), (CHANGE,))
COMPARING = replace(RETIRE, compares=True)
DEPLOYMENT = thing("Deployment", "gw")
SCALER = {**thing("DaemonSet", "gw-ds", uid="u-9")}
REMOVE = Remove((NEW_REF,))
RESTORED = Change(NEW_REF, "", {"spec": {"a": 1}}, None, verbatim("ordinary settings"))
CONFIRM = Confirm(Side.NEW, 10.0, (RESTORED,))
EMPTY_OLD = workloads(old=Workload(OLD_REF))
EMPTY_NEW = workloads(new=Workload(NEW_REF))


def dead(found: Pools, *numbers: int) -> Pools:
    """Give the balancer with rows behind which there is no pod any more."""
    return replace(found, rows=tuple(replace(row, deserted=i in numbers) for i, row in enumerate(found.rows)))


LEAVE = [
    pytest.param(TellToStay(Side.OLD), (GOING,), Do, "gateways.tell gateways=2 side=old word=stay", id="tell to stay"),
    pytest.param(TellToStay(Side.OLD), (told(old=None),), Done, "stay.done side=old", id="none can say"),
    pytest.param(DRAIN, (), Halt, "side.still-weighted", id="drain with weight"),
    pytest.param(DRAIN, (TAKEN_OFF,), Wait, "side.controller-takes-off", id="drain, and the controller is to take off what is going"),
    pytest.param(DRAIN, (DRAINED,), Do, "gateways.tell gateways=2 side=old word=go", id="tell to go"),
    pytest.param(replace(DRAIN, tells=False), (DRAINED,), Done, "drain.done side=old", id="nothing to tell, nothing live"),
    pytest.param(DRAIN, (DRAINED, GOING), Done, "drain.done side=old", id="empty"),
    pytest.param(DRAIN, (DRAINED, GOING, counts(old=3), past(60)), Wait, "drain.waiting connections=6 side=old", id="still busy"),
    pytest.param(DRAIN, (DRAINED, GOING, SILENT, past(60)), Wait, "drain.waiting connections=None side=old", id="nobody knows"),
    pytest.param(DRAIN, (DRAINED, GOING, ConnectionCounts()), Wait, "connections.uncounted gateways=2 side=old", id="not counted yet"),
    pytest.param(DRAIN, (DRAINED, GOING, counts(counted_at=1080.0), past(90)), Wait, "connections.recounting side=old", id="counted before the step began"),
    pytest.param(DRAIN, (DRAINED, GOING, counts(counted_at=1030.0), past(-90)), Ask, "", id="counted long ago: unknown"),
    pytest.param(CUT, (DRAINED, GOING, ConnectionCounts(), past(-90)), Wait, "connections.uncounted gateways=2 side=old", id="resumed too late: count before cutting"),
    pytest.param(CUT, (DRAINED, GOING, counts(old=3), past(-90)), Done, "drain.cut connections=6 side=old timeout=50", id="resumed too late: cut what was counted"),
    pytest.param(DRAIN, (DRAINED, GOING, counts(old=3), past()), Ask, "", id="too late, ask"),
    pytest.param(DRAIN, (DRAINED, GOING, counts(old=3), past(approved=True)), Done, "drain.cut connections=6 side=old timeout=50", id="too late, consent"),
    pytest.param(CUT, (DRAINED, GOING, counts(old=None), past()), Done, "drain.cut connections=None side=old timeout=50", id="too late, the plan cuts"),
    pytest.param(Drain(Side.NEW, 50.0, OnTimeout.HOLD), (OLD_ONLY, counts(new=None)), Done, "drain.never-attached side=new", id="never attached"),
    pytest.param(Drain(Side.NEW, 50.0, OnTimeout.HOLD), (OLD_ONLY, past(60), told(new=Word.GO), counts(new=None)), Wait, "drain.waiting connections=None side=new", id="attached once, somebody took it away"),
    pytest.param(DETACH, (), Halt, "side.still-weighted", id="detach with weight"),
    pytest.param(DETACH, (DRAINED,), Do, "detach.remove backends=2 side=old connections=0", id="remove"),
    pytest.param(DETACH, (DRAINED, ConnectionCounts()), Wait, "connections.uncounted gateways=2 side=old", id="count before removing"),
    pytest.param(DETACH, (DRAINED, counts(counted_at=1095.0), past(99)), Wait, "connections.recounting side=old", id="count since the step began"),
    pytest.param(DETACH, (DRAINED, counts(counted_at=1030.0)), Ask, "", id="an old count is none"),
    pytest.param(DETACH, (DRAINED, counts(old=3)), Ask, "", id="ask before cutting"),
    pytest.param(DETACH, (DRAINED, counts(old=None), past(consents=(Side.OLD,))), Do, "detach.remove backends=2 side=old connections=None", id="consent of the drain"),
    pytest.param(DETACH, (DRAINED, counts(old=3), past(approved=True)), Do, "detach.remove backends=2 side=old connections=6", id="consent here"),
    pytest.param(replace(DETACH, on_timeout=OnTimeout.CUT), (DRAINED, counts(old=3)), Do, "detach.remove backends=2 side=old connections=6", id="the plan's consent"),
    pytest.param(DETACH, (GONE_OLD, past(settled_at=at(95))), Wait, "detach.floor side=old", id="the floor"),
    pytest.param(DETACH, (GONE_OLD, past(settled_at=at(20))), Done, "detach.done side=old", id="detached"),
    pytest.param(RETIRE, (), Halt, "side.still-weighted", id="retire with weight"),
    pytest.param(RETIRE, (DRAINED, objects(GUARDED, DEPLOYMENT)), Wait, "retire.waits object=Deployment edge/gw doubt=(judge.silent)", id="nobody has judged yet"),
    pytest.param(RETIRE, (DRAINED, objects(GUARDED, DEPLOYMENT), verdict(Ruling.NO_DATA)), Wait, "retire.waits object=Deployment edge/gw doubt=(judge.ruled ruling=no-data reason=(stored.text text=because))", id="no data is no pass"),
    pytest.param(RETIRE, (DRAINED, objects(GUARDED, DEPLOYMENT), verdict(Ruling.PASS, ruled_at=1096.0)), Wait, "retire.waits object=Deployment edge/gw doubt=(judge.ruled ruling=no-data reason=(judge.count-old age=4))", id="a pass that nobody has renewed is no pass"),
    pytest.param(RETIRE, (DRAINED, objects(GUARDED, DEPLOYMENT), verdict(Ruling.HOLD)), Wait, "retire.waits object=Deployment edge/gw doubt=(judge.ruled ruling=hold reason=(stored.text text=because))", id="over the hold limit"),
    pytest.param(RETIRE, (DRAINED, objects(GUARDED, DEPLOYMENT), verdict(Ruling.TOO_FEW)), Do, "retire.repoint object=Service edge/gw", id="repoint"),
    pytest.param(RETIRE, (DRAINED, objects(LATER, SCALER, DEPLOYMENT), WELL), Do, "object.delete object=Deployment edge/gw", id="delete the workload first"),
    pytest.param(COMPARING, (DRAINED, objects(GUARDED, DEPLOYMENT), WELL), Wait, "answers.asking", id="nothing leaves the old side before both were compared"),
    pytest.param(COMPARING, (DRAINED, objects(GUARDED, DEPLOYMENT), WELL, AskedOfBoth(9, used_up=True)), Ask, "", id="a person is asked at once where no request is left"),
    pytest.param(replace(COMPARING, waivers=(Waiver("answers.used-up", "few"),)), (DRAINED, objects(GUARDED, DEPLOYMENT), WELL, AskedOfBoth(9, used_up=True)), Do, "retire.repoint object=Service edge/gw", id="unless the plan waives that"),
    pytest.param(COMPARING, (DRAINED, objects(LATER, DEPLOYMENT), WELL), Do, "object.delete object=Deployment edge/gw", id="once a way in has left the old side, nobody compares with it"),
    pytest.param(COMPARING, (DRAINED, objects(LATER, DEPLOYMENT)), Wait, "retire.waits object=Deployment edge/gw doubt=(judge.silent)", id="the judge is heard to the end"),
    pytest.param(RETIRE, (DRAINED, objects(LATER, SCALER)), Do, "object.delete object=DaemonSet edge/gw-ds", id="then its companions, whatever the judge says"),
    pytest.param(RETIRE, (DRAINED, objects(thing("Deployment", "gw", uid="other")), past(60)), Wait, "object.ending pods=2 object=Deployment edge/gw", id="another object; pods are ending"),
    pytest.param(RETIRE, (DRAINED, EMPTY_OLD), Done, "object.gone object=Deployment edge/gw", id="gone"),
    pytest.param(replace(RETIRE, spare=(NEW_REF,)), (DRAINED, objects(DAEMONSET)), Do, "object.delete-ours object=DaemonSet edge/gw-ds", id="what was made for a run goes with it"),
    pytest.param(replace(RETIRE, patience=10.0), (DRAINED,), Done, "object.gone-late object=Deployment edge/gw pods=2 patience=10", id="gone, pods linger"),
    pytest.param(RETIRE, (DRAINED, past(-200, settled_at=at(95))), Wait, "object.ending pods=2 object=Deployment edge/gw", id="deleted a moment ago, after a long rest"),
    pytest.param(replace(RETIRE, patience=10.0), (DRAINED, past(-200, dark=((at(-199), at(95)),))), Wait, "object.ending pods=2 object=Deployment edge/gw", id="gone, and nobody could look since"),
    pytest.param(REMOVE, (HALF,), Halt, "side.still-weighted", id="remove with weight"),
    pytest.param(REMOVE, (objects(DAEMONSET),), Do, "object.delete-ours object=DaemonSet edge/gw-ds", id="remove ours"),
    pytest.param(REMOVE, (objects(thing("DaemonSet", "gw-ds")), EMPTY_NEW), Done, "object.gone object=DaemonSet edge/gw-ds", id="never what is not ours"),
    pytest.param(Undo((CHANGE,)), (objects(GUARDED),), Do, "undo.change change=(stored.text text=keep it narrow)", id="undo"),
    pytest.param(Undo((CHANGE,)), (objects(SERVICE),), Done, "undo.done changes=1", id="undone"),
    pytest.param(Undo((CHANGE,)), (), Done, "undo.done changes=1", id="nothing left to undo"),
    pytest.param(Undo((CHANGE,)), (objects(thing("Service", "gw", uid="other", spec={"selector": {"v": "1"}})),), Done, "undo.done changes=1", id="replaced: left alone"),
    pytest.param(POINT_BACK, (objects(LATER),), Do, "point-back.change object=Service edge/gw", id="point back"),
    pytest.param(POINT_BACK, (objects(GUARDED),), Done, "point-back.done", id="pointed back"),
    pytest.param(POINT_BACK, (), Done, "point-back.done", id="nothing there to point back"),
    pytest.param(POINT_BACK, (objects(thing("Service", "gw", uid="other", spec={"selector": {"v": "2"}})),), Done, "point-back.done", id="replaced: not pointed back"),
    pytest.param(CONFIRM, (objects(DAEMONSET),), Do, "ordinary settings", id="final settings"),
    pytest.param(CONFIRM, (objects(thing("DaemonSet", "gw-ds", spec={"a": 1})), past(soaked=4.0)), Wait, "confirm.watching window=10", id="one more window"),
    pytest.param(CONFIRM, (past(soaked=10.0),), Done, "confirm.new", id="confirmed"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (), Done, "confirm.old", id="as recorded"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (pools(old=7),), Halt, "balancer: rollback.not-as-recorded backends=2 rows=[(weight.differs backend=l-1/10.0.0.1:8080 now=7 recorded=100", id="not as recorded"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (pools(old=0), past(99)), Wait, "confirm.old-coming backends=[l-1/10.0.0.1:8080", id="pods that came at the very end"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (pools(old=0), past(50, settled_at=at(95))), Wait, "confirm.old-coming backends=[l-1/10.0.0.1:8080", id="pods that were registered a moment ago, after a long rest"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (dead(pools(), 0), past(99)), Wait, "confirm.leaving backends=[l-1/10.0.0.1:8080]", id="weight that leads to no pod is taken away first"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (dead(pools(), 0), past(50)), Halt, "balancer: rollback.not-as-recorded", id="weight that leads to no pod and cannot be taken away"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (dead(pools(), 0, 1), past(99)), Done, "confirm.old", id="nothing else has weight: somebody has to do"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (dead(pools(capabilities=replace(PLAIN, controlled=True)), 0), past(99)), Done, "confirm.old", id="a controller takes it off by itself"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (pools(old=0), past(50, dark=((at(55), at(95)),))), Wait, "confirm.old-coming backends=[l-1/10.0.0.1:8080", id="pods that nobody could see come"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (dead(pools(), 0), past(50, dark=((at(55), at(95)),))), Wait, "confirm.leaving backends=[l-1/10.0.0.1:8080]", id="weight that nobody could take away"),
    pytest.param(CONFIRM, (dead(pools(old=0, new=100), 2), past(99, soaked=10.0)), Wait, "confirm.leaving backends=[l-1/10.1.0.1:80]", id="weight of the new side that leads to no pod"),
    pytest.param(CONFIRM, (dead(pools(old=0, new=100), 2), past(soaked=10.0)), Done, "confirm.new", id="it is waited for so long"),
    pytest.param(Confirm(Side.OLD, 0.0, originals=ORIGINALS), (pools(old=0), past(50)), Halt, "balancer: rollback.not-as-recorded", id="pods that came long ago"),
    pytest.param(Gate(verbatim("sure?"), Approval.AUTO), (), Done, "gate.approved-by-plan", id="approved by the plan"),
    pytest.param(Gate(verbatim("sure?"), Approval.MANUAL), (past(50),), Ask, "gate.left-none", id="a gate"),
    pytest.param(Gate(say("gate.ask", new="n", old="o"), Approval.MANUAL), (past(50), counts(old=3)), Ask, "left=(gate.left connections=6)", id="a gate says what a yes cuts"),
    pytest.param(Gate(verbatim("sure?"), Approval.MANUAL), (past(50), SILENT), Ask, "gate.left-unknown", id="a gate whose old side cannot all be counted"),
    pytest.param(Gate(verbatim("sure?"), Approval.MANUAL), (past(50), ConnectionCounts()), Wait, "connections.uncounted", id="a gate before the first count"),
    pytest.param(Gate(verbatim("sure?"), Approval.MANUAL), (past(approved=True, approved_by="ann"),), Done, "gate.approved by=ann", id="approved"),
]  # fmt: skip


ASKED = [
    pytest.param(DRAIN, (DRAINED, GOING, counts(old=3)), -90, "drain.ask", Done, id="cut what is left"),
    pytest.param(DETACH, (DRAINED, counts(old=3)), 0, "detach.ask", Do, id="remove what has connections"),
    pytest.param(Gate(say("gate.ask", new="n", old="o"), Approval.MANUAL), (), 0, "gate.ask", Done, id="the gate"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "facets", "entered", "question", "kind"), ASKED)
def test_a_step_goes_on_by_a_yes_to_its_own_question_alone(
    step: Step, facets: tuple[object, ...], entered: float, question: str, kind: type[Decision]
) -> None:
    check(step, (*facets, past(entered, answered=("way-back.ask", "answers.ask"))), Ask, "")
    check(step, (*facets, past(entered, answered=(question,))), kind, "")


@pytest.mark.parametrize(("step", "facets", "kind", "said"), LEAVE)
def test_a_step_decides_by_what_it_declares_to_need(
    step: Step, facets: tuple[object, ...], kind: type[Decision], said: str
) -> None:
    check(step, facets, kind, said)

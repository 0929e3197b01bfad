"""The steps that give a side traffic: what each does next, waits for, halts on."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.answers.compare import Difference
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PodRef, Word
from migrator.domain.model.answers import Concern, Question
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.pod_targets import PodPort, PodTargets
from migrator.domain.model.samples import Observed, Ruling, Verdict
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import Judgement, Probes, Stale, Workloads
from migrator.domain.steps import Attach, RehearseBack, Shift, Step
from tests.domain.deciding import BLIND, ORIGINALS, check, past
from tests.domain.seen import FOREIGN, NEW, NODES, OLD, at, pod, pools, rows, seen, told, verdict, workload, workloads

HALF = pools(new=100)
BESIDE = Pools((*rows(Side.OLD, OLD, 50), *rows(Side.NEW, NEW, 100), *rows(None, (FOREIGN,), 100)))
"""Half of what the balancer sends goes to the new side, a quarter to somebody else: of both sides' own, two thirds."""
SHIFT = Shift(Side.NEW, 50.0, ORIGINALS, NODES, soak=10.0, max_soak=20.0, min_requests=5, settle=10.0)
RESTORE = Shift(Side.OLD, 0.0, ORIGINALS, settle=10.0)
TELLING = replace(RESTORE, tells=True)
ACCUSED = Judgement(Verdict(Ruling.ABORT, verbatim("bad"), "gateway counters", gateways=("new-1",)))
SETTLED = {"settled_at": at(95)}
LONG_AGO = {"settled_at": at(20)}
DIFFERENT = AnswerParity(
    1.0, 2.0, 6, 1, (Difference(Question("http", "a.x"), Concern.STATUS, "", ("200",), ("404",), ("new-1",)),)
)
OBSERVED = Judgement(observed=Observed(500, 1000, "gateway counters"))
ASKEW = Judgement(observed=Observed(100, 1000, "gateway counters"))
UNSPOKEN = Judgement(Verdict(Ruling.HOLD, say("judge.other-silent", name="slo", why=None), "slo"))
MINUTES_LATE = Judgement(
    Verdict(
        Ruling.HOLD,
        say("judge.other", name="cloud", ruling=Ruling.HOLD, why=say("judge.late-silent", seconds=400)),
        "cloud",
    )
)
JUMPED = Judgement(Verdict(Ruling.HOLD, say("judge.mix-jumped", new=9, old=1), "gateway counters"))
AGREED = AnswerParity(began=1099.0, ended=1099.5, asked=6, questions=1)
PENDING = pools(new=100, health=Health.PENDING)
TWO = Capabilities(batch=1)
PODS = PodTargets(2, (PodPort("l-1", 80),))
REPLACED = replace(pod(Side.NEW, 1), ref=PodRef("edge", "new-2", "uid-2", "10.1.0.9", "n-2"))
SPLIT = Capabilities(several_listeners=False)
APART = (NEW[0], Backend("l-2", "10.1.0.1", 80))
ANSWERS = Probes((("10.0.0.1:8080", None),))
SILENT = Probes(tuple((f"{b.address}:{b.port}", verbatim("it was reset")) for b in OLD))
HEALTHY_AT_ZERO = Pools((*rows(Side.OLD, OLD, 0), *rows(Side.NEW, NEW, 100)))


def unready(side: Side) -> Workload:
    """Give a side none of whose pods is Ready."""
    return workload(side, (pod(side, 0, ready=False), pod(side, 1, ready=False)))


CRASHED = workloads(unready(Side.OLD))
UNSEEN = Stale(((Workloads, verbatim("no answer")),))
OLD_ONLY = Pools(tuple(rows(Side.OLD, OLD, 100)))

TRAFFIC = [
    pytest.param(Attach(Side.NEW, NEW, 200), (OLD_ONLY,), Do, "attach.register backends=2 side=new", id="register"),
    pytest.param(Attach(Side.NEW, NEW, 200), (Pools(OLD_ONLY.rows, TWO),), Do, "attach.register backends=1 side=new", id="register a batch"),
    pytest.param(Attach(Side.NEW, APART, 200), (Pools(OLD_ONLY.rows, SPLIT),), Do, "attach.register backends=1 side=new", id="register one listener"),
    pytest.param(Attach(Side.NEW, NEW, 200), (), Done, "attach.done backends=2 side=new", id="all healthy"),
    pytest.param(Attach(Side.NEW, (), 200, PODS), (OLD_ONLY,), Do, "attach.register backends=2 side=new", id="register pods"),
    pytest.param(Attach(Side.NEW, (), 200, PODS), (), Done, "attach.done backends=2 side=new", id="all pods healthy"),
    pytest.param(Attach(Side.NEW, (), 200, PODS), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))),), Wait, "(gateway.short:replicas serving=1 wanted=2 lacking=1)", id="a pod that is not Ready any more"),
    pytest.param(replace(SHIFT, nodes=(), scattered=PODS), (), Do, "50", id="shift to pods"),
    pytest.param(replace(SHIFT, nodes=(), scattered=PODS), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0), REPLACED))),), Wait, "gateway.replaced", id="a pod was replaced after it was registered"),
    pytest.param(Attach(Side.NEW, NEW, 200), (pools(health=Health.PENDING),), Wait, "(attach.not-fit why=(balancer.calls-it health=pending))", id="not healthy yet"),
    pytest.param(Attach(Side.NEW, NEW, 50), (pools(health=Health.PENDING), past()), Halt, "attach.not-fit", id="never healthy"),
    pytest.param(Attach(Side.NEW, NEW, 200), (pools(capabilities=BLIND, health=Health.UNKNOWN),), Wait, "(attach.not-fit why=(probe.none-yet))", id="unseen and unprobed"),
    pytest.param(Attach(Side.NEW, NEW[:1], 200), (pools(capabilities=BLIND, health=Health.UNKNOWN), Probes((("10.1.0.1:80", None),))), Done, "attach.done backends=1 side=new", id="our probe decides"),
    pytest.param(Attach(Side.NEW, NEW, 200), (pools(new=9, capabilities=BLIND, health=Health.UNKNOWN),), Wait, "unknown", id="weighted and not healthy"),
    pytest.param(Attach(Side.OLD, OLD, 200), (Pools((*rows(Side.OLD, OLD[:1], 0), *rows(Side.OLD, OLD[1:], 0, health=Health.UNHEALTHY))), ANSWERS), Done, "attach.done backends=2 side=old", id="one fit old one is enough"),
    pytest.param(Attach(Side.OLD, OLD, 200), (HEALTHY_AT_ZERO, Probes()), Wait, "(attach.not-fit why=(probe.none-yet))", id="an old one without weight must answer us"),
    pytest.param(Attach(Side.OLD, OLD, 200), (HEALTHY_AT_ZERO, SILENT), Wait, "(attach.not-fit why=(stored.text text=it was reset))", id="healthy by a check that is never taken back"),
    pytest.param(Attach(Side.OLD, OLD, 50), (HEALTHY_AT_ZERO, SILENT, past()), Ask, "", id="a person decides whom to believe"),
    pytest.param(Attach(Side.OLD, OLD, 50), (HEALTHY_AT_ZERO, SILENT, past(approved=True)), Done, "attach.approved healthy=2", id="a person has decided"),
    pytest.param(Attach(Side.OLD, OLD, 50), (pools(old=9), SILENT), Done, "attach.done backends=2 side=old", id="one that has weight is taken at its word"),
    pytest.param(Attach(Side.OLD, OLD, 50), (Pools(tuple(rows(Side.OLD, OLD, 0, health=Health.UNHEALTHY))), past()), Halt, "attach.not-fit", id="nobody believes in any"),
    pytest.param(Attach(Side.OLD, OLD, 200), (Pools(tuple(rows(Side.OLD, OLD, 0, health=Health.UNHEALTHY))),), Wait, "(attach.not-fit why=(balancer.calls-it health=unhealthy))", id="no old one is healthy"),
    pytest.param(SHIFT, (), Do, "shift.write step=(step.shift share=50) now=2 left=2 achieved=50", id="raise"),
    pytest.param(SHIFT, (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))), past(95)), Wait, "gateway.short serving=1 wanted=2 nodes=[n-2]", id="a node without a gateway"),
    pytest.param(SHIFT, (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))), past()), Wait, "gateway.short serving=1 wanted=2 nodes=[n-2]", id="a node without a gateway, for long"),
    pytest.param(replace(SHIFT, share=100.0), (PENDING,), Halt, "backend.not-healthy", id="weighted and never healthy"),
    pytest.param(replace(SHIFT, share=100.0), (Pools((*rows(Side.OLD, OLD, 100), *rows(Side.NEW, NEW, 100, health=Health.UNKNOWN))),), Do, "shift.write step=(step.shift share=100) now=2 left=2 achieved=100", id="lower old beside carriers"),
    pytest.param(RESTORE, (Pools((*rows(Side.OLD, OLD, 100, health=Health.PENDING), *rows(Side.NEW, NEW, 100))), past(95)), Wait, "shift.waits-for-health weights=2", id="wait for the raised"),
    pytest.param(RESTORE, (Pools((*rows(Side.OLD, OLD, 100, health=Health.PENDING), *rows(Side.NEW, NEW, 100))), past()), Halt, "weights.no-safe-write", id="no write is safe"),
    pytest.param(RESTORE, (Pools((*rows(Side.OLD, OLD, 0, health=Health.UNHEALTHY), *rows(Side.NEW, NEW, 100))),), Halt, "old.nobody-fit", id="nobody to go back to"),
    pytest.param(RESTORE, (pools(old=100, new=100),), Do, "shift.write step=(step.restore-old) now=2 left=2 achieved=0", id="restore"),
    pytest.param(RESTORE, (pools(old=100, new=100), CRASHED, past(95)), Wait, "restore-old.nobody listeners=[l-1]", id="no old pod is Ready though the balancer has not noticed"),
    pytest.param(RESTORE, (pools(old=100, new=100), CRASHED, past()), Do, "shift.write step=(step.restore-old) now=2 left=2 achieved=0", id="not Ready, and the balancer goes on calling them healthy"),
    pytest.param(RESTORE, (pools(old=100, new=100), CRASHED, UNSEEN, past(95)), Do, "shift.write step=(step.restore-old) now=2 left=2 achieved=0", id="not Ready when the cluster was last seen"),
    pytest.param(RESTORE, (pools(old=100, new=100), workloads(unready(Side.OLD), unready(Side.NEW)), past(95)), Do, "shift.write step=(step.restore-old) now=2 left=2 achieved=0", id="nobody is Ready on either side"),
    pytest.param(RESTORE, (pools(old=100, new=100), workloads(workload(Side.OLD, (pod(Side.OLD, 0), pod(Side.OLD, 1, ready=False)))), past(95)), Do, "shift.write step=(step.restore-old) now=2 left=2 achieved=0", id="one Ready old pod is enough"),
    pytest.param(RESTORE, (pools(old=9, new=100), CRASHED, past(95)), Do, "shift.write step=(step.restore-old) now=2 left=4 achieved=0", id="the old side is raised whoever is Ready"),
    pytest.param(RESTORE, (past(**SETTLED, ),), Done, "restore-old.done", id="restored"),
    pytest.param(TELLING, (told(), ACCUSED, past(settled_at=at(99))), Do, "gateways.tell gateways=1 side=new word=go", id="the accused are told while the data plane follows"),
    pytest.param(TELLING, (told(), verdict(Ruling.ABORT), past(settled_at=at(99))), Do, "gateways.tell gateways=2 side=new word=go", id="the whole side is accused"),
    pytest.param(TELLING, (told(new=Word.GO), ACCUSED, past(settled_at=at(99))), Wait, "restore-old.follows", id="the accused were told"),
    pytest.param(TELLING, (told(), verdict(Ruling.HOLD), past(settled_at=at(99))), Wait, "restore-old.follows", id="nobody is accused"),
    pytest.param(TELLING, (told(), Judgement(), past(settled_at=at(99))), Wait, "restore-old.follows", id="nobody has judged"),
    pytest.param(TELLING, (told(), Judgement(), DIFFERENT, past(settled_at=at(99))), Do, "gateways.tell gateways=1 side=new word=go", id="one whose answers differ is told to go, too"),
    pytest.param(TELLING, (told(), Judgement(), replace(DIFFERENT, differences=(replace(DIFFERENT.differences[0], pods=()),)), past(settled_at=at(99))), Do, "gateways.tell gateways=2 side=new word=go", id="the whole side answers otherwise"),
    pytest.param(TELLING, (told(), Judgement(), replace(DIFFERENT, differences=(replace(DIFFERENT.differences[0], sure=False),)), past(settled_at=at(99))), Wait, "restore-old.follows", id="nobody is sure of the difference"),
    pytest.param(RESTORE, (told(), ACCUSED, past(settled_at=at(99))), Wait, "restore-old.follows", id="gateways that cannot be told"),
    pytest.param(TELLING, (told(), ACCUSED, pools(old=100, new=100)), Do, "shift.write", id="weights first"),
    pytest.param(RESTORE, (past(settled_at=at(99)),), Wait, "restore-old.follows", id="the data plane follows"),
    pytest.param(SHIFT, (PENDING, past(**SETTLED)), Wait, "(backend.not-healthy weight=100 health=pending patience=10))]", id="not healthy after the raise"),
    pytest.param(SHIFT, (PENDING, past(**LONG_AGO)), Halt, "backend.not-healthy", id="not healthy for too long"),
    pytest.param(SHIFT, (HALF, ASKEW, past(**SETTLED)), Wait, "share.differs promised=50 what=new connections source=gateway counters observed=10 total=1000", id="the share has not arrived"),
    pytest.param(SHIFT, (HALF, ASKEW, past(**LONG_AGO)), Halt, "share.not-achieved", id="it never arrived"),
    pytest.param(SHIFT, (BESIDE, Judgement(observed=Observed(667, 1000, "gateway counters")), past()), Wait, "soak.going-on share=50 soaked=0 soak=10 judge=(judge.silent)", id="who counts both sides does not see what goes to others"),
    pytest.param(SHIFT, (HALF, OBSERVED, past()), Wait, "soak.going-on share=50 soaked=0 soak=10 judge=(judge.silent)", id="soaking"),
    pytest.param(SHIFT, (HALF, verdict(Ruling.HOLD), past(soaked=4.0)), Wait, "soak.going-on share=50 soaked=4 soak=10 judge=(judge.ruled ruling=hold reason=(stored.text text=because))", id="held"),
    pytest.param(replace(SHIFT, compares=True), (HALF, JUMPED, AGREED, past(**LONG_AGO, held_for=15.0)), Done, "answers.settle reason=(judge.mix-jumped new=9 old=1)", id="4xx have jumped, and both sides answer alike"),
    pytest.param(SHIFT, (HALF, JUMPED, past(95, soaked=4.0)), Wait, "soak.going-on share=50 soaked=4 soak=10 judge=(judge.ruled ruling=hold reason=(judge.mix-jumped new=9 old=1))", id="4xx have jumped"),
    pytest.param(SHIFT, (HALF, JUMPED, past(20, soaked=4.0)), Ask, "", id="4xx have jumped for too long"),
    pytest.param(SHIFT, (HALF, UNSPOKEN, past(95, soaked=4.0)), Wait, "soak.going-on share=50 soaked=4 soak=10 judge=(judge.ruled ruling=hold reason=(judge.other-silent name=slo why=None))", id="a judge of the plan says nothing"),
    pytest.param(SHIFT, (HALF, MINUTES_LATE, past(20, soaked=4.0)), Ask, "", id="a judge of the plan says nothing for long"),
    pytest.param(SHIFT, (HALF, UNSPOKEN, past(95, soaked=4.0, approved=True)), Done, "shift.done-unseen achieved=50 requests=0", id="a person goes on without it"),
    pytest.param(SHIFT, (HALF, JUMPED, past(95, soaked=4.0, approved=True)), Done, "shift.done-unseen achieved=50 requests=0", id="a person has compared the answers"),
    pytest.param(SHIFT, (HALF, past(soaked=10.0, requests=4)), Wait, "soak.extended requests=4 wanted=5", id="too few requests"),
    pytest.param(SHIFT, (HALF, past(soaked=20.0, requests=4)), Ask, "", id="too few for too long"),
    pytest.param(SHIFT, (HALF, past(soaked=20.0, requests=4, approved=True)), Done, "shift.done-unseen achieved=50 requests=4", id="a person said go on"),
    pytest.param(SHIFT, (HALF, OBSERVED, past(soaked=10.0, requests=5)), Done, "shift.done achieved=50 observed=50 total=1000 what=new connections source=gateway counters requests=5", id="soaked"),
    pytest.param(RehearseBack(Side.OLD, 0.0, ORIGINALS, limit=200.0), (past(),), Done, "rehearse.done took=100 limit=200", id="rehearsed"),
    pytest.param(RehearseBack(Side.OLD, 0.0, ORIGINALS, limit=50.0), (past(),), Halt, "rehearse.slow", id="rehearsed too slowly"),
    pytest.param(RehearseBack(Side.OLD, 0.0, ORIGINALS, limit=50.0), (past(settled_at=at(99)),), Wait, "restore-old.follows", id="rehearsal under way"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "facets", "kind", "said"), TRAFFIC)
def test_a_step_decides_by_what_it_declares_to_need(
    step: Step, facets: tuple[object, ...], kind: type[Decision], said: str
) -> None:
    check(step, facets, kind, said)


def test_a_shift_that_pods_hold_says_so_once_they_have_had_their_time() -> None:
    lacking, shorter = workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))), "gateway.short serving=1 wanted=2"
    resting = pod(Side.NEW, 1, ready=False)

    assert SHIFT.troubles(seen(lacking, past(95))) == ()
    assert SHIFT.troubles(seen(workloads(new=workload(Side.NEW, (pod(Side.NEW, 0), resting))), HALF, past())) == ()
    assert SHIFT.troubles(seen(past())) == RESTORE.troubles(seen(lacking, past())) == ()
    (said,) = SHIFT.troubles(seen(lacking, past()))
    assert said.code == "drift.held"
    assert shorter in str(said)

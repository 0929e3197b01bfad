"""The steps before any request moves: what each does next, waits for, halts on."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.findings import Severity, Waiver, worded
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change, Node
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.manifests import ref_of
from migrator.domain.model.outside.warned import LogLook, Trouble, Warned
from migrator.domain.model.pod_targets import PodPort, PodTargets
from migrator.domain.observation.sighting import Configs, PreflightResult, Probes, Sighting
from migrator.domain.steps import AwaitReady, Deploy, Guard, Preflight, Step, VerifyConfig
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY
from tests.domain.deciding import check, past, thing
from tests.domain.seen import NEW, NODES, at, objects, pod, workload, workloads

BLOCKER = worded("x.y", Severity.BLOCK, "it", "is bad")
SERVICE = thing("Service", "gw", spec={"selector": {"app": "gw"}})
CHANGE = Change(
    ref=ref_of(SERVICE),
    uid="u-1",
    patch={"spec": {"selector": {"v": "1"}}},
    undo={"spec": {"selector": {"v": None}}},
    why=verbatim("keep it narrow"),
    after={"spec": {"selector": {"v": "2"}}},
)
GUARDED = thing("Service", "gw", spec={"selector": {"app": "gw", "v": "1"}})
LATER = thing("Service", "gw", spec={"selector": {"app": "gw", "v": "2"}})
OURS = {"labels": {MANAGED_BY: "migrator"}, "annotations": {DIGEST: "d-1"}}
DAEMONSET = thing("DaemonSet", "gw-ds", **OURS)
TWO = PodTargets(2, (PodPort("l-1", 80),))
MANY = tuple(Node(f"n-{i}", f"10.1.0.{i}") for i in range(5))
UNPLACED = replace(
    pod(Side.NEW, 0, ready=False, trouble=verbatim("Unschedulable: no cpu")), ref=PodRef("edge", "new-0", "u", "")
)

ODD = verbatim("odd")
EQUAL = Configs(("new-0", "new-1"))


def heard(side: Side, about: str) -> LogLook:
    row = Warned(Trouble.REJECTED, f"edge/{about}", about, side, 2, "2027-01-01T00:00:00")
    return LogLook(120.0, 3, (row,))


PREPARE = [
    pytest.param(Preflight(), (PreflightResult(None),), Wait, "running", id="the checks still run"),
    pytest.param(Preflight(), (PreflightResult((BLOCKER,)),), Halt, "x.y", id="a finding blocks"),
    pytest.param(Preflight((Waiver("x.y", "known"),)), (PreflightResult((BLOCKER,)),), Done, "preflight.counted counts=(findings.counted blocked=0 warned=0 told=0 waived=1)", id="it was waived"),
    pytest.param(Guard((CHANGE,)), (workloads(old=workload(Side.OLD, rolling=True)),), Wait, "guard.old-rolls workload=Deployment edge/gw", id="old is rolling"),
    pytest.param(Guard((CHANGE,)), (), Halt, "Service edge/gw: guard.object-replaced planned=u-1 found=", id="the Service is gone"),
    pytest.param(Guard((CHANGE,)), (objects({**SERVICE, "metadata": {**SERVICE["metadata"], "uid": "u-2"}}),), Halt, "u-2", id="it was replaced"),  # type: ignore[dict-item]
    pytest.param(Guard((CHANGE,)), (objects(SERVICE),), Do, "text=keep it narrow", id="not yet narrowed"),
    pytest.param(Guard((CHANGE,)), (objects(GUARDED),), Done, "guard.done objects=1", id="narrowed"),
    pytest.param(Deploy((DAEMONSET,)), (), Do, "deploy.make object=DaemonSet edge/gw-ds", id="not there"),
    pytest.param(Deploy((DAEMONSET,)), (objects(thing("DaemonSet", "gw-ds")),), Halt, "deploy.not-ours", id="not ours"),
    pytest.param(Deploy((DAEMONSET,)), (objects(thing("DaemonSet", "gw-ds", labels={MANAGED_BY: "migrator"})),), Do, "make", id="another digest"),
    pytest.param(Deploy((DAEMONSET,)), (objects(DAEMONSET),), Done, "deploy.done objects=1", id="applied"),
    pytest.param(AwaitReady(NODES, 200), (), Done, "ready.done pods=2", id="all Ready"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))),), Wait, "[(pod.missing places=[n-2] why=(pod.none-yet why=(pod.not-wanted wanted=0)))]", id="a node without a pod"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (), trouble=verbatim("FailedCreate: exceeded quota"))),), Wait, "[(pod.missing places=[n-1, n-2] why=(pod.none-yet why=(stored.text text=FailedCreate: exceeded quota)))]", id="the workload's own trouble"),
    pytest.param(AwaitReady(MANY, 200), (workloads(new=workload(Side.NEW, ())),), Wait, "[(pod.missing places=[n-0, n-1, n-2, n-3, n-4] why=(pod.none-yet why=(pod.not-wanted wanted=0)))]", id="a reason is said once"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (UNPLACED,), wanted=2)),), Wait, "[(pod.missing places=[n-1, n-2] why=(pod.none-yet why=(pod.unplaced why=(stored.text text=Unschedulable: no cpu))))]", id="a pod that no node takes"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),), wanted=1)),), Wait, "[(pod.missing places=[n-2] why=(pod.none-yet why=(pod.not-wanted wanted=1)))]", id="a node that the DaemonSet does not want"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),), wanted=2)),), Wait, "ready.waiting ready=1 wanted=2 reasons=[(pod.missing places=[n-2] why=(pod.none-yet why=None))]", id="a pod that is about to come"),
    pytest.param(AwaitReady(NODES, 50), (workloads(new=workload(Side.NEW, ())), past()), Halt, "ready.deadline", id="too late"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, ready=False),))),), Wait, "ready.waiting ready=0 wanted=1 reasons=[(pod.missing places=[n-1] why=(pod.not-ready))]", id="not Ready"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, ready=False, trouble=verbatim("pulling")),))),), Wait, "pulling", id="in trouble"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, last_restart=at(60)),))),), Wait, "[(pod.missing places=[n-1] why=(pod.restarted steady=60))]", id="restarted lately"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, last_restart=at(10)),))),), Done, "ready.done pods=1", id="restarted long ago"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, ready=False, hopeless=True, trouble=verbatim("port is taken")),))),), Halt, "port is taken", id="hopeless"),
    pytest.param(AwaitReady((), 200, scattered=TWO), (), Done, "ready.done pods=2", id="as many replicas as wanted"),
    pytest.param(AwaitReady((), 200, scattered=TWO), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))),), Wait, "[(pod.missing places=[replica] why=(pod.none-yet why=None))]", id="a replica that is not there yet"),
    pytest.param(AwaitReady((), 200, scattered=TWO), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0), pod(Side.NEW, 1, ready=False)))),), Wait, "ready.waiting ready=1 wanted=2 reasons=[(pod.missing places=[new-1] why=(pod.not-ready))]", id="a replica that is not Ready"),
    pytest.param(AwaitReady((), 50, scattered=TWO), (workloads(new=workload(Side.NEW, ())), past()), Halt, "[(pod.missing places=[replica, replica] why=(pod.none-yet why=None))]", id="replicas too late"),
    pytest.param(VerifyConfig((), 200, compared=False, scattered=TWO), (), Wait, "(config.not-equal:silent failure=(probe.none-yet))", id="pods that are not probed"),
    pytest.param(VerifyConfig(NEW, 200, compared=False), (), Wait, "(config.not-equal:silent failure=(probe.none-yet))", id="not probed"),
    pytest.param(VerifyConfig(NEW[:1], 200, compared=False), (Probes((("10.1.0.1:80", verbatim("refused")),)),), Wait, "(config.not-equal:silent failure=(stored.text text=refused))", id="a failed probe"),
    pytest.param(VerifyConfig(NEW[:1], 200, compared=False), (Probes((("10.1.0.1:80", None),)),), Done, "config.verified backends=1", id="nothing to compare, all answer"),
    pytest.param(VerifyConfig((), 200), (), Wait, "(config.not-equal:not-compared)", id="not compared"),
    pytest.param(VerifyConfig((), 200), (Configs(unready=(("new-0", verbatim("clusters")),), compared=("new-1",)),), Wait, "(config.not-equal:warming why=(stored.text text=clusters))", id="warming"),
    pytest.param(VerifyConfig((), 200), (Configs(("new-0", "new-1"), (("new-0", ("- a", "+ b")),)),), Wait, "(config.not-equal differences=[- a, + b])", id="different"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1"), (("new-0", ("- a", "+ b")),)), past()), Halt, "+ b", id="different for too long"),
    pytest.param(VerifyConfig((), 200), (Configs(unready=(("old-0", verbatim("a secret")),)),), Wait, "(config.not-equal:no-reference gateways=[(config.gateway pod=old-0 why=(stored.text text=a secret))])", id="no settled old gateway"),
    pytest.param(VerifyConfig((), 200), (Configs(("new-0", "new-1"), (("new-0", (ODD,)),), reference="old-0", apart=(("old-1", (ODD,)),)),), Wait, "(config.not-equal:old-apart differences=[(stored.text text=odd)] reference=old-0 old=[(config.gateway pod=old-1 why=(stored.text text=odd))])", id="old gateways that differ themselves"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1"), allowed=(("new-0", (ODD,)), ("new-1", (ODD,))), reference="old-0"),), Done, "config.verified-but backends=0 allowed=[(stored.text text=odd)] old=[] unmet=[]", id="equal but for what is allowed"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1"), reference="old-0", apart=(("old-1", (ODD,)),)),), Done, "config.verified-but backends=0 allowed=[] old=[(config.gateway pod=old-1 why=(stored.text text=odd))] unmet=[]", id="equal to one old gateway, not to another"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1"), unmet=("route/x",)),), Done, "config.verified-but backends=0 allowed=[] old=[] unmet=[route/x]", id="equal where it might have differed"),
    pytest.param(VerifyConfig((), 200), (EQUAL, LogLook(pending=True)), Wait, "(config.not-equal:unheard)", id="equal, and no log has been read yet"),
    pytest.param(VerifyConfig((), 200), (EQUAL, heard(Side.NEW, "new-0")), Wait, "(config.not-equal:rejected count=2 last=2027-01-01T00:00:00 seconds=120", id="equal, and its log says that it rejected what it was sent"),
    pytest.param(VerifyConfig((), 50), (EQUAL, heard(Side.NEW, "new-0"), past()), Halt, "config.not-equal:rejected", id="rejected for too long"),
    pytest.param(VerifyConfig((), 200), (EQUAL, heard(Side.NEW, "new-7")), Done, "config.verified", id="one that is gone had rejected it"),
    pytest.param(VerifyConfig((), 200), (EQUAL, heard(Side.OLD, "old-0")), Done, "config.verified", id="an old one rejected it"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1")),), Done, "config.verified backends=0", id="equal"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "facets", "kind", "said"), PREPARE)
def test_a_step_decides_by_what_it_declares_to_need(
    step: Step, facets: tuple[object, ...], kind: type[Decision], said: str
) -> None:
    check(step, facets, kind, said)


def test_every_line_of_a_difference_is_told_once_with_the_gateways_that_have_it() -> None:
    configs = Configs(
        differences=(("new-0", (ODD, verbatim("odder"))), ("new-1", (ODD,))),
        unready=(("new-2", verbatim("clusters")),),
        reference="old-0",
        apart=(("old-1", (ODD,)),),
    )

    assert VerifyConfig((), 50).troubles(Sighting(configs)) == (
        say("config.on", pods=("new-0", "new-1", "old-1"), line=ODD),
        say("config.on", pods=("new-0",), line=verbatim("odder")),
        say("config.gateway", pod="new-2", why=verbatim("clusters")),
    )
    assert VerifyConfig((), 50, compared=False).troubles(Sighting(configs)) == ()

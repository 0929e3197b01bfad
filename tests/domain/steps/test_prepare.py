"""The steps before any request moves: what each does next, waits for, halts on."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change, Node
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.findings import Finding, Severity, Waiver
from migrator.domain.model.manifests import ref_of
from migrator.domain.model.pod_targets import PodPort, PodTargets
from migrator.domain.observation.sighting import Configs, PreflightResult, Probes
from migrator.domain.steps import AwaitReady, Deploy, Guard, Preflight, Step, VerifyConfig
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY
from tests.domain.deciding import check, past, thing
from tests.domain.seen import NEW, NODES, at, objects, pod, workload, workloads

BLOCKER = Finding("x.y", Severity.BLOCK, "it", "is bad")
SERVICE = thing("Service", "gw", spec={"selector": {"app": "gw"}})
CHANGE = Change(
    ref=ref_of(SERVICE),
    uid="u-1",
    patch={"spec": {"selector": {"v": "1"}}},
    undo={"spec": {"selector": {"v": None}}},
    why="keep it narrow",
    after={"spec": {"selector": {"v": "2"}}},
)
GUARDED = thing("Service", "gw", spec={"selector": {"app": "gw", "v": "1"}})
LATER = thing("Service", "gw", spec={"selector": {"app": "gw", "v": "2"}})
OURS = {"labels": {MANAGED_BY: "migrator"}, "annotations": {DIGEST: "d-1"}}
DAEMONSET = thing("DaemonSet", "gw-ds", **OURS)
TWO = PodTargets(2, (PodPort("l-1", 80),))
MANY = tuple(Node(f"n-{i}", f"10.1.0.{i}") for i in range(5))
UNPLACED = replace(pod(Side.NEW, 0, ready=False, trouble="Unschedulable: no cpu"), ref=PodRef("edge", "new-0", "u", ""))

PREPARE = [
    pytest.param(Preflight(), (PreflightResult(None),), Wait, "running", id="the checks still run"),
    pytest.param(Preflight(), (PreflightResult((BLOCKER,)),), Halt, "x.y", id="a finding blocks"),
    pytest.param(Preflight((Waiver("x.y", "known"),)), (PreflightResult((BLOCKER,)),), Done, "1 finding", id="it was waived"),
    pytest.param(Guard((CHANGE,)), (workloads(old=workload(Side.OLD, rolling=True)),), Wait, "rolling", id="old is rolling"),
    pytest.param(Guard((CHANGE,)), (), Halt, "found nothing", id="the Service is gone"),
    pytest.param(Guard((CHANGE,)), (objects({**SERVICE, "metadata": {**SERVICE["metadata"], "uid": "u-2"}}),), Halt, "u-2", id="it was replaced"),  # type: ignore[dict-item]
    pytest.param(Guard((CHANGE,)), (objects(SERVICE),), Do, "narrow", id="not yet narrowed"),
    pytest.param(Guard((CHANGE,)), (objects(GUARDED),), Done, "1 object", id="narrowed"),
    pytest.param(Deploy((DAEMONSET,)), (), Do, "make DaemonSet", id="not there"),
    pytest.param(Deploy((DAEMONSET,)), (objects(thing("DaemonSet", "gw-ds")),), Halt, "deploy.not-ours", id="not ours"),
    pytest.param(Deploy((DAEMONSET,)), (objects(thing("DaemonSet", "gw-ds", labels={MANAGED_BY: "migrator"})),), Do, "make", id="another digest"),
    pytest.param(Deploy((DAEMONSET,)), (objects(DAEMONSET),), Done, "1 object", id="applied"),
    pytest.param(AwaitReady(NODES, 200), (), Done, "2 of 2", id="all Ready"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))),), Wait, "no pod yet", id="a node without a pod"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (), trouble="FailedCreate: exceeded quota")),), Wait, "n-1, n-2: no pod yet (FailedCreate: exceeded quota)", id="the workload's own trouble"),
    pytest.param(AwaitReady(MANY, 200), (workloads(new=workload(Side.NEW, ())),), Wait, "0 of 5 pods are Ready (n-0, n-1, n-2 and 2 more: no pod yet", id="a reason is said once"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (UNPLACED,), wanted=2)),), Wait, "no pod yet (a pod waits: Unschedulable: no cpu)", id="a pod that no node takes"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),), wanted=1)),), Wait, "n-2: no pod yet (the DaemonSet wants only 1 pods", id="a node that the DaemonSet does not want"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),), wanted=2)),), Wait, "(n-2: no pod yet)", id="a pod that is about to come"),
    pytest.param(AwaitReady(NODES, 50), (workloads(new=workload(Side.NEW, ())), past()), Halt, "ready.deadline", id="too late"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, ready=False),))),), Wait, "not Ready", id="not Ready"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, ready=False, trouble="pulling"),))),), Wait, "pulling", id="in trouble"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, last_restart=at(60)),))),), Wait, "restarted less than 60", id="restarted lately"),
    pytest.param(AwaitReady(NODES[:1], 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, last_restart=at(10)),))),), Done, "1 of 1", id="restarted long ago"),
    pytest.param(AwaitReady(NODES, 200), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0, ready=False, hopeless=True, trouble="port is taken"),))),), Halt, "port is taken", id="hopeless"),
    pytest.param(AwaitReady((), 200, scattered=TWO), (), Done, "2 of 2 pods", id="as many replicas as wanted"),
    pytest.param(AwaitReady((), 200, scattered=TWO), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0),))),), Wait, "1 of 2 pods are Ready (a replica: no pod yet)", id="a replica that is not there yet"),
    pytest.param(AwaitReady((), 200, scattered=TWO), (workloads(new=workload(Side.NEW, (pod(Side.NEW, 0), pod(Side.NEW, 1, ready=False)))),), Wait, "new-1: not Ready", id="a replica that is not Ready"),
    pytest.param(AwaitReady((), 50, scattered=TWO), (workloads(new=workload(Side.NEW, ())), past()), Halt, "2 of 2 pods are not Ready", id="replicas too late"),
    pytest.param(VerifyConfig((), 200, compared=False, scattered=TWO), (), Wait, "2 to go", id="pods that are not probed"),
    pytest.param(VerifyConfig(NEW, 200, compared=False), (), Wait, "2 to go", id="not probed"),
    pytest.param(VerifyConfig(NEW[:1], 200, compared=False), (Probes((("10.1.0.1:80", "refused"),)),), Wait, "not answered", id="a failed probe"),
    pytest.param(VerifyConfig(NEW[:1], 200, compared=False), (Probes((("10.1.0.1:80", ""),)),), Done, "1 new", id="nothing to compare, all answer"),
    pytest.param(VerifyConfig((), 200), (), Wait, "not been compared", id="not compared"),
    pytest.param(VerifyConfig((), 200), (Configs(unready=(("new-0", "clusters"),), compared=("new-1",)),), Wait, "warming up: clusters", id="warming"),
    pytest.param(VerifyConfig((), 200), (Configs(("new-0", "new-1"), (("new-0", ("- a", "+ b")),)),), Wait, "2 differences", id="different"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1"), (("new-0", ("- a", "+ b")),)), past()), Halt, "+ b", id="different for too long"),
    pytest.param(VerifyConfig((), 50), (Configs(("new-0", "new-1")),), Done, "no unexplained", id="equal"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "facets", "kind", "said"), PREPARE)
def test_a_step_decides_by_what_it_declares_to_need(
    step: Step, facets: tuple[object, ...], kind: type[Decision], said: str
) -> None:
    check(step, facets, kind, said)

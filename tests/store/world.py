"""Plans and a clock for the store's tests."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from migrator.domain.messages.findings import Severity, Waiver, worded
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Capabilities, Side, Weighted
from migrator.domain.model.change import Change, Difference, Node
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import Approval, BalancerSpec, ClusterSpec, GatewaySpec, ListenerSpec, SourceSpec, Spec
from migrator.domain.model.target import Derived
from migrator.domain.planning.plan import Forecast, Plan, Seen
from migrator.domain.steps import Step
from migrator.domain.steps.asking.people import Gate
from migrator.domain.steps.leave import TellToStay

START = datetime(2026, 3, 1, 9, 30, 0, 250000, tzinfo=UTC)
OLD = Backend("lbl-80", "10.0.0.1", 8080, "ins-1")
NEW = Backend("lbl-80", "10.1.0.1", 80, "ins-2")
POD = PodRef("istio-gateways", "gw-1", "uid-1", "10.0.0.1", "node-1")
FORWARD: tuple[Step, ...] = (
    Gate(verbatim("May it begin?"), Approval.MANUAL),
    Gate(verbatim("May it end?"), Approval.AUTO),
)
BACK: tuple[Step, ...] = (TellToStay(Side.OLD),)


class FakeClock:
    """Time that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        """Give the wall time."""
        return START + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Give the seconds."""
        return 1000.0 + self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.passed += seconds


_numbers = itertools.count(1)


def make_plan(
    id: str | None = None,
    *,
    name: str = "istio-ingress",
    at: datetime = START,
    old: tuple[Weighted, ...] = (Weighted(OLD, 100),),
    digest: str | None = None,
) -> Plan:
    """Give a small plan with one of everything."""
    id = id or f"{next(_numbers):08x}"
    deployment = ObjectRef("apps/v1", "Deployment", "istio-gateways", "gw")
    service = ObjectRef("v1", "Service", "istio-gateways", "gw")
    spec = Spec(
        name=name,
        cluster=ClusterSpec("istio-gateways"),
        source=SourceSpec("Deployment", "gw"),
        target=Derived("gw-ds", node_selector=(("role", "gateway"),), patch={"spec": {"a": [1, 2.5, None, "ü"]}}),
        gateway=GatewaySpec("istio"),
        balancer=BalancerSpec("tencent", "lb-1", (ListenerSpec("lbl-80", 80),), options=(("project", "1"),)),
        waivers=(Waiver("pool.foreign", "known"),),
    )
    seen = Seen(
        source={"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "gw", "uid": "u-1"}},
        source_uid="u-1",
        companions=({"kind": "HorizontalPodAutoscaler"},),
        old=old,
        new=(NEW,),
        nodes=(Node("node-1", "10.1.0.1"),),
        capabilities=Capabilities(writes_per_minute=60),
        facts=(("nodes", "node-1"),),
    )
    change = Change(
        service, "u-2", {"spec": {"selector": {"v": "1"}}}, {"spec": {"selector": {"v": None}}}, verbatim("narrow")
    )
    return Plan(
        id=id,
        digest=digest or id * 8,
        created_at=at,
        created_by="ann@ops",
        spec=spec,
        seen=seen,
        manifests=({"kind": "DaemonSet", "metadata": {"name": str(deployment.name)}},),
        changes=(change,),
        differences=(Difference("/spec/hostNetwork", None, True, say("derived.host-network")),),
        forecast=(Forecast(10.0, 9.9, (Weighted(NEW, 11),), 1),),
        steps=FORWARD,
        findings=(worded("pool.foreign", Severity.WARN, "lbl-80", "a row is nobody's", "10.9.9.9", "name it"),),
    )

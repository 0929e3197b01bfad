"""A plan in time: sums, bounds, the way back of every step, and the calls that are told are those that will be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target
from migrator.domain.model.change import Node
from migrator.domain.model.spec import (
    Approval,
    CleanupSpec,
    DrainSpec,
    GatesSpec,
    OnTimeout,
    Spec,
    Strategy,
    TrafficSpec,
    WindowSpec,
)
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.world import World
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.timeline import timeline
from migrator.domain.planning.timeline.ahead import ahead, windows_fit
from migrator.domain.steps import Retire
from tests.domain.planning.derive.gateways import NAMESPACE, NEW, OLD, deployment, spec
from tests.words import text

AT = datetime(2026, 3, 1, tzinfo=UTC)
CAN = Capabilities()


def made(plan: Spec, can: Capabilities = CAN, pods: int = 3, nodes: int = 4) -> Plan:
    """Give a plan for as many old pods and nodes."""
    live = tuple(Pod(PodRef(NAMESPACE, f"p-{i}", f"u-{i}", f"10.0.0.{i}"), (), True) for i in range(pods))
    targets = tuple(
        Target(Backend(listener, f"10.0.0.{i}", port), 100, Health.HEALTHY)
        for i in range(pods)
        for listener, port in (("l-80", 8080), ("l-443", 8443))
    )
    world = World(
        deployment(),
        Workload(OLD, "u-1", wanted=pods, ready=pods, pods=live),
        Workload(NEW),
        tuple(Node(f"n-{i}", f"10.1.0.{i}") for i in range(nodes)),
        targets=targets,
        capabilities=can,
    )
    return planning.make(propose(world, plan), AT, "ann@ops", lambda value: f"{hash(str(value)) & 0xFFFFFFFF:016x}")


CANARY = replace(spec({8080: 80, 8443: 443}), traffic=TrafficSpec((10.0, 50.0, 100.0), soak=60.0, max_soak=300.0))


def test_spans_follow_each_other_and_none_is_worse_than_its_worst():
    found = timeline(made(CANARY))

    for before, after in zip(found.spans, found.spans[1:], strict=False):
        assert after.start == pytest.approx(before.end)
    assert all(span.worst is None or span.worst >= span.expected for span in found.spans)
    assert found.expected == pytest.approx(found.spans[-1].end)
    assert [text(span.title) for span in found.spans] == [text(step.title) for step in made(CANARY).steps]


def test_soaks_and_keep_take_their_time():
    spans = {text(span.title): span for span in timeline(made(CANARY)).spans}

    assert spans["Shift 10 %"].expected >= 60
    assert spans["Shift 10 %"].worst >= 300 + CANARY.traffic.settle
    assert spans["Keep"].expected == CANARY.cleanup.keep_old


def test_there_is_a_way_back_from_every_step_until_retire():
    found = timeline(made(CANARY))

    first_without = next(i for i, step in enumerate(made(CANARY).steps) if isinstance(step, Retire))
    assert found.last_return == first_without
    assert all((span.back is None) is (i >= first_without) for i, span in enumerate(found.spans))


def test_the_way_back_costs_nothing_before_the_first_share_and_never_less_later():
    spans = {text(span.title): span.back for span in timeline(made(CANARY)).spans}

    assert spans["Attach new"].traffic == 0
    assert 0 < spans["Shift 10 %"].traffic <= spans["Drain old"].traffic < spans["Detach old"].traffic
    assert all(back is None or back.whole >= back.traffic for back in spans.values())


def test_what_a_person_decides_has_no_bound():
    manual = {text(span.title): span.worst for span in timeline(made(CANARY)).spans}
    decided = replace(CANARY, cleanup=CleanupSpec(Approval.AUTO), drain=DrainSpec(60.0, OnTimeout.CUT))

    assert (manual["Gate"], manual["Drain old"]) == (None, None)
    assert not timeline(made(decided)).waits_for_person


@pytest.mark.parametrize(
    ("can", "calls"),
    [
        pytest.param(Capabilities(), 1, id="all in one call"),
        pytest.param(Capabilities(several_listeners=False), 2, id="a call per listener"),
        pytest.param(Capabilities(batch=2), 4, id="small batches"),
        pytest.param(Capabilities(batch=3, several_listeners=False), 4, id="small batches of one listener"),
    ],
)
def test_the_calls_are_as_many_as_the_balancer_needs(can, calls):
    attach = next(span for span in timeline(made(CANARY, can)).spans if text(span.title) == "Attach new")

    assert attach.calls == (say("estimate.register", backends=8, calls=calls),)


def test_a_slow_balancer_makes_a_long_plan():
    quick, slow = timeline(made(CANARY)), timeline(made(CANARY, Capabilities(batch=2, writes_per_minute=2)))

    assert slow.expected > quick.expected + 60


def test_blue_green_is_one_shift():
    found = timeline(made(replace(CANARY, strategy=Strategy.BLUE_GREEN)))

    assert [text(span.title) for span in found.spans if text(span.title).startswith("Shift")] == ["Shift 100 %"]


def test_retire_names_what_it_deletes():
    retire = next(span for span in timeline(made(CANARY)).spans if text(span.title) == "Retire")

    assert retire.calls[-1] == say("estimate.delete", object="Deployment edge/gateway")


def test_a_rehearsal_is_bounded_by_what_the_plan_allows_and_the_whole_by_the_sum():
    found = timeline(made(replace(CANARY, traffic=replace(CANARY.traffic, rehearse=15.0))))

    assert {text(span.title): span.worst for span in found.spans}["Rehearse back"] == 15.0
    assert found.worst == sum(span.worst for span in found.spans if span.worst is not None)


def test_each_step_knows_the_share_before_it_and_the_time_until_it_can_be_back() -> None:
    plan = made(CANARY)
    found = dict(zip((text(step.title) for step in plan.steps), ahead(plan), strict=True))
    spans = {text(span.title): span for span in timeline(plan).spans}

    assert [found[name].after for name in ("Shift 10 %", "Shift 50 %", "Keep", "Drain old")] == [
        None,
        10.0,
        100.0,
        None,
    ]
    assert found["Drain old"].worst == spans["Drain old"].expected  # a person is asked then: that has no bound
    assert spans["Shift 50 %"].back is not None
    assert found["Shift 50 %"].back == spans["Shift 50 %"].back.whole
    assert found["Retire"].back is None


def test_a_share_that_the_plan_holds_waits_for_a_person() -> None:
    auto = replace(CANARY, cleanup=CleanupSpec(Approval.AUTO), drain=DrainSpec(on_timeout=OnTimeout.CUT))
    held = timeline(made(replace(auto, gates=GatesSpec(hold=(50.0,)))))

    assert [text(span.title) for span in held.spans if span.held] == ["Shift 50 %"]
    assert (held.waits_for_person, timeline(made(auto)).waits_for_person) == (True, False)


@pytest.mark.parametrize(
    ("gates", "names"),
    [
        pytest.param(GatesSpec(), set(), id="no windows"),
        pytest.param(GatesSpec(windows=(WindowSpec(0, 24 * 60),)), set(), id="always open"),
        pytest.param(GatesSpec(windows=(WindowSpec(0, 1),)), {"Shift 50 %", "Retire"}, id="a minute a day"),
        pytest.param(GatesSpec(windows=(WindowSpec(0, 1),), zone="Moon/Sea"), {"Shift 50 %"}, id="nobody knows where"),
    ],
)
def test_windows_that_are_shorter_than_a_step_are_found(gates: GatesSpec, names: set[str]) -> None:
    findings = list(windows_fit(made(replace(CANARY, gates=gates)), AT))

    assert {finding.code for finding in findings} <= {"gates.too-short"}
    assert names <= {text(finding["step"]) for finding in findings}
    assert bool(names) == bool(findings)
    assert "Keep" not in {text(finding["step"]) for finding in findings}

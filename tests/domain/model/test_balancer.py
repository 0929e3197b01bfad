"""Whose each backend is, and what share the weights give."""

from __future__ import annotations

import pytest

from migrator.domain.messages.errors import LeaseLost, NotFound, PlanRefused, Unreachable
from migrator.domain.messages.findings import Severity, Waiver, blocking, worded
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, pools, sides
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import ConnectionCounts, GatewaySignals, Objects, Probes
from tests.domain.seen import FOREIGN, NEW, NEW_REF, OLD, START, counts, pod, rows


def test_a_backend_is_the_plans_or_a_living_old_pods_or_foreign() -> None:
    later = Backend("l-1", "10.0.0.9", 8080)
    elsewhere = Backend("l-1", "10.0.0.9", 9090)
    targets = [Target(backend, 1) for backend in (OLD[0], NEW[0], later, elsewhere, FOREIGN)]

    found = sides(targets, OLD, NEW, ["10.0.0.9"])

    assert found == {OLD[0]: Side.OLD, NEW[0]: Side.NEW, later: Side.OLD}
    assert [row.side for row in pools(targets, found, Capabilities()).of(None)] == [None, None]


def test_what_a_run_left_behind_is_new_unless_it_is_a_living_old_pod() -> None:
    old = Backend("l-1", "10.0.0.1", 8080)
    gone, joined = Backend("l-1", "10.9.0.1", 8080), Backend("l-1", "10.0.0.2", 8080)

    found = sides([Target(gone, 0), Target(joined, 0)], [old], [], ["10.0.0.2"], [gone, joined])

    assert found == {gone: Side.NEW, joined: Side.OLD}


def test_a_side_has_an_opposite() -> None:
    assert (Side.OLD.other, Side.NEW.other) == (Side.NEW, Side.OLD)


def test_the_share_counts_foreign_weight_and_is_the_highest_of_any_listener() -> None:
    other = Row(Target(Backend("l-2", "10.1.0.1", 80), 100, Health.HEALTHY), Side.NEW)
    standing = Pools((*rows(Side.OLD, OLD, 100), *rows(Side.NEW, NEW, 25), *rows(None, (FOREIGN,), 250), other))

    assert standing.share(listener="l-1") == 10.0
    assert standing.share() == 100.0
    assert standing.share(Side.OLD, "l-1") == 40.0


def test_without_weight_there_is_no_share() -> None:
    assert Pools(()).share() is None
    assert Pools(tuple(rows(Side.NEW, NEW, 0))).share(listener="l-1") is None


def test_of_what_either_side_gets_foreign_weight_is_no_part_on_any_listener() -> None:
    other = Row(Target(Backend("l-2", "10.1.0.1", 80), 100, Health.HEALTHY), Side.NEW)
    nobodys = Row(Target(Backend("l-3", "10.9.0.1", 80), 100, Health.HEALTHY), None)
    standing = Pools(
        (*rows(Side.OLD, OLD, 100), *rows(Side.NEW, NEW, 25), *rows(None, (FOREIGN,), 250), other, nobodys)
    )

    assert standing.own_shares() == (20.0, 100.0)
    assert Pools((nobodys,)).own_shares() is None


@pytest.mark.parametrize(
    ("health", "carrying"),
    [(Health.HEALTHY, 7), (Health.UNKNOWN, 7), (Health.PENDING, 0), (Health.UNHEALTHY, 0)],
)
def test_only_what_may_answer_carries(health: Health, carrying: int) -> None:
    assert Row(Target(OLD[0], 7, health), Side.OLD).carrying == carrying


def test_backends_are_equal_by_where_they_answer_and_not_by_the_providers_id() -> None:
    assert Backend("l", "a", 1, "ins-1") == Backend("l", "a", 1, "ins-2")
    assert str(Backend("l", "a", 1)) == "l/a:1"


def test_what_was_not_seen_is_unknown() -> None:
    ref = pod(Side.OLD, 0).ref

    assert GatewaySignals().word(ref) is None
    assert Probes().failure(OLD[0]) == say("probe.none-yet")
    assert Objects({}).get(NEW_REF) is None
    assert ConnectionCounts().connections((ref,)) is None
    assert ConnectionCounts().uncounted((ref,)) == (ref,)
    assert counts(old=3).connections((ref,)) == 3
    assert not Workload(NEW_REF).exists
    assert Workload(NEW_REF, pods=(pod(Side.NEW, 0, terminating=True),)).live == ()


def test_errors_carry_what_the_reader_needs() -> None:
    finding = worded("a.b", Severity.BLOCK, "it", "bad")

    assert Unreachable(verbatim("busy"), 3.0).retry_after == 3.0
    assert PlanRefused(verbatim("no"), [finding]).findings == (finding,)
    assert (NotFound.exit_code, LeaseLost.exit_code) == (2, 1)


def test_a_waiver_lets_its_own_code_pass_and_nothing_else() -> None:
    found = [worded(code, Severity.BLOCK, "it", "bad") for code in ("a.b", "c.d")]
    found.append(worded("e.f", Severity.WARN, "it", "odd"))

    assert [finding.code for finding in blocking(found, [Waiver("a.b", "known")])] == ["c.d"]


def test_a_run_has_ended_in_its_ends_only() -> None:
    def run(state: State) -> Run:
        return Run(1, "p", "edge", state, Heading.FORWARD, 0, START, START)

    ended = {state for state in State if run(state).ended}

    assert ended == {State.COMPLETED, State.ROLLED_BACK, State.CANCELLED}

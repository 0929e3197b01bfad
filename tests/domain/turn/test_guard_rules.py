"""The guard among the rules: bad news turns back, somebody else's hand halts, and neither does harm while resting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.decisions import Ask, Decision, Halt, TurnBack, Wait
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Approval
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import JournalFacts, Witnessed
from migrator.domain.steps import Gate
from migrator.domain.turn.rules import drift
from tests.domain.chain import ALIVE, HALF, HALTED, RUNNING, course, decided
from tests.domain.seen import FOREIGN, NEW, OLD, OLD_REF, at, meant, opened, pools, rows, seen, verdict, workloads
from tests.words import told

BOUNDED = settings(max_examples=100, deadline=None)

REFUSED = Witnessed(tries=9, refusals=2, last_error="connection refused")
SICK = pools(new=100, health=Health.UNHEALTHY)
BAD = [
    pytest.param((HALF, REFUSED), "witness.refused refusals=2 error=connection refused answered=9", id="refusals"),
    pytest.param(
        (HALF, verdict(Ruling.ABORT, "5 of 100 bad")),
        "judge.abort reason=(stored.text text=5 of 100 bad)",
        id="an abort",
    ),
    pytest.param(
        (SICK,), "backend.unhealthy backends=[l-1/10.1.0.1:80, l-1/10.1.0.2:80]", id="sick backends with weight"
    ),
    pytest.param(
        (HALF, JournalFacts(weights=meant(HALF), blind_for=301.0)),
        "judge.no-data blind=301 reason=(judge.silent)",
        id="no data",
    ),
    pytest.param(
        (HALF, verdict(Ruling.NO_DATA, "stale"), JournalFacts(weights=meant(HALF), blind_for=301.0)),
        "judge.no-data blind=301 reason=(stored.text text=stale)",
        id="stale data",
    ),
]


def ending(*new: tuple[bool, Health]) -> Pools:
    """Give two old backends, and new ones with weight: whether the pod of each is gone or ending, and its health."""
    found = [
        replace(row, deserted=gone, target=replace(row.target, health=health))
        for row, (gone, health) in zip(rows(Side.NEW, NEW, 100), new, strict=True)
    ]
    return Pools((*rows(Side.OLD, OLD, 100), *found), Capabilities())


ILL, WELL = Health.UNHEALTHY, Health.HEALTHY
ENDS = [
    pytest.param(ending((True, ILL), (False, WELL)), False, id="a pod ends and another one carries on"),
    pytest.param(ending((True, WELL), (False, ILL)), True, id="a pod ends and another one is sick"),
    pytest.param(ending((True, ILL), (True, ILL)), True, id="all pods end"),
    pytest.param(ending((True, ILL), (True, WELL)), True, id="all pods end, and one still answers"),
    pytest.param(ending((True, ILL), (False, Health.UNKNOWN)), False, id="the other one is not called sick"),
]


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize(("standing", "turns_back"), ENDS)
def test_a_new_backend_whose_pod_ends_is_no_sick_one_while_another_carries_on(
    standing: Pools, turns_back: bool, state: State
) -> None:
    found = decided(seen(standing, JournalFacts(weights=meant(standing)), course(state)))

    assert isinstance(found, TurnBack) is turns_back


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize(("facets", "words"), BAD)
def test_bad_news_turns_the_run_back_also_while_it_rests(facets: tuple[object, ...], words: str, state: State) -> None:
    found = decided(seen(*facets, course(state)))

    assert isinstance(found, TurnBack)
    assert words in told(found.findings)


@pytest.mark.parametrize(("facets", "words"), BAD)
def test_nothing_turns_back_twice_or_without_an_old_side_or_before_there_is_weight(
    facets: tuple[object, ...], words: str
) -> None:
    nowhere = workloads(old=Workload(OLD_REF))
    empty = pools(health=Health.UNHEALTHY)

    assert not isinstance(decided(seen(*facets, course(heading=Heading.BACK))), TurnBack)
    assert not isinstance(decided(seen(*facets, nowhere)), TurnBack)
    assert not isinstance(decided(seen(*facets, empty, JournalFacts(weights=meant(empty), blind_for=301.0))), TurnBack)


def test_no_data_holds_where_nothing_is_shifted() -> None:
    found = decided(
        seen(HALF, JournalFacts(weights=meant(HALF), blind_for=301.0)), Gate(verbatim("sure?"), Approval.MANUAL)
    )

    assert isinstance(found, Ask)


def test_a_backend_that_was_raised_unseen_gets_its_time_to_turn_healthy() -> None:
    blind = pools(new=100, capabilities=Capabilities(health_at_zero=False), health=Health.UNHEALTHY)

    def raised(when: float | None, **more: object) -> Decision:
        written = {row.backend: at(when) for row in blind.rows} if when is not None else {}
        return decided(seen(blind, JournalFacts(weights=meant(blind), written_at=written, entered_at=at(0), **more)))  # type: ignore[arg-type]  # fields

    assert isinstance(raised(95, settled_at=at(95)), Wait)
    assert isinstance(raised(80), TurnBack)
    assert isinstance(raised(None), TurnBack)  # a step that has written nothing protects as well
    assert isinstance(raised(80, unseen=((at(80), at(100)),)), TurnBack)  # time without the cluster is no grace


DRIFTS = [
    pytest.param(HALF, {OLD[0]: (7,)}, "(drift.changed weight=100 meant=7)", id="another weight"),
    pytest.param(HALF, {Backend("l-1", "10.0.0.9", 8080): (5,)}, "(drift.gone meant=5)", id="gone with weight"),
    pytest.param(HALF, {NEW[1]: None}, "(drift.appeared weight=100)", id="appeared with weight"),
]


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize(("standing", "change", "words"), DRIFTS)
def test_somebody_elses_hand_halts_a_running_run_and_is_only_reported_while_it_rests(
    standing: Pools, change: dict[Backend, tuple[int, ...] | None], words: str, state: State
) -> None:
    memory = {b: w for b, w in {**meant(standing), **change}.items() if w is not None}

    found = decided(seen(standing, JournalFacts(weights=memory), course(state)))

    assert isinstance(found, Halt if state is RUNNING else Wait)
    assert words in (told(found.findings) if isinstance(found, Halt) else str(found.reason))


@pytest.mark.parametrize(("facets", "words"), BAD[:2])
def test_after_a_halt_for_a_foreign_hand_the_guard_only_reports(facets: tuple[object, ...], words: str) -> None:
    foreign = JournalFacts(weights={**meant(HALF), OLD[0]: (7,)})

    assert isinstance(decided(seen(*facets, foreign, course(HALTED))), Wait)
    assert isinstance(decided(seen(*facets, foreign, course(RUNNING))), TurnBack)


def test_the_way_back_outranks_everybody_elses_hand() -> None:
    found = decided(seen(HALF, JournalFacts(weights={OLD[0]: (7,)}), course(heading=Heading.BACK)))

    assert not isinstance(found, Halt)


@BOUNDED
@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_weight_is_ours_exactly_if_it_was_meant_or_is_being_written(now: int, settled: int, writing: int) -> None:
    standing = Pools((*rows(Side.OLD, OLD[:1], now), *rows(None, (FOREIGN,), 50)))
    write = opened(SetWeights((Weighted(OLD[0], writing),)))

    found = drift(seen(standing, JournalFacts(weights={OLD[0]: (settled,)}, open=write)))

    assert bool(found) == (now not in (settled, writing))


@pytest.mark.parametrize(("pool", "foreign"), [("old", False), ("theirs", True), ("", True)])
def test_a_backend_that_joins_a_pool_of_a_known_weight_is_nobodys_hand(pool: str, foreign: bool) -> None:
    """An old pod that was replaced or scaled up shares its group's weight; nobody set any."""
    standing = Row(Target(OLD[0], 90, Health.HEALTHY, pool="old"), Side.OLD)
    joined = Row(Target(OLD[1], 90, Health.HEALTHY, pool=pool), Side.OLD)

    found = drift(seen(Pools((standing, joined)), JournalFacts(weights={OLD[0]: (90,)})))

    assert bool(found) is foreign

"""The mix of classes: a side that answers everything with 404 is seen, and one that only gets the scanners is not blamed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.judging.classes import needs_comparison
from migrator.domain.judging.judge import Evidence, Seen, judge, ruling
from migrator.domain.judging.window import Window, window
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Delta, Listened, Rate, Ruling, Verdict
from migrator.domain.model.spec import ClassesSpec, JudgeSpec

NOW = 1000.0
SPEC = JudgeSpec()


def seconds(
    side: Side,
    requests: int,
    client: int,
    own: int | None = None,
    connections: int | None = 20,
    name: str = "",
    **more: object,
) -> list[Delta]:
    """Give eight seconds alike of one gateway."""
    classes = Classes(client, own, **more)  # type: ignore[arg-type]  # a test's own words
    return [
        Delta(
            name or f"{side.value}-0",
            side,
            NOW - age,
            1.0,
            requests,
            0,
            None,
            connections,
            classes=classes,
            connections=None if connections is None else 5,
        )
        for age in range(8)
    ]


def ruled(*rows: list[Delta], mix: bool = False, before: Rate | None = None, spec: JudgeSpec = SPEC) -> Verdict:
    deltas = tuple(delta for row in rows for delta in row)
    return judge(spec, Evidence(deltas, NOW, Rate(), window(deltas, NOW, 30.0) if mix else None, before))


WELL = seconds(Side.OLD, 100, 2)


@pytest.mark.parametrize(
    ("new", "ruled_as", "code"),
    [
        pytest.param(seconds(Side.NEW, 100, 100), Ruling.ABORT, "judge.collapse", id="404 to everything"),
        pytest.param(seconds(Side.NEW, 100, 70), Ruling.ABORT, "judge.collapse", id="most of it"),
        pytest.param(seconds(Side.NEW, 100, 40), Ruling.PASS, "judge.numbers", id="less than half, not yet a window"),
        pytest.param(seconds(Side.NEW, 9, 9), Ruling.PASS, "judge.numbers", id="fewer than fifty requests"),
        pytest.param(
            seconds(Side.NEW, 100, 100, connections=0), Ruling.PASS, "judge.numbers", id="on five connections"
        ),
        pytest.param(
            seconds(Side.NEW, 100, 100, connections=None),
            Ruling.HOLD,
            "judge.collapse-unsure",
            id="nobody counts connections",
        ),
    ],
)
def test_a_collapse_turns_back(new: list[Delta], ruled_as: Ruling, code: str) -> None:
    verdict = ruled(new, WELL)

    assert (verdict.ruling, verdict.reason.code) == (ruled_as, code)


def test_one_gateway_that_collapses_is_named() -> None:
    bad = seconds(Side.NEW, 100, 100, name="new-7")
    good = [delta for index in range(9) for delta in seconds(Side.NEW, 100, 2, name=f"new-{index + 10}")]

    verdict = ruled(bad, good, WELL)

    assert (verdict.ruling, verdict.gateways) == (Ruling.ABORT, ("new-7",))


def test_a_collapse_needs_two_looks() -> None:
    bad = [delta for delta in seconds(Side.NEW, 300, 300) if delta.at == NOW]
    good = [delta for delta in seconds(Side.NEW, 50, 0) if delta.at < NOW]

    assert ruled(bad, good, WELL).ruling is Ruling.HOLD


def test_a_side_that_answers_like_the_old_one_is_not_blamed() -> None:
    assert ruled(seconds(Side.NEW, 100, 90), seconds(Side.OLD, 100, 88)).ruling is Ruling.PASS


def test_a_listener_that_collapses_is_named_though_the_side_looks_well() -> None:
    ours = (Listened("outbound_80", 900, 9), Listened("outbound_443", 100, 100))
    theirs = (Listened("outbound_80", 900, 9), Listened("outbound_443", 100, 1))
    new = seconds(Side.NEW, 1000, 109, listeners=ours)
    old = seconds(Side.OLD, 1000, 10, listeners=theirs)

    verdict = ruled(new, old)

    assert verdict.ruling is Ruling.ABORT
    assert "listener=outbound_443" in str(verdict.reason)


def test_a_listener_of_one_side_alone_is_compared_with_nothing() -> None:
    ours = (Listened("a", 100, 100), Listened("b", 900, 0))
    new, old = seconds(Side.NEW, 1000, 100, listeners=ours), seconds(Side.OLD, 1000, 10, listeners=(ours[1],))

    assert ruled(new, old).ruling is Ruling.PASS


@pytest.mark.parametrize(
    ("new", "old", "ruled_as"),
    [
        pytest.param(5, 0, Ruling.ABORT, id="a route is missing"),
        pytest.param(5, 5, Ruling.PASS, id="missing on both sides"),
        pytest.param(5, None, Ruling.PASS, id="the old side does not say"),
        pytest.param(None, 0, Ruling.PASS, id="the new side does not say"),
        pytest.param(5, 4, Ruling.PASS, id="a little more, as clients explain it"),
    ],
)
def test_answers_that_the_gateway_made_itself_are_judged_like_5xx(
    new: int | None, old: int | None, ruled_as: Ruling
) -> None:
    assert ruled(seconds(Side.NEW, 100, 5, new), seconds(Side.OLD, 100, 5, old)).ruling is ruled_as


def test_without_connections_its_own_answers_hold_and_do_not_turn_back() -> None:
    new, old = seconds(Side.NEW, 100, 5, 5, connections=None), seconds(Side.OLD, 100, 5, 0)

    assert ruled(new, old).ruling is Ruling.HOLD


def test_any_other_jump_of_4xx_holds_and_asks_for_a_comparison_of_answers() -> None:
    new = seconds(Side.NEW, 100, 20)

    assert ruled(new, WELL).ruling is Ruling.PASS
    verdict = ruled(new, WELL, mix=True)
    assert (verdict.ruling, verdict.reason.code) == (Ruling.HOLD, "judge.mix-jumped")
    assert needs_comparison(verdict)
    assert not needs_comparison(ruled(new, WELL))
    assert not needs_comparison(None)


@pytest.mark.parametrize(
    ("new", "old", "ruled_as"),
    [
        pytest.param(20, 0, Ruling.HOLD, id="more than the old side"),
        pytest.param(20, 19, Ruling.PASS, id="as many as the old side"),
        pytest.param(20, None, Ruling.PASS, id="the old side does not count"),
        pytest.param(None, 0, Ruling.PASS, id="the new side does not count"),
        pytest.param(0, 0, Ruling.PASS, id="none"),
    ],
)
def test_requests_without_an_answer_hold(new: int | None, old: int | None, ruled_as: Ruling) -> None:
    found = ruled(seconds(Side.NEW, 100, 0, broken=new), seconds(Side.OLD, 100, 0, broken=old), mix=True)

    assert found.ruling is ruled_as


def test_alone_the_new_side_is_compared_with_its_own_mix_before() -> None:
    scanned, good = Rate(1000, 0, client=990, connections=200), Rate(1000, 0, client=10, connections=200)
    old = seconds(Side.OLD, 100, 0, connections=0)

    assert ruled(seconds(Side.NEW, 100, 99), old, before=scanned, mix=True).ruling is Ruling.PASS
    assert ruled(seconds(Side.NEW, 100, 99), old, before=good).ruling is Ruling.ABORT


def test_with_nothing_to_compare_with_classes_say_nothing() -> None:
    assert ruled(seconds(Side.NEW, 100, 100), mix=True).ruling is Ruling.PASS


def test_a_gateway_that_does_not_count_classes_leaves_its_side_unjudged_by_them() -> None:
    mute = [replace(delta, classes=None, gateway="new-9") for delta in seconds(Side.NEW, 100, 0)]

    assert ruled(seconds(Side.NEW, 100, 40), mute, WELL, mix=True).ruling is Ruling.HOLD
    assert ruled(mute, WELL, mix=True).ruling is Ruling.PASS


def test_both_sides_equally_bad_stay_a_shared_failure() -> None:
    bad = [replace(delta, bad=50) for side in Side for delta in seconds(side, 100, 50)]

    assert ruled(bad).ruling is Ruling.SHARED


def test_limits_of_the_mix_are_the_plans() -> None:
    lenient = replace(SPEC, classes=ClassesSpec(collapse=0.9, jump=0.5))

    assert ruled(seconds(Side.NEW, 100, 40), WELL, mix=True, spec=lenient).ruling is Ruling.PASS
    assert ruled(seconds(Side.NEW, 100, 80), WELL, spec=lenient).ruling is Ruling.PASS


@settings(max_examples=400, deadline=None)
@given(
    share=st.sampled_from([0.01, 0.1, 0.5, 0.9]),
    scanners=st.integers(1, 300),
    asked=st.integers(1, 40),
    pooled=st.integers(0, 100_000),
    no_route=st.booleans(),
)
def test_a_new_side_that_only_gets_the_scanners_is_never_turned_back(
    share: float, scanners: int, asked: int, pooled: int, no_route: bool
) -> None:
    """Whatever the share: scanners come to both sides by weight, while every client of the house stays on old."""
    ours, theirs = round(scanners * share), scanners - round(scanners * share)
    refused, refused_old = ours * asked, theirs * asked
    new = Rate(refused, 0, client=refused, own=refused if no_route else 0, connections=ours, live=0)
    old = Rate(
        pooled + refused_old,
        0,
        client=refused_old,
        own=refused_old if no_route else 0,
        connections=theirs,
        live=pooled // 10,
    )

    seen = Window(new, old, (("new-0", new),))

    assert ruling(SPEC, Seen(seen, seen, seen)).ruling is not Ruling.ABORT


@settings(max_examples=200, deadline=None)
@given(clients=st.integers(20, 300), asked=st.integers(3, 20), share=st.sampled_from([0.5, 0.9]))
def test_a_new_side_that_answers_404_to_everything_is_turned_back_at_once(
    clients: int, asked: int, share: float
) -> None:
    ours = max(10, round(clients * share))
    new = Rate(ours * asked, 0, client=ours * asked, own=0, connections=ours, live=0)
    old = Rate(clients * asked, 0, client=clients // 10, own=0, connections=clients, live=0)
    seen = Window(new, old, (("new-0", new),))

    found = ruling(SPEC, Seen(seen, seen))

    assert found.ruling is Ruling.ABORT or ours * asked < SPEC.classes.min_requests

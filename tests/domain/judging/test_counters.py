"""From raw counters to what happened, and whether a share of connections is what the weights promise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.judging.counters import deltas, observed
from migrator.domain.judging.share_test import disagreement, wilson
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Delta, Listened, Observed, Reading

BOUNDED = settings(max_examples=200, deadline=None)
FIRST = Reading("gw-1", Side.NEW, 10.0, "a", 100, 5, 3, 7, 50)


def between(after: Reading, before: Reading = FIRST) -> list[Delta]:
    return deltas({before.gateway: before}, [after])


def test_a_delta_is_what_happened_between_two_readings() -> None:
    after = replace(FIRST, at=12.0, requests=130, bad=6, slow=4, accepted=55, slow_over=2.5)

    assert between(after) == [Delta("gw-1", Side.NEW, 12.0, 2.0, 30, 1, 1, 5, 2.5, connections=7)]


@pytest.mark.parametrize("epoch", ["a", "b"], ids=["unnoticed", "noticed"])
def test_a_restarted_gateway_starts_anew(epoch: str) -> None:
    after = replace(FIRST, at=12.0, epoch=epoch, requests=4, bad=1, slow=0, accepted=2)

    assert between(after) == [Delta("gw-1", Side.NEW, 12.0, 2.0, 4, 1, 0, 2, connections=7)]


def test_a_first_reading_and_one_without_time_between_say_nothing() -> None:
    assert deltas({}, [FIRST]) == []
    assert between(FIRST) == []


def test_what_is_not_measured_stays_unknown() -> None:
    (delta,) = between(replace(FIRST, at=11.0, slow=None, accepted=None))
    (other,) = between(replace(FIRST, at=11.0), replace(FIRST, slow=None, accepted=None))

    assert (delta.slow, delta.accepted) == (None, None)
    assert (other.slow, other.accepted) == (3, 50)


@BOUNDED
@given(*[st.integers(0, 1000)] * 6)
def test_nothing_is_ever_negative(requests: int, bad: int, slow: int, more: int, worse: int, slower: int) -> None:
    before = replace(FIRST, requests=requests, bad=bad, slow=slow, accepted=slow)

    (delta,) = between(replace(before, at=11.0, requests=more, bad=worse, slow=slower, accepted=slower), before)

    assert min(delta.requests, delta.bad, delta.slow or 0, delta.accepted or 0) >= 0


BY_CLASS = Classes(
    100, own=10, broken=1, upstream=(("shop", 60), ("blog", 40)), listeners=(Listened("80", 500, 100, 10),)
)


def counted(before: Classes | None, after: Classes | None, epoch: str = "a") -> Classes | None:
    was = replace(FIRST, classes=before)
    (delta,) = between(replace(FIRST, at=11.0, epoch=epoch, classes=after), was)
    return delta.classes


def test_what_did_not_come_from_behind_is_the_gateways_own() -> None:
    after = Classes(130, 12, 4, (("shop", 70), ("blog", 40), ("news", 5)), (Listened("80", 540, 130, 12),))

    assert counted(BY_CLASS, after) == Classes(30, 15, 3, None, (Listened("80", 40, 30, 2),))


def test_a_cluster_that_is_gone_takes_nothing_from_what_came_from_behind() -> None:
    after = replace(BY_CLASS, client=130, upstream=(("shop", 90),))

    found = counted(BY_CLASS, after)

    assert found is not None
    assert (found.client, found.own) == (30, 0)


def test_more_from_behind_than_was_answered_is_nothing_of_its_own() -> None:
    assert counted(Classes(5, upstream=()), Classes(6, upstream=(("shop", 9),))) == Classes(1, own=0)
    assert counted(Classes(5), Classes(6)) == Classes(1)


def test_classes_start_anew_with_the_process_and_are_unknown_where_nobody_counts_them() -> None:
    assert counted(BY_CLASS, Classes(3, 1, 0, (("shop", 1),), (Listened("80", 9, 3, 1),)), epoch="b") == Classes(
        3, 2, 0, None, (Listened("80", 9, 3, 1),)
    )
    assert counted(BY_CLASS, None) is None


@BOUNDED
@given(*[st.integers(0, 1000)] * 8)
def test_no_class_is_ever_negative(c: int, o: int, b: int, u: int, c2: int, o2: int, b2: int, u2: int) -> None:
    before = Classes(c, o, b, (("shop", u),), (Listened("80", c, c, o),))
    found = counted(before, Classes(c2, o2, b2, (("shop", u2),), (Listened("80", c2, c2, o2),)))

    assert found is not None
    part = found.listeners[0]
    assert min(found.client, found.own or 0, found.broken or 0, part.requests, part.client, part.own or 0) >= 0


@BOUNDED
@given(st.integers(-10, 1000), st.integers(-10, 1000))
def test_an_interval_is_one_for_any_counts(hits: int, total: int) -> None:
    low, high = wilson(hits, total)

    assert 0.0 <= low <= high <= 1.0


def test_only_connections_since_the_weights_stood_are_observed() -> None:
    new = Delta("gw-1", Side.NEW, 12.0, 1.0, 9, 0, None, 3)
    old = replace(new, gateway="old-1", side=Side.OLD, accepted=9)
    early = replace(new, at=10.5, accepted=500)

    assert observed([early, new, old], 11.0, "counters") == Observed(3, 12, "counters")
    assert observed([early], 11.0, "counters") is None
    assert observed([new, replace(old, accepted=None)], 11.0, "counters") is None


def test_where_weights_steer_requests_it_is_requests_that_are_observed_and_named() -> None:
    new = Delta("gw-1", Side.NEW, 12.0, 1.0, 90, 0, None, None)
    old = replace(new, gateway="old-1", side=Side.OLD, requests=10, accepted=500)
    seen = observed([new, old], 11.0, "counters", requests=True)

    assert seen == Observed(90, 100, "counters", "requests")
    assert observed([], 11.0, "counters", requests=True) is None
    assert (doubt := disagreement((10.0, 10.0), seen)) is not None
    assert doubt["what"] == "requests"


@BOUNDED
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_the_interval_holds_the_share_it_was_made_from(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses)

    assert 0.0 <= low <= high <= 1.0
    assert hits + misses == 0 or low - 1e-9 <= hits / (hits + misses) <= high + 1e-9


@pytest.mark.parametrize(
    ("promised", "seen", "said"),
    [
        pytest.param((10.0, 10.0), Observed(100, 1000, "x"), None, id="as promised"),
        pytest.param((10.0, 10.0), Observed(140, 1000, "x"), None, id="within slack and interval"),
        pytest.param((10.0, 10.0), Observed(30, 49, "x"), None, id="too few"),
        pytest.param((10.0, 10.0), Observed(500, 1000, "x"), (10.0, 50.0, 1000, "x"), id="far more"),
        pytest.param((90.0, 90.0), Observed(500, 1000, "x"), (90.0, 50.0, 1000, "x"), id="far less"),
        pytest.param((10.0, 90.0), Observed(500, 1000, "x"), None, id="between what listeners send"),
        pytest.param(
            (10.0, 20.0), Observed(500, 1000, "x"), (20.0, 50.0, 1000, "x"), id="more than any listener sends"
        ),
        pytest.param(
            (80.0, 90.0), Observed(500, 1000, "x"), (80.0, 50.0, 1000, "x"), id="less than any listener sends"
        ),
    ],
)
def test_a_share_is_doubted_only_with_confidence(promised: tuple[float, float], seen: Observed, said: object) -> None:
    doubt = disagreement(promised, seen)

    assert said == (doubt and tuple(doubt[name] for name in ("promised", "observed", "total", "source")))

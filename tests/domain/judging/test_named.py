"""The plan's own numbers hold a run and turn it back, and a missing one is no pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.own.named import measured, with_queries
from migrator.domain.messages.message import verbatim
from migrator.domain.model.samples import Named, Rate, Ruling, Source, Verdict
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec, QuerySpec

P99 = QuerySpec("p99", "q", hold=0.5, abort=2.0)
ORDERS = QuerySpec("orders", "q", hold=0.8, abort=0.5, below=True)


def spec(*queries: QuerySpec) -> JudgeSpec:
    return JudgeSpec(prometheus=PrometheusSpec("http://p", interval=15.0, queries=queries))


def told(*looks: dict[str, float | None] | None) -> tuple[Opinion, ...]:
    """Give answers that came fifteen seconds apart; None: the numbers were not asked for."""
    return tuple(
        Opinion(15.0 * at, 15.0, Rate(9, 0), Rate(9, 0), numbers=None if look is None else tuple(look.items()))
        for at, look in enumerate(looks)
    )


@pytest.mark.parametrize(
    ("query", "numbers", "ruling", "code"),
    [
        pytest.param(P99, (0.4,), Ruling.PASS, "judge.queries-pass", id="within"),
        pytest.param(P99, (0.5,), Ruling.PASS, "judge.queries-pass", id="at the limit"),
        pytest.param(P99, (0.6,), Ruling.HOLD, "judge.query-above", id="over the first limit"),
        pytest.param(P99, (3.0,), Ruling.HOLD, "judge.query-above", id="over the second once"),
        pytest.param(P99, (3.0, 3.0), Ruling.ABORT, "judge.query-above", id="over the second twice"),
        pytest.param(P99, (3.0, None, 3.0), Ruling.HOLD, "judge.query-above", id="with a silence between"),
        pytest.param(P99, (0.6, 3.0), Ruling.HOLD, "judge.query-above", id="the look before held only"),
        pytest.param(P99, (None,), Ruling.HOLD, "judge.query-no-number", id="no number"),
        pytest.param(P99, (), Ruling.HOLD, "judge.query-no-number", id="never asked"),
        pytest.param(ORDERS, (0.9,), Ruling.PASS, "judge.queries-pass", id="enough of what must not fall"),
        pytest.param(ORDERS, (0.7,), Ruling.HOLD, "judge.query-below", id="less than the first limit"),
        pytest.param(ORDERS, (0.1, 0.1), Ruling.ABORT, "judge.query-below", id="less than the second twice"),
        pytest.param(replace(P99, abort=None), (9.0, 9.0), Ruling.HOLD, "judge.query-above", id="no abort"),
        pytest.param(replace(P99, hold=None), (1.0,), Ruling.PASS, "judge.queries-pass", id="no hold"),
        pytest.param(replace(P99, hold=None), (3.0,), Ruling.HOLD, "judge.query-above", id="no hold, and beyond abort"),
    ],
)
def test_a_number_is_judged_by_its_limits(
    query: QuerySpec, numbers: tuple[float | None, ...], ruling: Ruling, code: str
) -> None:
    answers = told(*({query.name: number} for number in numbers))
    found = measured(spec(query), answers, 15.0 * max(0, len(numbers) - 1))

    assert found is not None
    assert (found.ruling, found.reason.code) == (ruling, code)
    assert found.named == (Named(query.name, numbers[-1] if numbers else None, ruling),)


def test_the_gravest_of_several_is_the_reason() -> None:
    looks = told({"p99": 9.0, "orders": None}, {"p99": 9.0, "orders": None})
    found = measured(spec(ORDERS, P99), looks, 15.0)

    assert found is not None
    assert found.ruling is Ruling.ABORT
    assert dict(found.reason.values)["name"] == "p99"
    assert [each.ruling for each in found.named] == [Ruling.HOLD, Ruling.ABORT]


def test_looks_out_of_turn_bring_no_numbers_and_take_none_away() -> None:
    found = measured(spec(P99), told({"p99": 3.0}, None, {"p99": 3.0}, None), 45.0)

    assert found is not None
    assert found.ruling is Ruling.ABORT


def test_a_number_grows_old() -> None:
    found = measured(spec(P99), told({"p99": 0.1}), 46.0)

    assert found is not None
    assert found.named == (Named("p99", None, Ruling.HOLD),)


def test_a_plan_without_queries_is_judged_as_before() -> None:
    verdict = Verdict(Ruling.PASS, verbatim("well"), Source.GATEWAYS)

    assert measured(JudgeSpec(), told({}), 0.0) is None
    assert measured(spec(), told({}), 0.0) is None
    assert with_queries(verdict, None) is verdict
    assert with_queries(None, measured(spec(P99), (), 0.0)) is None


@pytest.mark.parametrize(
    ("verdict", "number", "ruling", "source"),
    [
        (Ruling.PASS, 0.1, Ruling.PASS, Source.GATEWAYS),
        (Ruling.PASS, 0.9, Ruling.HOLD, Source.PROMETHEUS),
        (Ruling.PASS, 9.0, Ruling.ABORT, Source.PROMETHEUS),
        (Ruling.TOO_FEW, None, Ruling.HOLD, Source.PROMETHEUS),
        (Ruling.NO_DATA, None, Ruling.NO_DATA, Source.GATEWAYS),
        (Ruling.NO_DATA, 9.0, Ruling.ABORT, Source.PROMETHEUS),
        (Ruling.SHARED, 0.9, Ruling.SHARED, Source.GATEWAYS),
        (Ruling.HOLD, 0.1, Ruling.HOLD, Source.GATEWAYS),
        (Ruling.ABORT, 9.0, Ruling.ABORT, Source.GATEWAYS),
    ],
)
def test_numbers_make_a_verdict_worse_and_never_better(
    verdict: Ruling, number: float | None, ruling: Ruling, source: Source
) -> None:
    said = Verdict(verdict, verbatim("x"), Source.GATEWAYS, Rate(9, 0), sample_at=7.0)
    found = with_queries(said, measured(spec(P99), told({"p99": number}, {"p99": number}), 15.0))

    assert found is not None
    assert (found.ruling, found.source, found.new, found.sample_at) == (ruling, source, Rate(9, 0), 7.0)
    assert [each.value for each in found.named] == [number]

"""What Prometheus answers, over real HTTP, and that what it does not know is None and not zero."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from urllib.parse import parse_qs, urlsplit

import pytest

from migrator.adapters.metrics import PrometheusRates, rates
from migrator.adapters.metrics.queries import brief, queries
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Rate
from migrator.domain.model.spec import (
    BalancerSpec,
    ClusterSpec,
    GatewaySpec,
    JudgeSpec,
    PrometheusSpec,
    QuerySpec,
    SourceSpec,
    Spec,
)
from migrator.domain.model.target import Derived
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused, text

EMPTY = "[]"


def spec(kind: str = "istio", prometheus: PrometheusSpec | None = None) -> Spec:
    return Spec(
        "x",
        ClusterSpec("ns"),
        SourceSpec("Deployment", "gw"),
        Derived("gw-ds"),
        GatewaySpec(kind),
        BalancerSpec("tencent", "lb", ()),
        judge=JudgeSpec(prometheus=prometheus),
    )


def known(requests: int, bad: int, client: int = 0, own: int = 0) -> Rate:
    return Rate(requests, bad, client=client, own=own)


def flagged(**counts: str) -> str:
    rows = [{"metric": {"response_flags": flags}, "value": [1.0, value]} for flags, value in counts.items()]
    return json.dumps(rows)


def vector(*values: str) -> str:
    return json.dumps([{"metric": {}, "value": [1.0, value]} for value in values])


def answering(total: str, errors: str = EMPTY, age: str | None = None, client: str = EMPTY) -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        query = parse_qs(urlsplit(asked.path).query)["query"][0]
        fresh = vector("3") if age is None else age
        found = (
            total
            if "label_replace" in query
            else (
                fresh
                if query.startswith("time()")
                else errors
                if "5.." in query
                else client
                if "4.." in query
                else total
            )
        )
        return Reply(body=f'{{"status": "success", "data": {{"resultType": "vector", "result": {found}}}}}'.encode())

    return reply


@pytest.mark.parametrize(
    ("total", "errors", "age", "rate"),
    [
        pytest.param(vector("1000.4"), vector("12.6"), None, known(1000, 13), id="counts, rounded"),
        pytest.param(vector("1000"), EMPTY, None, known(1000, 0), id="traffic without a bad series"),
        pytest.param(vector("1000"), vector("NaN"), None, None, id="bad ones that are no number"),
        pytest.param(vector("0"), EMPTY, None, known(0, 0), id="series without traffic"),
        pytest.param(vector("600", "400"), vector("1"), None, known(1000, 1), id="several rows are summed"),
        pytest.param(vector("2"), vector("2.9"), None, known(2, 2), id="never more bad than all"),
        pytest.param(EMPTY, EMPTY, None, None, id="an empty vector"),
        pytest.param(vector("NaN"), vector("1"), None, None, id="not a number"),
        pytest.param(vector("+Inf"), EMPTY, None, None, id="infinity"),
        pytest.param(vector("1000"), EMPTY, vector("46"), None, id="a newest sample older than three scrapes"),
        pytest.param(vector("1000"), EMPTY, EMPTY, None, id="no newest sample at all"),
        pytest.param(vector("-3"), EMPTY, None, None, id="less than nothing"),
        pytest.param(vector("1000"), vector("-2"), None, None, id="less than no bad ones"),
        pytest.param(vector("100"), vector("900"), None, None, id="many more bad ones than all"),
        pytest.param('[1.0, "7"]', EMPTY, None, known(7, 0), id="a scalar"),
    ],
)
def test_each_answer_is_a_rate_or_nothing(total: str, errors: str, age: str | None, rate: Rate | None) -> None:
    with serving(answering(total, errors, age)) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url, interval=15.0))
        found = source.rate(Side.NEW, 60.0)
        source.close()

    assert found == rate


@pytest.mark.parametrize(
    ("client", "own", "rows"),
    [
        pytest.param(31, 10, flagged(**{"NR": "10.2", "-": "20.9"}), id="the gateway's own among them"),
        pytest.param(5, 5, flagged(**{"DC,RL": "5"}), id="one flag of two"),
        pytest.param(1000, 0, flagged(**{"-": "1001"}), id="never more than all"),
        pytest.param(None, 0, flagged(**{"-": "NaN"}), id="no number"),
        pytest.param(None, None, flagged(NR="NaN"), id="no number of its own ones"),
    ],
)
def test_the_4xx_are_counted_apart_with_those_that_the_gateway_made(
    client: int | None, own: int | None, rows: str
) -> None:
    with serving(answering(vector("1000"), client=rows)) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url))
        found = source.rate(Side.NEW, 60.0)
        source.close()

    assert found == Rate(1000, 0, client=client, own=own)


def test_a_server_that_is_slow_at_any_of_its_questions_is_silent_within_the_time_of_one() -> None:
    """The library's timeout begins anew with every byte."""
    for slow in ("5..", "4.."):
        said = answering(vector("1000"))

        def reply(asked: Asked, slow: str = slow, said: Callable[[Asked], Reply] = said) -> Reply:
            found = said(asked)
            return replace(found, trickle=0.5) if slow in parse_qs(urlsplit(asked.path).query)["query"][0] else found

        with serving(reply) as served:
            source = PrometheusRates(spec(), PrometheusSpec(served.url))
            began = monotonic()
            with pytest.raises(Unreachable):
                source.rate(Side.NEW, 60.0)
            source.close()
        assert monotonic() - began < 9.0, "the whole answer takes longer"


def test_more_4xx_than_answers_cannot_be() -> None:
    with serving(answering(vector("100"), client=flagged(**{"-": "900"}))) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url))
        found = source.rate(Side.NEW, 60.0)
        source.close()

    assert found is None


def test_a_kind_without_flags_does_not_say_which_4xx_are_its_own() -> None:
    with serving(answering(vector("1000"), client=vector("7"))) as served:
        source = PrometheusRates(spec("nginx"), PrometheusSpec(served.url))
        found = source.rate(Side.NEW, 60.0)
        source.close()

    assert found == Rate(1000, 0, client=7)


def test_the_plans_own_queries_do_not_say_what_is_4xx() -> None:
    own = PrometheusSpec("", total="t", errors="e")
    with serving(answering(vector("1000"))) as served:
        source = PrometheusRates(spec(), replace(own, url=served.url))
        found = source.rate(Side.NEW, 60.0)
        source.close()

    assert found is not None
    assert (found.requests, found.client, found.own) == (1000, None, None)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        pytest.param(Reply(400, b"parse error"), Refused, id="a query it rejects"),
        pytest.param(Reply(401), Refused, id="no right"),
        pytest.param(Reply(503), Unreachable, id="in trouble"),
        pytest.param(Reply(429), Unreachable, id="too many questions"),
        pytest.param(Reply(drop=True), Unreachable, id="a dropped connection"),
        pytest.param(Reply(body=b"<html>"), Unreachable, id="not JSON"),
        pytest.param(Reply(body=b'{"status": "success"}'), Unreachable, id="JSON of another kind"),
        pytest.param(Reply(body=b'{"data": {"result": [{"value": [1]}]}}'), Unreachable, id="a row without a value"),
        pytest.param(Reply(302, headers={"Location": "http://127.0.0.1:1/"}), Refused, id="a redirect"),
    ],
)
def test_errors_are_told_apart_by_status_and_asked_for_once(reply: Reply, kind: type[Exception]) -> None:
    with serving(lambda _asked: reply) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url))
        with pytest.raises(kind):
            source.rate(Side.OLD, 60.0)
        source.close()

    assert len(served.asked) == 1


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (Reply(302, headers={"Location": "http://192.0.2.1/login"}), "prometheus.redirected", "http://192.0.2.1/login"),
        (Reply(body=b"\n<!DOCTYPE html><title>Sign in</title>"), "prometheus.web-page", "login page"),
    ],
)
def test_a_proxy_or_a_login_page_in_the_way_is_called_so(reply: Reply, code: str, words: str) -> None:
    with serving(lambda _asked: reply) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url))
        with pytest.raises((Refused, Unreachable)) as caught:
            source.rate(Side.OLD, 60.0)
        source.close()

    assert caught.value.message.code == code
    assert words in text(caught.value.message)


def test_nobody_listening_is_unreachable_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        source = PrometheusRates(spec(), PrometheusSpec(f"http://127.0.0.1:{taken.getsockname()[1]}"))
        with refused(Unreachable, "prometheus.no-answer"):
            source.rate(Side.OLD, 60.0)
        source.close()


def test_the_plans_own_queries_get_their_words_filled_in() -> None:
    own = PrometheusSpec("http://p", total='sum(x{side="{side}",w="{workload}"}[{window}])', errors="e")
    found = queries(spec(prometheus=own), own, Side.NEW, 30.0)

    assert found is not None
    assert (found.total, found.errors, found.age) == ('sum(x{side="new",w="gw-ds"}[30s])', "e", "")


def test_a_kind_without_a_metric_and_without_queries_has_no_second_opinion() -> None:
    source = PrometheusRates(spec("none"), PrometheusSpec("http://127.0.0.1:1"))

    assert source.rate(Side.NEW, 60.0) is None
    source.close()
    assert rates(spec()) is None


@pytest.mark.parametrize(
    ("kind", "side", "words"),
    [
        pytest.param("istio", Side.OLD, 'source_workload="gw",source_workload_namespace="ns"', id="istio"),
        pytest.param("envoy", Side.NEW, 'pod=~"gw-ds-[bcdf', id="envoy"),
        pytest.param("nginx", Side.OLD, 'status=~"5..|5xx"', id="nginx"),
    ],
)
def test_the_built_in_queries_name_the_side(kind: str, side: Side, words: str) -> None:
    found = queries(replace(spec(kind)), PrometheusSpec("http://p"), side, 60.0)

    assert found is not None
    assert words in found.errors
    assert "[60s]" in found.total


def briefly(**rows: str) -> str:
    return json.dumps([{"metric": {"what": what}, "value": [1.0, value]} for what, value in rows.items()])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param(
            briefly(total="90.4", bad="3", client="7", connections="20", newest="1.5", oldest="4"),
            Brief(Rate(90, 3, client=7, connections=20), 1.5, 4.0),
            id="everything",
        ),
        pytest.param(
            briefly(total="90", newest="1", oldest="1"), Brief(Rate(90, 0, client=0), 1.0, 1.0), id="all well"
        ),
        pytest.param(briefly(newest="1", oldest="1"), None, id="one scrape alone"),
        pytest.param(briefly(total="90"), None, id="nobody knows when"),
        pytest.param(briefly(total="90", bad="NaN", newest="1", oldest="1"), None, id="no number"),
        pytest.param(briefly(total="90", client="900", newest="1", oldest="1"), None, id="more than all"),
    ],
)
def test_the_newest_scrapes_are_told_with_their_ages(rows: str, said: Brief | None) -> None:
    with serving(answering(rows)) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url))
        found = source.brief(Side.NEW, 6.25)
        source.close()

    assert found == said
    assert "[6250ms]" in parse_qs(urlsplit(served.asked[0].path).query)["query"][0]


def test_the_plans_own_queries_do_not_say_when_they_were_scraped() -> None:
    own = PrometheusSpec("http://127.0.0.1:1", total="t", errors="e")
    source = PrometheusRates(spec(), own)

    assert source.brief(Side.NEW, 6.0) is None
    source.close()


@pytest.mark.parametrize(("kind", "counts"), [("envoy", True), ("nginx", False), ("istio", False)])
def test_new_connections_are_asked_for_where_prometheus_has_them(kind: str, counts: bool) -> None:
    found = brief(spec(kind), PrometheusSpec("http://p"), Side.NEW, 6.0)

    assert found is not None
    assert ('"what", "connections"' in found) is counts


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        pytest.param(vector("0.25"), 0.25, id="a number"),
        pytest.param('[1.0, "7"]', 7.0, id="a scalar"),
        pytest.param(EMPTY, None, id="nothing"),
        pytest.param(vector("NaN"), None, id="no number"),
        pytest.param(vector("1", "2"), None, id="several"),
    ],
)
def test_a_query_of_the_plans_own_gives_one_number_or_none(rows: str, number: float | None) -> None:
    query = QuerySpec("p99", 'q{w="{workload}",s="{side}"}[{window}]', hold=1.0, side="old")
    with serving(answering(rows)) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url))
        found = source.number(query, 60.0)
        source.close()

    assert found == number
    assert parse_qs(urlsplit(served.asked[0].path).query)["query"] == ['q{w="gw",s="old"}[60s]']


def test_the_old_sides_pods_are_not_mistaken_for_the_new_ones() -> None:
    import re

    found = queries(spec("envoy"), PrometheusSpec("http://p"), Side.OLD, 60.0)
    assert found is not None
    pattern = re.search(r'pod=~"([^"]+)"', found.total)
    assert pattern is not None

    assert re.fullmatch(pattern[1], "gw-68fc969bd6-58lvv")
    assert not re.fullmatch(pattern[1], "gw-ds-x7k2p")
    assert not re.fullmatch(pattern[1], "gw-daemonset-x7k2p")


def test_a_moment_of_the_past_is_asked_about_where_one_is_given() -> None:
    with serving(answering(vector("1000"))) as served:
        for moment in (None, lambda: 1_700_000_000.25):
            source = PrometheusRates(spec(), PrometheusSpec(served.url), moment=moment)
            source.rate(Side.NEW, 60.0)
            source.close()

    times = [parse_qs(urlsplit(asked.path).query).get("time") for asked in served.asked]
    assert set(map(str, times)) == {"None", "['1700000000.250']"}

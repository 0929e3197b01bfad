"""Questions from HAR files and access logs: only safe methods, and nothing that is a secret."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.adapters.answers.recorded import MOST, question_of, questions_of_har, questions_of_log
from migrator.domain.model.answers import SAFE_METHODS, Origin, Question

ENVOY = (
    '[2026-11-29T10:00:00.000Z] "GET /cart?id=canary HTTP/1.1" 200 - via_upstream - "-" 0 5 3 2 "10.0.0.9" "curl/8" '
    '"6f1c0b0a-1111-2222-3333-444455556666" "shop.x" "10.1.1.1:80" outbound|80||shop.svc - 10.0.0.1:8080 10.0.0.9:1 - -'
)
COMBINED = '10.0.0.9 - ann [29/Nov/2026:10:00:00 +0000] "HEAD /a HTTP/2.0" 200 5 "https://ref.x/?t=canary" "agent"'


def entry(method: str = "GET", url: str = "https://shop.x/cart?id=canary&id=2", **more: object) -> dict[str, object]:
    headers = [
        {"name": "Cookie", "value": "sid=canary"},
        {"name": "authorization", "value": "Bearer canary"},
        {"name": "Accept", "value": "text/html"},
        {"name": "X-Token", "value": "canary"},
    ]
    return {"request": {"method": method, "url": url, "headers": headers, "postData": {"text": "canary"}, **more}}


def har(*entries: object) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}})


def test_of_a_har_the_method_the_url_the_names_of_the_query_and_accept_are_taken_and_nothing_else() -> None:
    (question,) = questions_of_har(har(entry()))

    assert question == Question(
        "https", "shop.x", "/cart", "GET", 443, query=("id",), headers=(("accept", "text/html"),), origin=Origin.HAR
    )
    assert "canary" not in repr(question)


@given(method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "get"]))
def test_only_methods_that_change_nothing_are_ever_taken(method: str) -> None:
    log = json.dumps({"method": method, "path": "/", "authority": "shop.x"})
    common = f'1.1.1.1 - - [x] "{method} / HTTP/1.1" 200 1'
    found = [*questions_of_har(har(entry(method))), *questions_of_log([log, common], "shop.x", "http")]

    assert {question.method for question in found} == ({method} & SAFE_METHODS)


@pytest.mark.parametrize("text", ["[]", "{}", "7", '{"log": []}', '{"log": {"entries": 7}}', "no json", '"x"'])
def test_what_is_no_har_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json and we say it in words of no interest
        questions_of_har(text)


@pytest.mark.parametrize(
    "odd", [7, None, {}, {"request": 7}, entry(url="ftp://x/"), entry(url="https://x:99999/"), entry(url="/")]
)
def test_an_entry_that_is_no_request_of_http_is_passed_over(odd: object) -> None:
    assert [question.host for question in questions_of_har(har(odd, entry()))] == ["shop.x"]


@pytest.mark.parametrize("headers", [None, 7, [7], [{"name": "Accept"}]])
def test_headers_of_a_har_may_be_anything(headers: object) -> None:
    (question,) = questions_of_har(har(entry(headers=headers)))

    assert question.headers == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(ENVOY, ("GET", "http", "shop.x", "/cart", ("id",)), id="Envoy and Istio"),
        pytest.param(COMBINED, ("HEAD", "http", "probe.x", "/a", ()), id="combined"),
        pytest.param(
            '{"method":"GET","path":"/b?q=canary","authority":"api.x","x_forwarded_proto":"https"}',
            ("GET", "https", "api.x", "/b", ("q",)),
            id="Istio's JSON",
        ),
        pytest.param(
            '{"request_method":"GET","request_uri":"/c","host":"n.x"}',
            ("GET", "http", "n.x", "/c", ()),
            id="nginx' JSON",
        ),
    ],
)
def test_access_logs_of_several_gateways_are_read(line: str, expected: tuple[object, ...]) -> None:
    (question,) = questions_of_log([line], "probe.x", "http")

    assert (question.method, question.scheme, question.host, question.path, question.query) == expected
    assert "canary" not in repr(question)


@pytest.mark.parametrize("line", ["", "x", "{", "{}", '"GET * HTTP/1.1"', '{"method":"GET","path":"a"}'])
def test_a_line_that_says_nothing_is_passed_over(line: str) -> None:
    assert questions_of_log([line], "", "http") == ()


def test_without_any_host_a_line_is_left_out() -> None:
    assert questions_of_log([COMBINED], "", "http") == ()


def test_what_was_asked_most_often_comes_first_once_and_so_many_at_most() -> None:
    rows = [json.dumps({"method": "GET", "path": f"/{n}", "host": "a.x"}) for n in range(MOST + 9)]
    found = questions_of_log([*rows, rows[7], rows[7]], "", "http")

    assert found[0].path == "/7"
    assert len(found) == len(set(found)) == MOST


@given(st.text(max_size=80))
def test_no_url_whatever_raises(url: str) -> None:
    found = question_of("GET", url, Origin.HAR)

    assert found is None or found.host

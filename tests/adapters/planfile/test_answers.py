"""The part `spec.answers`: on by default, strict, safe by what it refuses, and without a secret in what is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.model.answers import HEADERS, PARTS, Allowed, AnswersSpec, Concern, Origin, Protocol, Question
from migrator.domain.model.spec import Spec
from migrator.store.codec.codec import decode, encode

LAB = Path(__file__).parents[3] / "plans" / "lab.yaml"


def plan(answers: Any = ..., **spec: Any) -> str:
    """Give a plan file with listeners on 80 and 443; `...` leaves the part out."""
    content = yaml.safe_load(LAB.read_text(encoding="utf-8"))
    content["spec"].pop("answers", None)
    content["spec"]["loadBalancer"]["listeners"] = [{"id": "a", "port": 80}, {"id": "b", "port": 443}]
    content["spec"] |= spec
    if answers is not ...:
        content["spec"]["answers"] = answers
    return yaml.safe_dump(content)


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PlanFileInvalid) as caught:
        read(text)
    return [(str(f["path"]), str(getattr(f["fault"], "code", ""))) for f in caught.value.findings]


@pytest.mark.parametrize("answers", [..., {}])
def test_both_sides_are_asked_by_default_what_the_old_side_has_routes_for(answers: Any) -> None:
    assert read(plan(answers)).answers == AnswersSpec(True, (), PARTS, HEADERS, (), 5.0, 2000)


def test_null_turns_it_off() -> None:
    assert read(plan(None)).answers is None


def test_a_question_of_the_list_is_read_with_all_its_parts() -> None:
    row = {
        "url": "https://shop.x/cart?id=7&id=8&t",
        "method": "HEAD",
        "protocol": "h2",
        "headers": {"accept": "a/b"},
        "headersFromEnv": {"authorization": "TOKEN"},
        "sni": "edge.x",
    }
    found = read(plan({"list": [row], "rate": "30/m"})).answers

    assert found is not None
    assert found.questions == (
        Question(
            "https",
            "shop.x",
            "/cart",
            "HEAD",
            443,
            Protocol.HTTP2,
            ("id", "t"),
            (("accept", "a/b"),),
            (("authorization", "TOKEN"),),
            "edge.x",
        ),
    )
    assert found.rate == 0.5


def test_what_is_allowed_is_read_with_its_reason() -> None:
    found = read(plan({"allow": [{"host": "*.x", "what": ["body", "unproved"], "reason": "known"}]})).answers

    assert found is not None
    assert found.allow == (Allowed("known", "*.x", "*", (Concern.BODY, Concern.UNPROVED)),)


@pytest.mark.parametrize(
    ("answers", "path", "code"),
    [
        pytest.param(
            {"list": [{"url": "http://x/", "method": "POST"}]}, "spec.answers.list[0]", "rule.replay", id="POST"
        ),
        pytest.param(
            {"list": [{"url": "http://x/", "headers": {"Cookie": "a=b"}}]},
            "spec.answers.list[0]",
            "rule.secret-header",
            id="a cookie in the file",
        ),
        pytest.param(
            {"list": [{"url": "http://x:81/"}]},
            "spec.answers.list[0].url",
            "rule.question-port",
            id="no listener's port",
        ),
        pytest.param(
            {"list": [{"url": "http://u:p@x/"}]}, "spec.answers.list[0].url", "fault.not-allowed", id="a user"
        ),
        pytest.param({"list": [{"url": "http://x:0/"}]}, "spec.answers.list[0].url", "fault.not-allowed", id="port 0"),
        pytest.param(
            {"list": [{"url": "http://x:77777/"}]}, "spec.answers.list[0].url", "fault.not-allowed", id="no port"
        ),
        pytest.param({"list": [{"url": "shop.x"}]}, "spec.answers.list[0].url", "fault.not-allowed", id="no URL"),
        pytest.param({"allow": [{"host": "x"}]}, "spec.answers.allow[0].reason", "fault.missing", id="no reason"),
        pytest.param({"compare": ["colour"]}, "spec.answers.compare[0]", "fault.not-allowed", id="no such part"),
        pytest.param({"compare": []}, "spec.answers.compare", "fault.not-allowed", id="nothing compared"),
        pytest.param({"rate": "fast"}, "spec.answers.rate", "fault.not-allowed", id="no rate"),
        pytest.param({"rate": "0/s"}, "spec.answers.rate", "fault.not-allowed", id="never"),
        pytest.param({"rate": "2000/s"}, "spec.answers.rate", "fault.not-allowed", id="too fast"),
        pytest.param({"most": 1}, "spec.answers.most", "fault.not-allowed", id="a bound below one question"),
        pytest.param({"urls": []}, "spec.answers.urls", "fault.unknown-key", id="an unknown key"),
        pytest.param({"har": "/no/such.har"}, "spec.answers.har", "fault.recorded-unreadable", id="no such file"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(answers: dict[str, Any], path: str, code: str) -> None:
    assert faults(plan(answers)) == [(path, code)]


def test_another_method_is_asked_only_where_the_list_calls_it_safe() -> None:
    found = read(plan({"list": [{"url": "http://x/", "method": "POST", "replay": "safe"}]})).answers

    assert found is not None
    assert found.questions[0].method == "POST"


def test_recorded_questions_are_part_of_the_plan_and_what_is_stored_holds_no_secret(tmp_path: Path) -> None:
    har = tmp_path / "a.har"
    headers = [{"name": "Cookie", "value": "s3cr3t"}, {"name": "Authorization", "value": "s3cr3t"}]
    request = {"method": "GET", "url": "https://shop.x/a?t=s3cr3t", "headers": headers, "postData": {"text": "s3cr3t"}}
    har.write_text(json.dumps({"log": {"entries": [{"request": request}]}}), encoding="utf-8")
    log = tmp_path / "access.log"
    log.write_text('1.1.1.1 - - [x] "GET /b HTTP/1.1" 200 1\n', encoding="utf-8")
    spec = read(plan({"har": str(har), "accessLog": str(log)}))

    assert spec.answers is not None
    assert [(q.path, q.origin, q.port) for q in spec.answers.questions] == [
        ("/a", Origin.HAR, 443),
        ("/b", Origin.ACCESS_LOG, 443),
    ]
    assert "s3cr3t" not in encode(spec)
    assert decode(encode(spec), Spec) == spec


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("no har", "fault.recorded-no-har", id="no HAR"),
        pytest.param("[]", "fault.recorded-no-har", id="another JSON"),
        pytest.param('{"log": {"entries": []}}', "fault.recorded-empty", id="nothing in it"),
        pytest.param(
            '{"log": {"entries": [{"request": {"method": "GET", "url": "http://x:8088/"}}]}}',
            "fault.recorded-empty",
            id="no listener's port",
        ),
    ],
)
def test_a_har_without_a_question_for_this_plan_is_a_fault(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text(text, encoding="utf-8")

    assert faults(plan({"har": str(path)})) == [("spec.answers.har", code)]

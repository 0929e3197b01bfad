"""Prometheus behind authentication, over real sockets: who asks is read anew each time, and no error tells a secret."""

from __future__ import annotations

import os
import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.adapters.metrics import PrometheusRates
from migrator.adapters.metrics.login import missing
from migrator.adapters.sigv4 import Keys, signed
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import AccessSpec, PrometheusSpec, SecretRef, SigningSpec
from tests.adapters.metrics.test_prometheus import answering, spec, vector
from tests.adapters.served import Reply, Served, serving
from tests.adapters.terminator import Front, terminating
from tests.words import text

SECRET = "s3cret:of/nobody"
VARIABLE = "MIGRATOR_TEST_PROMETHEUS"
ENV, GOOD = SecretRef(env=VARIABLE), answering(vector("1000"))


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


def asked(url: str, access: AccessSpec, keys: Keys | None = None) -> MigratorError | None:
    """Ask once; give the error."""
    source = PrometheusRates(spec(), PrometheusSpec(url, access=access), (lambda: keys) if keys else None)
    try:
        source.rate(Side.NEW, 60.0)
    except MigratorError as error:
        return error
    finally:
        source.close()
    return None


@pytest.mark.parametrize(
    ("access", "header", "value"),
    [
        pytest.param(AccessSpec(bearer=ENV), "Authorization", f"Bearer {SECRET}", id="bearer"),
        pytest.param(
            AccessSpec(basic=ENV), "Authorization", f"Basic {b64encode(SECRET.encode()).decode()}", id="basic"
        ),
        pytest.param(AccessSpec(headers=(("X-Scope-OrgID", ENV),)), "X-Scope-OrgID", SECRET, id="a header"),
    ],
)
def test_each_request_says_who_asks(access: AccessSpec, header: str, value: str) -> None:
    with serving(GOOD) as served:
        assert asked(served.url, access) is None

    assert {request.headers[header] for request in served.asked} == {value}


def test_a_secret_in_a_file_is_read_for_each_request(tmp_path: Path) -> None:
    file = tmp_path / "token"
    with serving(GOOD) as served:
        source = PrometheusRates(spec(), PrometheusSpec(served.url, access=AccessSpec(SecretRef(file=str(file)))))
        for token in ("first", "second"):
            file.write_text(f"{token}\n")
            source.rate(Side.NEW, 60.0)
        source.close()

    assert list(dict.fromkeys(request.headers["Authorization"] for request in served.asked)) == [
        "Bearer first",
        "Bearer second",
    ]


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        (Reply(401, SECRET.encode()), Denied, "prometheus.denied"),
        (Reply(403), Denied, "prometheus.denied"),
        (
            Reply(400, f"you sent {SECRET}, {b64encode(SECRET.encode()).decode()}".encode()),
            Refused,
            "prometheus.refused",
        ),
        (Reply(302, headers={"Location": f"http://127.0.0.1:1/?token={SECRET}"}), Refused, "prometheus.redirected"),
    ],
    ids=["unknown", "no right", "a query that it quotes with the secret", "a redirect with the secret"],
)
@pytest.mark.parametrize("access", [AccessSpec(bearer=ENV), AccessSpec(basic=ENV)], ids=["bearer", "basic"])
def test_no_error_tells_the_secret(access: AccessSpec, reply: Reply, kind: type[Exception], code: str) -> None:
    with serving(lambda _asked: reply) as served:
        error = asked(served.url, access)

    assert isinstance(error, kind)
    assert error.message.code == code
    for words in (str(error), repr(error), text(error.message)):
        assert SECRET not in words
        assert b64encode(SECRET.encode()).decode() not in words


@pytest.mark.parametrize(
    ("access", "value", "code"),
    [
        (AccessSpec(bearer=ENV), None, "prometheus.no-variable"),
        (AccessSpec(bearer=ENV), " \n", "prometheus.no-variable"),
        (AccessSpec(bearer=ENV), "two\nlines", "prometheus.no-header"),
        (AccessSpec(bearer=SecretRef(file="/nowhere/token")), "", "prometheus.no-secret-file"),
        (AccessSpec(bearer=SecretRef(file=os.devnull)), "", "prometheus.no-secret-file"),
        (AccessSpec(ca="/nowhere/ca.pem"), "", "prometheus.no-certificate"),
    ],
    ids=["no variable", "blank", "two lines", "no file", "an empty file", "no CA"],
)
def test_what_is_missing_is_named_before_anybody_is_asked(
    access: AccessSpec, value: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(VARIABLE)
    else:
        monkeypatch.setenv(VARIABLE, value)
    with serving(GOOD) as served:
        error = asked(served.url, access)
        why = missing(access)

    assert isinstance(error, Refused)
    assert why is not None
    assert (error.message.code, why.code, served.asked) == (code, code, [])


def test_nothing_is_missing_where_everything_is_there() -> None:
    assert missing(AccessSpec(basic=ENV)) is None


@contextmanager
def behind_tls(folder: Path) -> Iterator[tuple[Front, Served]]:
    """Serve a Prometheus behind TLS that demands a client certificate."""
    with serving(GOOD) as served, terminating(folder, ("127.0.0.1", served.port)) as front:
        yield front, served


def test_over_tls_both_show_a_certificate(tmp_path: Path) -> None:
    with behind_tls(tmp_path) as (front, served):
        access = AccessSpec(bearer=ENV, ca=str(front.ca), certificate=str(front.cert), key=str(front.key))

        assert asked(front.url, access) is None
    assert served.asked[0].headers["Authorization"] == f"Bearer {SECRET}"


def test_a_server_of_an_unknown_ca_and_a_client_without_a_certificate_are_told_as_tls(tmp_path: Path) -> None:
    with behind_tls(tmp_path) as (front, served):
        strange = asked(front.url, AccessSpec(bearer=ENV, certificate=str(front.cert), key=str(front.key)))
        nobody = asked(front.url, AccessSpec(bearer=ENV, ca=str(front.ca)))

    assert isinstance(strange, Unreachable)
    assert isinstance(nobody, Unreachable)
    assert strange.message.code == "prometheus.tls"
    assert dict(strange.message.values)["reason"] == say(
        "trouble", kind=say("trouble.certificate-self-signed"), raw="CERTIFICATE_VERIFY_FAILED"
    )
    assert served.asked == []


def test_a_certificate_that_was_replaced_is_taken_for_the_next_question(tmp_path: Path) -> None:
    with behind_tls(tmp_path) as (front, _):
        for name in ("cert", "key"):
            shutil.copy(getattr(front, name), tmp_path / name)
        access = AccessSpec(ca=str(front.ca), certificate=str(tmp_path / "cert"), key=str(tmp_path / "key"))
        source = PrometheusRates(spec(), PrometheusSpec(front.url, access=access))
        before = source.rate(Side.NEW, 60.0)
        (tmp_path / "cert").write_text("no certificate")
        with pytest.raises(Unreachable):
            source.rate(Side.NEW, 60.0)
        shutil.copy(front.cert, tmp_path / "cert")
        after = source.rate(Side.NEW, 60.0)
        source.close()

    assert before == after is not None


def test_requests_are_signed_with_the_credentials_of_now() -> None:
    keys = Keys("AKID", "never shown", "a token")
    with serving(GOOD) as served:
        assert asked(served.url, AccessSpec(signing=SigningSpec("eu-west-1")), keys) is None

    sent = served.asked[0].headers
    assert sent["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/eu-west-1/aps/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token" in sent["Authorization"]
    assert "+" not in served.asked[0].path
    assert "never shown" not in repr(keys)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        ("https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "https://example.amazonaws.com/?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    ],
    ids=["get-vanilla", "get-vanilla-query-order-key-case"],
)
def test_a_signature_is_as_in_awss_own_test_suite(url: str, signature: str) -> None:
    keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    at = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
    found = signed(keys, ("us-east-1", "service"), "GET", url, at=at)

    assert found["Authorization"].endswith(f"Signature={signature}")
    assert replace(keys, token="t") != keys

"""Where Tencent's credentials come from: environment, profile file, TKE service account, CVM role; and how long they last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.tencent.access.credentials import environment, profile
from migrator.adapters.balancers.tencent.access.roles import cvm_role, tke_oidc
from migrator.domain.messages.errors import Refused, Unreachable
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused

TOKEN = "canary-jwt-that-must-not-be-shown"
ROLE = "/latest/meta-data/cam/security-credentials/"


def given(body: object, status: int = 200) -> Reply:
    return Reply(status, body if isinstance(body, bytes) else json.dumps(body).encode())


def values(found: Credentials | None) -> tuple[str, str, str, float]:
    assert found is not None
    return found.key, found.secret, found.token, found.ends


def test_the_environment_gives_id_key_and_the_token_that_the_sdk_overlooks() -> None:
    names = {"TENCENTCLOUD_SECRET_ID": "i", "TENCENTCLOUD_SECRET_KEY": "k", "TENCENTCLOUD_TOKEN": "t"}

    assert values(environment(names)) == ("i", "k", "t", float("inf"))
    assert environment({"TENCENTCLOUD_SECRET_ID": "i"}) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("[default]\nsecret_id = i\nsecret_key = 100%k\n", ("i", "100%k", "", float("inf")), id="whole"),
        pytest.param("[default]\nsecret_id = i\nsecret_key =\n", None, id="an empty key"),
        pytest.param("[other]\nsecret_id = i\nsecret_key = k\n", None, id="another section"),
    ],
)
def test_a_profile_file_is_read_or_left_alone(tmp_path: Path, text: str, found: object) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(text.encode("latin-1"))
    read = profile((tmp_path / "none", path))

    assert (values(read) if read else None) == found


def test_the_cvms_role_gives_temporary_credentials() -> None:
    whole = {"Code": "Success", "TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t", "ExpiredTime": 5000}
    with serving(lambda asked: given(b"my-role") if asked.path == ROLE else given(whole)) as served:
        found = cvm_role(served.url)

    assert values(found) == ("i", "k", "t", 5000.0)
    assert [asked.path for asked in served.asked] == [ROLE, f"{ROLE}my-role"]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(given(b"", 404), id="no role"),
        pytest.param(given(b"  "), id="an empty role"),
        pytest.param(given({"Code": "Failed"}), id="a role without credentials"),
        pytest.param(Reply(drop=True), id="no answer"),
    ],
)
def test_a_machine_without_a_role_gives_none(reply: Reply) -> None:
    with serving(lambda _: reply) as served:
        assert cvm_role(served.url) is None


def test_a_place_without_a_metadata_service_gives_none() -> None:
    assert cvm_role("http://127.0.0.1:9") is None


@pytest.fixture
def pod(tmp_path: Path) -> dict[str, str]:
    """The environment of a pod with a TKE service account."""
    (tmp_path / "token").write_text(TOKEN)
    return {
        "TKE_REGION": "ap-guangzhou",
        "TKE_PROVIDER_ID": "cls-1",
        "TKE_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"),
        "TKE_ROLE_ARN": "qcs::cam::uin/1:roleName/gateway",
    }


def test_a_tke_service_account_is_exchanged_at_sts_without_a_signature(pod: dict[str, str]) -> None:
    answer = {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t"}, "ExpiredTime": 7000}
    with serving(lambda _: given({"Response": answer})) as served:
        found = tke_oidc(pod, served.url)
    (asked,) = served.asked
    sent = json.loads(asked.body)

    assert values(found) == ("i", "k", "t", 7000.0)
    assert asked.headers["Authorization"] == "SKIP"
    assert asked.headers["X-TC-Action"] == "AssumeRoleWithWebIdentity"
    assert (sent["ProviderId"], sent["RoleArn"]) == (pod["TKE_PROVIDER_ID"], pod["TKE_ROLE_ARN"])
    assert sent["WebIdentityToken"] == TOKEN


def test_a_pod_without_a_service_account_gives_none(pod: dict[str, str]) -> None:
    assert tke_oidc({name: value for name, value in pod.items() if name != "TKE_ROLE_ARN"}) is None


def no_from_sts(asked: Asked) -> Reply:
    return given({"Response": {"Error": {"Code": "AuthFailure", "Message": f"bad: {asked.body!r}"}}})


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(no_from_sts, Refused, id="STS says no and quotes the token"),
        pytest.param(lambda _: Reply(drop=True), Unreachable, id="no answer"),
        pytest.param(lambda _: given(b"<html>"), Unreachable, id="no JSON"),
    ],
)
def test_an_exchange_that_fails_shows_no_token(pod: dict[str, str], answer: Any, error: type[Exception]) -> None:
    with serving(answer) as served, pytest.raises(error) as said:
        tke_oidc(pod, served.url)

    assert TOKEN not in f"{said.value!r} {said.value.__cause__!r}"


def test_a_token_that_cannot_be_read_is_refused(pod: dict[str, str]) -> None:
    with refused(Refused, "credentials.unreadable-token"):
        tke_oidc(pod | {"TKE_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token"})

"""Where Aliyun's credentials come from, before local metadata and STS servers; and that nobody ever sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.aliyun.access.credentials import Profile, environment
from migrator.adapters.balancers.aliyun.access.roles import EcsRole, Rrsa
from migrator.domain.messages.errors import Refused, Unreachable
from tests.adapters.served import Asked, Reply, Served, serving
from tests.words import refused

SECRET, TOKEN = "canary-of-the-secret", "canary-of-the-token"
GIVEN = {
    "AccessKeyId": "STS.k",
    "AccessKeySecret": SECRET,
    "SecurityToken": TOKEN,
    "Expiration": "2026-01-02T03:04:05Z",
}
ENDS = 1767323045.0
RRSA = {"ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p"}


def said(found: Credentials | None) -> tuple[str, str, str] | None:
    return (found.key, found.secret, found.token) if found else None


def answered(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


# --- environment and profile --------------------------------------------------------------------------------------


def test_the_environment_gives_own_keys_and_temporary_ones() -> None:
    names = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "i", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}

    assert said(environment(names)) == ("i", "s", "")
    assert said(environment(names | {"ALIBABA_CLOUD_SECURITY_TOKEN": "t"})) == ("i", "s", "t")
    assert environment({"ALIBABA_CLOUD_ACCESS_KEY_ID": "i"}) is None


def profiles(folder: Path, **more: Any) -> Path:
    path = folder / "config.json"
    known = [
        {"name": "default", "mode": "AK", "access_key_id": "i", "access_key_secret": "s"},
        {"name": "sts", "mode": "StsToken", "access_key_id": "i", "access_key_secret": "s", "sts_token": "t"},
        {"name": "role", "mode": "EcsRamRole", "ram_role_name": "of-the-node"},
        {"name": "sso", "mode": "CloudSSO", "access_token": SECRET},
    ]
    path.write_text(json.dumps({"current": "default", "profiles": known} | more))
    return path


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [pytest.param("", ("i", "s", ""), id="the current one"), pytest.param("sts", ("i", "s", "t"), id="the one named")],
)
def test_the_cli_profile_is_the_current_one_unless_another_is_named(
    tmp_path: Path, chosen: str, wanted: tuple[str, str, str]
) -> None:
    profile = Profile({}, profiles(tmp_path), {"ALIBABA_CLOUD_PROFILE": chosen})

    assert said(profile()) == wanted


def test_a_profile_of_a_role_asks_for_that_role(tmp_path: Path) -> None:
    asked: list[Any] = []

    def fetch(chosen: dict[str, Any]) -> Credentials:
        asked.append(chosen["ram_role_name"])
        return Credentials("i", "s")

    Profile({"EcsRamRole": fetch}, profiles(tmp_path), {"ALIBABA_CLOUD_PROFILE": "role"})()

    assert asked == ["of-the-node"]


def test_a_profile_of_a_mode_we_do_not_serve_is_refused_without_its_secrets(tmp_path: Path) -> None:
    with refused(Refused, "aliyun.profile-mode", mode="CloudSSO", served=("AK", "StsToken")) as no:
        Profile({}, profiles(tmp_path), {"ALIBABA_CLOUD_PROFILE": "sso"})()

    assert SECRET not in str(no.value)


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"ALIBABA_CLOUD_PROFILE": "nobody"}, id="no such profile"),
        pytest.param({"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}, id="switched off"),
    ],
)
def test_without_a_profile_the_next_source_is_asked(tmp_path: Path, environ: dict[str, str]) -> None:
    assert Profile({}, profiles(tmp_path), environ)() is None
    assert Profile({}, tmp_path / "absent.json", {})() is None


# --- RRSA ---------------------------------------------------------------------------------------------------------


def rrsa(served: Served, folder: Path) -> Rrsa:
    (folder / "token").write_text(f"{TOKEN}\n")
    return Rrsa(served.url, RRSA | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(folder / "token")})


def test_rrsa_exchanges_the_pods_token_in_a_body_and_not_in_a_url(tmp_path: Path) -> None:
    with serving(lambda asked: answered({"Credentials": GIVEN})) as served:
        found = rrsa(served, tmp_path)()

    assert found is not None
    assert (said(found), found.ends) == (("STS.k", SECRET, TOKEN), ENDS)
    assert served.asked[0].path == "/"
    fields = parse_qs(served.asked[0].body.decode())
    assert fields["Action"] == ["AssumeRoleWithOIDC"]
    assert fields["OIDCToken"] == [TOKEN]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        pytest.param(Reply(drop=True), Unreachable, id="no answer"),
        pytest.param(answered({"Code": "InternalError", "Message": TOKEN}, 500), Unreachable, id="their fault"),
        pytest.param(Reply(200, b"<html>"), Unreachable, id="no JSON"),
        pytest.param(answered({"Credentials": GIVEN | {"Expiration": "soon"}}), Unreachable, id="no end"),
        pytest.param(answered({"Credentials": {"Expiration": GIVEN["Expiration"]}}), Unreachable, id="incomplete"),
        pytest.param(answered({"Code": "AuthenticationFail.OIDCToken", "Message": TOKEN}, 400), Refused, id="no"),
    ],
)
def test_what_goes_wrong_with_sts_is_told_apart_and_shows_no_token(
    tmp_path: Path, reply: Reply, kind: type[Exception]
) -> None:
    with serving(lambda asked: reply) as served, pytest.raises(kind) as wrong:
        rrsa(served, tmp_path)()

    assert TOKEN not in str(wrong.value)


def test_rrsa_is_not_asked_where_it_is_not_set_up_and_says_when_its_token_cannot_be_read() -> None:
    assert Rrsa("http://127.0.0.1:9", {})() is None
    with refused(Refused, "credentials.unreadable-token", path="/nowhere/token"):
        Rrsa("http://127.0.0.1:9", RRSA | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/nowhere/token"})()


# --- the instance's role ------------------------------------------------------------------------------------------


def metadata(hardened: bool = True, role: str = "of-the-node") -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        if asked.method == "PUT":
            return Reply(200, b"session") if hardened else Reply(404)
        headers = {name.lower(): value for name, value in asked.headers.items()}
        if hardened and headers.get("x-aliyun-ecs-metadata-token") != "session":
            return Reply(403)
        if asked.path.endswith("/security-credentials/"):
            return Reply(200, role.encode()) if role else Reply(404)
        return answered(GIVEN | {"Code": "Success"}) if asked.path.endswith(f"/{role}") else Reply(404)

    return reply


@pytest.mark.parametrize(
    "hardened", [pytest.param(True, id="with a session"), pytest.param(False, id="an older service")]
)
def test_the_instance_role_is_asked_for_by_the_name_that_metadata_gives(hardened: bool) -> None:
    with serving(metadata(hardened)) as served:
        found = EcsRole(served.url, {})()

    assert found is not None
    assert (said(found), found.ends) == (("STS.k", SECRET, TOKEN), ENDS)


def test_an_older_metadata_service_is_not_used_where_that_is_switched_off() -> None:
    with serving(metadata(hardened=False)) as served:
        assert EcsRole(served.url, {"ALIBABA_CLOUD_IMDSV1_DISABLED": "true"})() is None


def test_no_role_no_instance_or_metadata_switched_off_is_no_source() -> None:
    with serving(metadata(role="")) as served:
        assert EcsRole(served.url, {})() is None
        before = len(served.asked)
        assert EcsRole(served.url, {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"})() is None
        assert len(served.asked) == before
    assert EcsRole("http://127.0.0.1:9", {})() is None

"""Whatever a metadata service, an agent, STS or a file of credentials says, a source gives some or one of our two errors.

What it gives can be told to people (its end) without a defect, and no error shows a token or a key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.access.holding import login_of
from migrator.adapters.balancers.access.temporary import LARGEST
from migrator.adapters.balancers.aliyun.access.credentials import IniFile, Profile
from migrator.adapters.balancers.aliyun.access.roles import Address, EcsRole, Rrsa
from migrator.adapters.balancers.aws.access.credentials import Profile as AwsProfile
from migrator.adapters.balancers.aws.access.roles import Container, Instance, Irsa
from migrator.adapters.balancers.tencent.access.credentials import profile
from migrator.adapters.balancers.tencent.access.roles import cvm_role, tke_oidc
from migrator.domain.messages.errors import Unreachable
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused
from tests.wounds import PLACES, TEXTS, hurt_json, hurt_text, outcome

TOKEN, SECRET, SESSION = "canary-of-a-token", "canary-of-a-secret", "canary-of-a-session"
ENDS = "2099-01-02T03:04:05Z"
OF_AWS = {"AccessKeyId": "i", "SecretAccessKey": SECRET, "Token": SESSION, "Expiration": ENDS, "Code": "Success"}
OF_ALIYUN = {
    "Code": "Success",
    "AccessKeyId": "i",
    "AccessKeySecret": SECRET,
    "SecurityToken": SESSION,
    "Expiration": ENDS,
}
OF_TENCENT = {
    "Code": "Success",
    "TmpSecretId": "i",
    "TmpSecretKey": SECRET,
    "Token": SESSION,
    "ExpiredTime": 4071006245,
}
NAME = "AssumeRoleWithWebIdentity"
XML = (
    f'<{NAME}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{NAME}Result><Credentials><AccessKeyId>i'
    f"</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION}</SessionToken><Expiration>{ENDS}"
    f"</Expiration></Credentials></{NAME}Result></{NAME}Response>"
)
ANSWERS: dict[str, bytes] = {
    "aws-sts": XML.encode(),
    "aws-container": json.dumps(OF_AWS).encode(),
    "aws-instance": json.dumps(OF_AWS).encode(),
    "aliyun-sts": json.dumps({"Credentials": OF_ALIYUN}).encode(),
    "aliyun-ecs": json.dumps(OF_ALIYUN).encode(),
    "aliyun-address": json.dumps(OF_ALIYUN).encode(),
    "tencent-cvm": json.dumps(OF_TENCENT).encode(),
    "tencent-sts": json.dumps({"Response": {"Credentials": OF_TENCENT, "ExpiredTime": 4071006245}}).encode(),
}
STATUS = st.sampled_from([200, 200, 200, 200, 302, 400, 401, 403, 404, 429, 500, 503])
WOUND = st.one_of(PLACES, st.sampled_from(sorted(TEXTS)))


def sources(url: str, token: Path) -> dict[str, Callable[[], Credentials | None]]:
    """Every source that asks somebody, at this address."""
    file = str(token)
    irsa = {"AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": file}
    pod = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": TOKEN}
    rrsa = {name: "x" for name in ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")}
    tke = {"TKE_REGION": "r", "TKE_PROVIDER_ID": "p", "TKE_ROLE_ARN": "a", "TKE_WEB_IDENTITY_TOKEN_FILE": file}
    return {
        "aws-sts": Irsa("eu-central-1", url, irsa),
        "aws-container": Container(environ=pod),
        "aws-instance": Instance(url, {}),
        "aliyun-sts": Rrsa(url, rrsa | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": file}),
        "aliyun-ecs": EcsRole(url, {}),
        "aliyun-address": Address({"ALIBABA_CLOUD_CREDENTIALS_URI": url}),
        "tencent-cvm": lambda: cvm_role(url),
        "tencent-sts": lambda: tke_oidc(tke, url),
    }


def body(name: str, wound: Any) -> bytes:
    sound = ANSWERS[name]
    if isinstance(wound, str):
        return TEXTS[wound]
    return (
        hurt_text(XML.replace(">", ">\n"), wound).encode("utf-8", "replace")
        if sound.startswith(b"<")
        else hurt_json(sound, wound)
    )


@pytest.mark.parametrize("name", ANSWERS)
@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
@given(wound=WOUND, status=STATUS, first=st.integers(0, 2))
def test_no_service_makes_a_source_raise_anything_but_our_two_errors(
    name: str, wound: Any, status: int, first: int, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(TOKEN)

    def reply(asked: Asked) -> Reply:
        """Answer well to the first calls: a session, a role's name; then with the wound, or a redirect to another host."""
        if len(served.asked) <= first:
            return Reply(200, b"edge")
        return Reply(status, body(name, wound), {"Location": "http://192.0.2.1/"} if status == 302 else {})

    with serving(reply) as served:
        chain = Chain(sources(served.url, tmp_path / "token")[name])
        said = str(outcome(lambda: (chain(), str(login_of("cloud", chain)))))

    assert not any(canary in said for canary in (TOKEN, SECRET, SESSION))


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_not_wounded_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    names = ("/latest/api/token", "/security-credentials/")
    with serving(lambda asked: Reply(200, b"edge" if asked.path.endswith(names) else ANSWERS[name])) as served:
        found = sources(served.url, tmp_path / "token")[name]()

    assert found is not None
    assert (found.secret, found.token, found.ends) == (SECRET, SESSION, 4071006245.0)


BEYOND = (-1, 0, 1 << 40, 1 << 62, (1 << 64) - 1, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59")


@pytest.mark.parametrize("ends", BEYOND)
def test_an_end_beyond_every_calendar_is_told_like_any_other(ends: int | str) -> None:
    """Tencent writes seconds, AWS and Aliyun instants with a zone."""
    seconds = isinstance(ends, int)
    answer = json.dumps(OF_TENCENT | {"ExpiredTime": ends} if seconds else OF_AWS | {"Expiration": ends}).encode()
    with serving(lambda asked: Reply(200, b"role" if asked.path.endswith("-credentials/") else answer)) as served:
        chain = Chain(sources(served.url, Path("/nowhere"))["tencent-cvm" if seconds else "aws-container"])
        chain()
        login = login_of("cloud", chain)

    assert login is not None
    assert login.ends is None or login.ends.year >= 1970


def test_an_answer_beyond_all_bounds_is_no_answer() -> None:
    with (
        serving(lambda _: Reply(200, b" " * (LARGEST + 1) + ANSWERS["aws-container"])) as served,
        refused(Unreachable, "credentials.no-answer"),
    ):
        sources(served.url, Path("/nowhere"))["aws-container"]()


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(wound=WOUND)
def test_no_file_of_credentials_makes_its_reader_raise_anything_but_our_two_errors(wound: Any, tmp_path: Path) -> None:
    cli = {"current": "a", "profiles": [{"name": "a", "mode": "AK", "access_key_id": "i", "access_key_secret": SECRET}]}
    keys = f"access_key_id = i\naccess_key_secret = {SECRET}\nsecret_id = i\nsecret_key = {SECRET}\n"
    ini = f"[default]\ntype = access_key\n{keys}"
    named, plain = tmp_path / "config.json", tmp_path / "credentials"
    named.write_bytes(TEXTS[wound] if isinstance(wound, str) else hurt_json(json.dumps(cli).encode(), wound))
    plain.write_bytes(
        TEXTS[wound] if isinstance(wound, str) else hurt_text(ini, wound).encode("utf-8", "surrogatepass")
    )
    of_aws = AwsProfile({"AWS_SHARED_CREDENTIALS_FILE": str(plain), "AWS_CONFIG_FILE": str(plain)})
    for ask in (
        Profile({}, named, {}),
        IniFile({}, {"ALIBABA_CLOUD_CREDENTIALS_FILE": str(plain)}),
        of_aws.roles,
        of_aws.keys,
        lambda: profile((plain,)),
    ):
        assert SECRET not in str(outcome(ask))

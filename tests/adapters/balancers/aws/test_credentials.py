"""Where AWS credentials come from: environment, IRSA, profile, container, instance; how long they last; what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.aws.access.credentials import Profile, environment
from migrator.adapters.balancers.aws.access.roles import ROLE, Container, Instance, Irsa
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Value, say
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused

TOKEN = "canary-jwt-that-must-not-be-shown"
ENDS = "2030-01-02T03:04:05Z"
AT = 1893553445.0
GIVEN = {"AccessKeyId": "i", "SecretAccessKey": "s", "Token": "t", "Expiration": ENDS}
STS = "https://sts.amazonaws.com/doc/2011-06-15/"


def values(found: Credentials | None) -> tuple[str, str, str, float]:
    assert found is not None
    return found.key, found.secret, found.token, found.ends


def answer(body: object, status: int = 200) -> Reply:
    return Reply(status, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_the_environment_gives_key_secret_and_token() -> None:
    names = {"AWS_ACCESS_KEY_ID": "i", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}

    assert values(environment(names)) == ("i", "s", "t", float("inf"))
    assert environment({"AWS_SECRET_ACCESS_KEY": "s"}) is None


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Write a credentials file and a config file; give an environment that names them."""

    def written(credentials: str = "", config: str = "", name: str = "") -> dict[str, str]:
        (tmp_path / "credentials").write_bytes(credentials.encode("latin-1"))
        (tmp_path / "config").write_text(config)
        paths = {
            n: str(tmp_path / p)
            for n, p in (("AWS_SHARED_CREDENTIALS_FILE", "credentials"), ("AWS_CONFIG_FILE", "config"))
        }
        return paths | ({"AWS_PROFILE": name} if name else {})

    return written


KEYS = "aws_access_key_id = i\naws_secret_access_key = 100%s\n"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param({"credentials": f"[default]\n{KEYS}"}, ("i", "100%s", "", float("inf")), id="the default one"),
        pytest.param(
            {"credentials": f"[ops]\n{KEYS}aws_session_token = t\n", "name": "ops"},
            ("i", "100%s", "t", float("inf")),
            id="a named one",
        ),
        pytest.param(
            {"config": f"[profile ops]\n{KEYS}", "name": "ops"},
            ("i", "100%s", "", float("inf")),
            id="of the config file",
        ),
        pytest.param({"credentials": f"[other]\n{KEYS}"}, None, id="another one"),
        pytest.param({}, None, id="none"),
    ],
)
def test_a_profile_is_read_or_left_alone(
    files: Callable[..., dict[str, str]], given: dict[str, str], found: object
) -> None:
    found_there = Profile(files(**given))
    read = found_there.roles() or found_there.keys()

    assert (values(read) if read else None) == found


@pytest.mark.parametrize(
    ("given", "code", "values"),
    [
        pytest.param({"name": "ops"}, "aws.profile-without-keys", {"profile": "ops"}, id="not there"),
        pytest.param(
            {"config": "[profile ops]\nsso_session = s\n", "name": "ops"},
            "aws.profile-needs-login",
            {"profile": "ops", "needs": "sso_session"},
            id="SSO",
        ),
        pytest.param(
            {"config": "[default]\nrole_arn = r\n"},
            "aws.profile-needs-login",
            {"profile": "default", "needs": "role_arn"},
            id="another role",
        ),
    ],
)
def test_a_profile_that_only_the_command_line_can_use_is_named_with_what_to_do(
    files: Callable[..., dict[str, str]], given: dict[str, str], code: str, values: dict[str, Value]
) -> None:
    with refused(Refused, code, **values):
        found = Profile(files(**given))
        found.roles() or found.keys()


@pytest.fixture
def pod(tmp_path: Path) -> dict[str, str]:
    """The environment of a pod with IRSA."""
    (tmp_path / "token").write_text(TOKEN)
    return {"AWS_ROLE_ARN": "arn:aws:iam::1:role/edge", "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token")}


def assumed(token: str = "t") -> Reply:
    row = f"<AccessKeyId>i</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>{token}</SessionToken>"
    name = "AssumeRoleWithWebIdentity"
    inner = f"<Credentials>{row}<Expiration>{ENDS}</Expiration></Credentials>"
    return answer(f'<{name}Response xmlns="{STS}"><{name}Result>{inner}</{name}Result></{name}Response>'.encode())


def test_a_service_account_is_exchanged_at_sts_without_a_signature(pod: dict[str, str]) -> None:
    with serving(lambda _: assumed()) as served:
        found = Irsa("eu-central-1", served.url, pod)()
    (asked,) = served.asked

    assert values(found) == ("i", "s", "t", AT)
    assert TOKEN.encode() in asked.body
    assert "Authorization" not in asked.headers
    assert TOKEN not in asked.path


def test_a_pod_without_irsa_gives_none(pod: dict[str, str]) -> None:
    assert Irsa("x", "http://127.0.0.1:9", {**pod, "AWS_WEB_IDENTITY_TOKEN_FILE": ""})() is None


def no_from_sts(asked: Asked) -> Reply:
    error = f"<Error><Code>InvalidIdentityToken</Code><Message>bad: {escape(asked.body.decode())}</Message></Error>"
    return answer(f'<ErrorResponse xmlns="{STS}">{error}<RequestId>r</RequestId></ErrorResponse>'.encode(), 400)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(no_from_sts, Refused, id="STS says no and quotes the token"),
        pytest.param(lambda _: answer(b"<x/>", 503), Unreachable, id="STS is ill"),
        pytest.param(lambda _: answer(b"<html>"), Unreachable, id="no XML"),
        pytest.param(lambda _: Reply(drop=True), Unreachable, id="no answer"),
        pytest.param(lambda _: assumed(""), Unreachable, id="incomplete"),
    ],
)
def test_what_sts_does_not_give_is_told_apart_and_shows_no_token(
    pod: dict[str, str], reply: Callable[[Asked], Reply], error: type[Exception]
) -> None:
    with serving(reply) as served, pytest.raises(error) as no:
        Irsa("x", served.url, pod)()

    seen: BaseException | None = no.value
    while seen is not None:
        assert TOKEN not in f"{seen} {seen!r}"
        seen = seen.__cause__ or seen.__context__


def test_a_token_file_that_cannot_be_read_is_refused(pod: dict[str, str]) -> None:
    with refused(Refused, "credentials.unreadable-token", path="/nowhere/token"):
        Irsa("x", "http://127.0.0.1:9", {**pod, "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token"})()


def test_pod_identity_and_ecs_give_the_containers_credentials(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    with serving(lambda _: answer(GIVEN)) as served:
        full = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{served.url}/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(tmp_path / "token"),
        }
        pods, tasks = (
            Container(environ=full)(),
            Container(served.url, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"})(),
        )

    assert values(pods) == values(tasks) == ("i", "s", "t", AT)
    assert [(asked.path, asked.headers.get("Authorization")) for asked in served.asked] == [
        ("/v1/credentials", TOKEN),
        ("/v2/x", None),
    ]
    assert Container(environ={})() is None


def metadata(asked: Asked) -> Reply:
    """Answer as version 2 does: with a session token, or not at all."""
    if asked.path == "/latest/api/token":
        return answer(TOKEN.encode())
    if asked.headers.get("X-aws-ec2-metadata-token") != TOKEN:
        return answer(b"", 401)
    return answer(b"edge-role\n") if asked.path == ROLE else answer({"Code": "Success", **GIVEN})


def test_the_instances_role_gives_temporary_credentials() -> None:
    with serving(metadata) as served:
        found = Instance(served.url, {})()

    assert values(found) == ("i", "s", "t", AT)
    assert [asked.path for asked in served.asked] == ["/latest/api/token", ROLE, f"{ROLE}edge-role"]


@pytest.mark.parametrize(
    ("reply", "environ"),
    [
        pytest.param(answer(b"", 404), {}, id="no role"),
        pytest.param(Reply(drop=True), {}, id="no answer"),
        pytest.param(answer(GIVEN), {"AWS_EC2_METADATA_DISABLED": "true"}, id="switched off"),
    ],
)
def test_a_machine_without_a_role_gives_none(reply: Reply, environ: dict[str, str]) -> None:
    with serving(lambda _: reply) as served:
        assert Instance(served.url, environ)() is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(GIVEN | {"Expiration": "soon"}, "credentials.endless", id="no end"),
        pytest.param(GIVEN | {"Token": ""}, "credentials.incomplete", id="part"),
        pytest.param([], "credentials.unreadable", id="list"),
        pytest.param(b"no json", "credentials.unreadable", id="text"),
    ],
)
def test_half_an_answer_is_no_credentials(body: Any, code: str) -> None:
    with (
        serving(lambda _: answer(body)) as served,
        refused(Unreachable, code, whom=say("aws.container-agent")),
    ):
        Container(environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": served.url})()

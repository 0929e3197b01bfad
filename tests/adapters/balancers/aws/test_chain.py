"""The chain of AWS credentials against botocore's: the same environment, files and services give the same credentials."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.adapters.balancers.aws.access.chain import chain
from migrator.adapters.balancers.aws.access.credentials import ABSENT
from migrator.adapters.balancers.aws.access.roles import ROLE, Container
from migrator.domain.messages.errors import Refused
from tests.adapters.balancers.chains import ERROR, NONE, Found, alone, ours, theirs, write
from tests.adapters.served import Asked, Reply, Served, serving
from tests.words import refused

session = pytest.importorskip("botocore.session")

ENDS = "2099-01-02T03:04:05Z"
STS = "https://sts.amazonaws.com/doc/2011-06-15/"
ENV = {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "s"}
IRSA = {"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/edge", "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"}
POD = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/container"}
NO_EC2 = {"AWS_EC2_METADATA_DISABLED": "true"}
KEYS = "aws_access_key_id = {}\naws_secret_access_key = 100%s\n"
SHARED = {".aws/credentials": "[default]\n" + KEYS.format("shared") + "[ops]\n" + KEYS.format("ops")}
CONFIG = {".aws/config": "[default]\n" + KEYS.format("config") + "[profile team]\n" + KEYS.format("team")}


def given(name: str) -> dict[str, str]:
    return {"AccessKeyId": name, "SecretAccessKey": "s", "Token": "t", "Expiration": ENDS, "Code": "Success"}


def service(asked: Asked) -> Reply:
    """Everything that gives AWS credentials over HTTP: STS, a container's agent, an instance's metadata."""
    if asked.path == "/":
        row = "<AccessKeyId>irsa</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        name = "AssumeRoleWithWebIdentity"
        inner = f"<Credentials>{row}<Expiration>{ENDS}</Expiration></Credentials>"
        return Reply(
            200, f'<{name}Response xmlns="{STS}"><{name}Result>{inner}</{name}Result></{name}Response>'.encode()
        )
    if asked.path == "/container":
        return Reply(200, json.dumps(given("pod")).encode())
    if asked.path == "/latest/api/token":
        return Reply(200, b"session")
    return Reply(200, b"edge" if asked.path == ROLE else json.dumps(given("ec2")).encode())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(service) as made:
        yield made


def botocore() -> tuple[str, str, str | None] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = session.Session().get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    return (frozen.access_key, frozen.secret_key, frozen.token) if frozen else None


CASES = {
    "nothing at all": (NO_EC2, {}, NONE),
    "the environment": (ENV, SHARED, ("env", "s", "")),
    "the environment with both tokens": (
        ENV | {"AWS_SESSION_TOKEN": "new", "AWS_SECURITY_TOKEN": "older"},
        {},
        ("env", "s", "older"),
    ),
    "the environment with an end": (ENV | {"AWS_CREDENTIAL_EXPIRATION": ENDS}, {}, ("env", "s", "")),
    "an end that is no time": (ENV | {"AWS_CREDENTIAL_EXPIRATION": "soon"}, {}, ERROR),
    "an id without a secret": ({"AWS_ACCESS_KEY_ID": "env"}, SHARED, ERROR),
    "a secret without an id": ({"AWS_SECRET_ACCESS_KEY": "s"}, SHARED, ("shared", "100%s", "")),
    "IRSA before a profile": (IRSA, SHARED, ("irsa", "s", "t")),
    "a token file without a role": ({"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"}, SHARED, ERROR),
    "a role without a token file": ({"AWS_ROLE_ARN": "arn:aws:iam::1:role/x"}, SHARED, ("shared", "100%s", "")),
    "a token file that is not there": (IRSA | {"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/none"}, SHARED, ERROR),
    "the shared file before the config file": (NO_EC2, SHARED | CONFIG, ("shared", "100%s", "")),
    "the config file": (NO_EC2, CONFIG, ("config", "100%s", "")),
    "a default by its long name": (
        NO_EC2,
        {".aws/config": "[profile default]\n" + KEYS.format("l")},
        ("l", "100%s", ""),
    ),
    "a named profile": ({"AWS_PROFILE": "ops"}, SHARED, ("ops", "100%s", "")),
    "a named profile of the config file": ({"AWS_PROFILE": "team"}, SHARED | CONFIG, ("team", "100%s", "")),
    "two names": ({"AWS_PROFILE": "team", "AWS_DEFAULT_PROFILE": "ops"}, SHARED | CONFIG, ("ops", "100%s", "")),
    "a name of nobody": ({"AWS_PROFILE": "none"}, SHARED, ERROR),
    "half a profile": (NO_EC2, {".aws/credentials": "[default]\naws_access_key_id = i\n"}, ERROR),
    "an old token in a profile": (
        NO_EC2,
        {".aws/credentials": "[default]\n" + KEYS.format("i") + "aws_security_token = t\n"},
        ("i", "100%s", "t"),
    ),
    "a file that is none": (NO_EC2, {".aws/credentials": "{not ini"}, ERROR),
    "a config file that is none": (NO_EC2, SHARED | {".aws/config": "{not ini"}, ERROR),
    "keys before a program": (
        NO_EC2,
        SHARED | {".aws/config": "[default]\ncredential_process = /bin/false\n"},
        ("shared", "100%s", ""),
    ),
    "a program before the config file's keys": (
        NO_EC2,
        {".aws/config": "[default]\ncredential_process = /bin/false\n" + KEYS.format("c")},
        ERROR,
    ),
    "SSO before keys": (
        NO_EC2,
        SHARED
        | {".aws/config": "[default]\nsso_start_url = x\nsso_region = y\nsso_account_id = 1\nsso_role_name = r\n"},
        ERROR,
    ),
    "the container before the instance": (POD, {}, ("pod", "s", "t")),
    "a profile before the container": (POD, SHARED, ("shared", "100%s", "")),
    "an address of somebody else": ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/x"}, {}, ERROR),
    "a container's token that is not there": (
        POD | {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/none"},
        {},
        ERROR,
    ),
    "the instance": ({}, {}, ("ec2", "s", "t")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_same_surroundings_give_the_same_credentials_as_botocore(
    case: str, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, files, wanted = CASES[case]
    usual = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": served.url, "AWS_ENDPOINT_URL_STS": served.url}
    fitted = {name: value.replace("HOME", str(tmp_path)).replace("URL", served.url) for name, value in values.items()}
    write(tmp_path, {"token": "a-projected-token"} | files)
    alone(monkeypatch, tmp_path, ("AWS_",), usual | {"AWS_DEFAULT_REGION": "eu-central-1"} | fitted)

    found: dict[str, Found] = {"botocore": theirs(botocore), "migrator": ours(chain("eu-central-1"), ABSENT)}

    assert found == {"botocore": wanted, "migrator": wanted}


def test_a_role_of_a_profile_comes_before_irsa_and_is_named_instead_of_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """botocore would take the role on; we say whose business that is, and take no other identity in its place."""
    write(
        tmp_path,
        {
            "token": "a-projected-token",
            ".aws/config": "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = y\n",
        },
    )
    alone(
        monkeypatch, tmp_path, ("AWS_",), {name: value.replace("HOME", str(tmp_path)) for name, value in IRSA.items()}
    )

    with refused(Refused, "aws.profile-needs-login", profile="default", needs="role_arn"):
        chain("eu-central-1")()


@pytest.mark.parametrize("host", ["http://192.0.2.1", "http://169.254.170.2.example", "http://", "x"])
def test_no_token_is_sent_to_an_address_that_is_no_agent(host: str) -> None:
    given = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{host}/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "secret"}
    with refused(Refused, "credentials.foreign-agent"):
        Container(environ=given)()

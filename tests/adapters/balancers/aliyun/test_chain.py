"""The chain of Aliyun credentials against alibabacloud-credentials': the same surroundings give the same credentials.

One difference is meant, and tried by name: the SDK swallows whatever goes wrong at a source and asks the next one; we stop at
what is there and broken.
"""

from __future__ import annotations

import importlib
import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers.aliyun.access.chain import chain
from migrator.adapters.balancers.aliyun.access.credentials import ABSENT
from migrator.lab import certificates
from tests.adapters.balancers.chains import ERROR, NONE, Found, alone, ours, theirs, write
from tests.adapters.served import Asked, Reply, Served, serving
from tests.lab.faults.doors import door

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    sdk = pytest.importorskip("alibabacloud_credentials.provider.default")
    UTILS = [
        importlib.import_module(f"alibabacloud_credentials.utils.{name}") for name in ("auth_util", "auth_constant")
    ]

ROLES = "/latest/meta-data/ram/security-credentials/"
ENV = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "env", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}
RRSA = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "HOME/token",
}
URI = {"ALIBABA_CLOUD_CREDENTIALS_URI": "URL/given?a=b"}
NO_ECS = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
CLI = ".aliyun/config.json"
INI = ".alibabacloud/credentials.ini"
KEYS = {"access_key_id": "cli", "access_key_secret": "s"}


def cli(**profile: Any) -> dict[str, str]:
    return {CLI: json.dumps({"current": "default", "profiles": [{"name": "default", **profile}]})}


def ini(text: str, name: str = "default", file: str = INI) -> dict[str, str]:
    return {file: f"[{name}]\n{text}\n"}


def given(name: str) -> bytes:
    keys = {"AccessKeyId": name, "AccessKeySecret": "s", "SecurityToken": "t", "Expiration": "2099-01-02T03:04:05Z"}
    return json.dumps({"Code": "Success", **keys, "Credentials": keys}).encode()


def service(asked: Asked) -> Reply:
    """STS, the metadata service (asked through a proxy by the SDK) and any other address that gives credentials."""
    path = "/" + asked.path.split("/", 3)[3] if asked.path.startswith("http://") else asked.path
    if path == "/latest/api/token":
        return Reply(200, b"session")
    if path == ROLES:
        return Reply(200, b"edge")
    if path.startswith(ROLES):
        return Reply(200, given("ecs-" + path.removeprefix(ROLES)))
    return Reply(200, given("uri" if path.startswith("/given") else "rrsa"))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(service) as made:
        yield made


@pytest.fixture(scope="module")
def secure(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The SDK speaks to STS by TLS alone: its address, and the CA to trust."""
    folder = tmp_path_factory.mktemp("tls")
    certificates.make(folder, "127.0.0.1", ("server",))
    serve = {"cert": str(folder / "server.pem"), "key": str(folder / "server.key")}
    with door(served.port, serve=serve) as (_, port):
        yield f"127.0.0.1:{port}", folder / "ca.pem"
        core = importlib.import_module("Tea.core").TeaCore
        for session in core._sessions.values():  # it would keep them for ever
            session.close()
        core._sessions.clear()


@pytest.fixture
def official(
    served: Served, secure: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[str, str, str]]:
    """Ask the SDK's chain as it is now: it reads the environment when it is imported, and metadata through a proxy."""

    def ask() -> tuple[str, str, str]:
        for module in UTILS:
            importlib.reload(module)
        monkeypatch.setenv("HTTP_PROXY", served.url)
        made = sdk.DefaultCredentialsProvider()
        for provider in made._DefaultCredentialsProvider__providers_chain:
            if hasattr(provider, "_sts_endpoint"):
                provider._sts_endpoint, provider._runtime_options["ca"] = secure[0], str(secure[1])
        found = made.get_credentials()
        return found.get_access_key_id(), found.get_access_key_secret(), found.get_security_token()

    return ask


ECS: Found = ("ecs-edge", "s", "t")
CASES: dict[str, tuple[dict[str, str], dict[str, str], Found]] = {
    "nothing at all": (NO_ECS, {}, NONE),
    "the environment": (ENV, cli(mode="AK", **KEYS), ("env", "s", "")),
    "the environment, for a while": (ENV | {"ALIBABA_CLOUD_SECURITY_TOKEN": "t"}, {}, ("env", "s", "t")),
    "an id without a secret": ({"ALIBABA_CLOUD_ACCESS_KEY_ID": "env"}, {}, ECS),
    "RRSA before a profile": (RRSA, cli(mode="AK", **KEYS), ("rrsa", "s", "t")),
    "half of RRSA": (RRSA | {"ALIBABA_CLOUD_ROLE_ARN": ""}, cli(mode="AK", **KEYS), ("cli", "s", "")),
    "the CLI's profile before the file": (
        {},
        cli(mode="AK", **KEYS) | ini("type = access_key\naccess_key_id = ini\naccess_key_secret = s"),
        ("cli", "s", ""),
    ),
    "a profile with a token": ({}, cli(mode="StsToken", sts_token="t", **KEYS), ("cli", "s", "t")),
    "a profile of the instance's role": ({}, cli(mode="EcsRamRole", ram_role_name="named"), ("ecs-named", "s", "t")),
    "a profile with half its keys": ({}, cli(mode="AK", access_key_id="i"), ECS),
    "a profile that is switched off": (
        {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"},
        cli(mode="AK", **KEYS),
        ECS,
    ),
    "another profile": ({"ALIBABA_CLOUD_PROFILE": "none"}, cli(mode="AK", **KEYS), ECS),
    "no profile is current": ({}, {CLI: json.dumps({"profiles": [{"name": "default", "mode": "AK", **KEYS}]})}, ECS),
    "a CLI file that is none": ({}, {CLI: "{"}, ECS),
    "the file": ({}, ini("type = access_key\naccess_key_id = ini # mine\naccess_key_secret = s"), ("ini", "s", "")),
    "the file elsewhere, a section by name": (
        {"ALIBABA_CLOUD_CREDENTIALS_FILE": "HOME/own", "ALIBABA_CLOUD_PROFILE": "team"},
        ini("type = access_key\naccess_key_id = own\naccess_key_secret = s", "team", "own"),
        ("own", "s", ""),
    ),
    "a section of the instance's role": ({}, ini("type = ecs_ram_role\nrole_name = filed"), ("ecs-filed", "s", "t")),
    "a section without keys": ({}, ini("type = access_key"), ECS),
    "the instance's role": (URI, {}, ECS),
    "a role by name": ({"ALIBABA_CLOUD_ECS_METADATA": "wanted"}, {}, ("ecs-wanted", "s", "t")),
    "an address": (NO_ECS | URI, {}, ("uri", "s", "t")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_same_surroundings_give_the_same_credentials_as_the_sdk(
    case: str, served: Served, official: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, files, wanted = CASES[case]
    begin(values, files, served, tmp_path, monkeypatch)

    found = {"migrator": ours(chain(served.url, served.url), ABSENT), "the SDK": theirs(official, nobody)}

    assert found == {"migrator": wanted, "the SDK": wanted}


@pytest.mark.parametrize(
    ("values", "files"),
    [
        pytest.param(RRSA | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": "HOME/none"}, {}, id="a pod's token that is not there"),
        pytest.param({}, cli(mode="CloudSSO"), id="a profile that needs a login"),
        pytest.param({}, cli(**KEYS), id="a profile without a mode"),
        pytest.param({}, ini("type = rsa_key_pair"), id="a section of a type that is not served"),
        pytest.param({}, {INI: "{not ini"}, id="a file that is none"),
    ],
)
def test_what_is_there_and_broken_is_said_and_nobody_acts_as_the_node_instead(
    values: dict[str, str], files: dict[str, str], served: Served, official: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """The SDK goes on to the instance's role, which every pod of the node has."""
    begin(values, files, served, tmp_path, monkeypatch)

    assert ours(chain(served.url, served.url), ABSENT) == ERROR
    assert theirs(official, nobody) in (ECS, NONE)


def begin(
    values: dict[str, str], files: dict[str, str], served: Served, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = {name: value.replace("HOME", str(home)).replace("URL", served.url) for name, value in values.items()}
    write(home, {"token": "jwt"} | files)
    alone(monkeypatch, home, ("ALIBABA_CLOUD_",), fitted)


def nobody(error: Exception) -> bool:
    return "unable to load credentials from any of the providers" in str(error)

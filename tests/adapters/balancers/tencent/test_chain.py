"""The chain of Tencent credentials against the official SDK's: the same surroundings give the same credentials."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers.tencent.access.chain import chain
from migrator.adapters.balancers.tencent.access.credentials import ABSENT
from migrator.adapters.balancers.tencent.access.roles import ROLE
from tests.adapters.balancers.chains import ERROR, NONE, Found, alone, ours, theirs, write
from tests.adapters.served import Asked, Reply, Served, serving

sdk = pytest.importorskip("tencentcloud.common.credential")

ENV = {"TENCENTCLOUD_SECRET_ID": "env", "TENCENTCLOUD_SECRET_KEY": "k"}
FILE = ".tencentcloud/credentials"
OWN = {FILE: "[default]\nsecret_id = file\nsecret_key = 100%k\n"}
CVM = {"Code": "Success", "TmpSecretId": "cvm", "TmpSecretKey": "k", "Token": "t", "ExpiredTime": 4070919845}
POD = {
    "TKE_REGION": "ap-guangzhou",
    "TKE_PROVIDER_ID": "cls-1",
    "TKE_WEB_IDENTITY_TOKEN_FILE": "HOME/token",
    "TKE_ROLE_ARN": "qcs::cam::uin/1:roleName/gateway",
}


class Metadata:
    """The CVM's metadata service, with a role or without one."""

    role: Any = None

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == ROLE:
            return Reply(200, b"edge") if self.role else Reply(404)
        return Reply(200, json.dumps(self.role).encode())


@pytest.fixture(scope="module")
def metadata() -> Metadata:
    return Metadata()


@pytest.fixture(scope="module")
def served(metadata: Metadata) -> Iterator[Served]:
    with serving(metadata) as made:
        yield made


def official() -> tuple[str, str, str | None] | None:
    found = sdk.DefaultCredentialProvider().get_credential()
    return found.get_credential_info() if found else None


def nobody(error: Exception) -> bool:
    """The last source of the SDK's chain is the pod's identity: its lack is the word for nobody's credentials."""
    return isinstance(error, EnvironmentError) and "TKE_REGION" in str(error)


CASES: dict[str, tuple[dict[str, str], dict[str, str], Any, Found]] = {
    "nothing at all": ({}, {}, None, NONE),
    "the environment": (ENV, OWN, CVM, ("env", "k", "")),
    "an id without a key": ({"TENCENTCLOUD_SECRET_ID": "env"}, OWN, CVM, ("file", "100%k", "")),
    "an empty key": (ENV | {"TENCENTCLOUD_SECRET_KEY": ""}, OWN, CVM, ("file", "100%k", "")),
    "a line end in the environment": (ENV | {"TENCENTCLOUD_SECRET_KEY": "k\n"}, OWN, CVM, ERROR),
    "the file": ({}, OWN, CVM, ("file", "100%k", "")),
    "a file with an empty key": ({}, {FILE: "[default]\nsecret_id = i\nsecret_key =\n"}, CVM, ("cvm", "k", "t")),
    "a file that is none": ({}, {FILE: "{not ini"}, CVM, ERROR),
    "the machine's role": ({}, {}, CVM, ("cvm", "k", "t")),
    "a role without credentials": ({}, {}, {"Code": "Failed"}, NONE),
}


@pytest.mark.parametrize("case", CASES)
def test_the_same_surroundings_give_the_same_credentials_as_the_sdk(
    case: str, served: Served, metadata: Metadata, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, files, metadata.role, wanted = CASES[case]
    write(tmp_path, files)
    alone(monkeypatch, tmp_path, ("TENCENTCLOUD_", "TKE_"), values)
    monkeypatch.setattr(sdk.CVMRoleCredential, "_role_endpoint", served.url + ROLE)

    found = {"the SDK": theirs(official, nobody), "migrator": ours(chain(served.url), ABSENT)}

    assert found == {"the SDK": wanted, "migrator": wanted}


def test_a_file_of_other_sections_is_no_source_where_the_sdk_falls_over_an_attribute_it_never_set(
    served: Served, metadata: Metadata, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata.role = CVM
    write(tmp_path, {FILE: "[other]\nsecret_id = i\nsecret_key = k\n"})
    alone(monkeypatch, tmp_path, ("TENCENTCLOUD_", "TKE_"), {})

    assert ours(chain(served.url), ABSENT) == ("cvm", "k", "t")
    with pytest.raises(AttributeError):
        official()


def test_a_pods_identity_is_read_as_the_sdk_reads_it_and_comes_before_its_nodes(
    served: Served, metadata: Metadata, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one difference in order, and meant: the SDK would act as the node, whose role every pod on it has."""
    metadata.role = CVM
    write(tmp_path, {"token": "jwt"})
    alone(
        monkeypatch,
        tmp_path,
        ("TENCENTCLOUD_", "TKE_"),
        {name: v.replace("HOME", str(tmp_path)) for name, v in POD.items()},
    )
    monkeypatch.setattr(sdk.CVMRoleCredential, "_role_endpoint", served.url + ROLE)
    answer = {"Credentials": {"TmpSecretId": "pod", "TmpSecretKey": "k", "Token": "t"}, "ExpiredTime": 4070919845}
    with serving(lambda _: Reply(200, json.dumps({"Response": answer}).encode())) as sts:
        mine = ours(chain(served.url, sts.url), ABSENT)
    (asked,) = sts.asked
    official_one = sdk.DefaultTkeOIDCRoleArnProvider().get_credential()

    assert theirs(official) == ("cvm", "k", "t")
    assert mine == ("pod", "k", "t")
    sent = json.loads(asked.body)
    assert (sent["ProviderId"], sent["WebIdentityToken"], sent["RoleArn"], sent["DurationSeconds"]) == (
        official_one._provider_id,
        official_one._web_identity_token,
        official_one._role_arn,
        official_one._duration_seconds,
    )
    assert asked.headers["X-TC-Region"] == official_one._region

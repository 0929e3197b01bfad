"""Our signer against the official SDK's own requests, taken off the wire: the same bytes, the same signature."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from alibabacloud_nlb20220430 import models as nlb
from alibabacloud_slb20140515 import models as clb

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.aliyun.access.api import Call, signed
from migrator.adapters.balancers.aliyun.access.signature import authorization, flat, form
from tests.adapters.balancers.aliyun import sdk
from tests.adapters.served import Asked, Reply, Served, serving

KEYS = Credentials("lab-id", "lab-key")
TEMPORARY = Credentials("lab-id", "lab-key", "a token/with+signs=")
ROWS = [{"ServerId": "eni-1", "Type": "eni", "ServerIp": "10.1.0.1", "Port": "8080", "Weight": "0"}]
SERVERS = [{"ServerId": "10.0.0.1", "ServerType": "Ip", "Port": 80, "Weight": 0, "Description": "网关 1~2/*"}]


@pytest.fixture
def server() -> Iterator[Served]:
    with serving(lambda asked: Reply(200, b'{"RequestId":"r"}', {"Content-Type": "application/json"})) as found:
        yield found


def set_weights(server: Served, keys: Credentials) -> None:
    request = clb.SetVServerGroupAttributeRequest(
        region_id="lab", vserver_group_id="rsp-1", backend_servers=json.dumps(ROWS, separators=(",", ":"))
    )
    sdk.clb(f"127.0.0.1:{server.port}", _secret(keys)).set_vserver_group_attribute(request)


def add_servers(server: Served, keys: Credentials) -> None:
    rows = [nlb.AddServersToServerGroupRequestServers().from_map(row) for row in SERVERS]
    request = nlb.AddServersToServerGroupRequest(
        region_id="lab", server_group_id="sgp-1", client_token="t", servers=rows
    )
    sdk.nlb(f"127.0.0.1:{server.port}", _secret(keys)).add_servers_to_server_group(request)


def list_jobs(server: Served, keys: Credentials) -> None:
    sdk.nlb(f"127.0.0.1:{server.port}", _secret(keys)).list_asyn_jobs(nlb.ListAsynJobsRequest(job_ids=["a", "b"]))


def _secret(keys: Credentials) -> tuple[str, ...]:
    return (keys.key, keys.secret, keys.token) if keys.token else (keys.key, keys.secret)


CALLS = [
    pytest.param(set_weights, id="a JSON list in the query"),
    pytest.param(add_servers, id="a flattened list in a form"),
    pytest.param(list_jobs, id="a flattened list in the query"),
]


@pytest.mark.parametrize("keys", [pytest.param(KEYS, id="own"), pytest.param(TEMPORARY, id="temporary")])
@pytest.mark.parametrize("call", CALLS)
def test_the_signature_of_an_sdk_request_is_the_one_we_make_of_it(
    server: Served, call: Callable[[Served, Credentials], None], keys: Credentials
) -> None:
    call(server, keys)
    asked = server.asked[0]
    sent = {name.lower(): value for name, value in asked.headers.items()}
    names = sent["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")

    ours = authorization(keys.key, keys.secret, _query(asked), {name: sent[name] for name in names}, asked.body)

    assert ours == sent["authorization"]


@pytest.mark.parametrize("keys", [pytest.param(KEYS, id="own"), pytest.param(TEMPORARY, id="temporary")])
@pytest.mark.parametrize("call", CALLS)
def test_our_request_has_the_query_and_body_of_the_sdk_byte_by_byte_and_its_signed_headers(
    server: Served, call: Callable[[Served, Credentials], None], keys: Credentials
) -> None:
    call(server, keys)
    asked = server.asked[0]
    sent = {name.lower(): value for name, value in asked.headers.items()}
    at = datetime.strptime(sent["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    fields = dict(parse_qsl(asked.body.decode())) if asked.body else None
    named = Call(f"127.0.0.1:{server.port}", sent["x-acs-action"], sent["x-acs-version"], _query(asked), fields)

    ours = signed(named, keys, at, sent["x-acs-signature-nonce"])

    assert ours.query == urlsplit(asked.path).query
    assert ours.body == asked.body
    optional = {"user-agent", "x-acs-credentials-provider", "authorization", "accept-encoding", "content-length"}
    optional |= {"connection"}
    assert {k: v for k, v in ours.headers.items() if k != "Authorization"} == {
        name: value for name, value in sent.items() if name not in optional
    }


def _query(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(asked.path).query))


def test_lists_are_counted_from_1_and_nothing_is_sent_for_null() -> None:
    found = flat({"Servers": [{"Port": 80, "Ip": None}, {"Port": 81}], "DryRun": True, "Ids": ["a"], "Gone": None})

    assert found == {"Servers.1.Port": "80", "Servers.2.Port": "81", "DryRun": "true", "Ids.1": "a"}


def test_a_form_is_sorted_and_writes_a_space_as_a_plus() -> None:
    assert form({"b": "x y", "a": "~/"}) == b"a=~%2F&b=x+y"

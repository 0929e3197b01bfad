"""What only the Tencent driver has: its signature, how it names a backend, and answers that are not what they seem."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tencentcloud.clb.v20180317 import models
from tencentcloud.clb.v20180317.clb_client import ClbClient
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.tencent.access.api import Api
from migrator.adapters.balancers.tencent.access.signature import authorization
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.adapters.balancers.tencent.rows import elements
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.adapters.served import Asked, Reply, serving
from tests.contracts.rigs.tencent import LISTENERS, driver
from tests.lab.clouds.world import Process

KEY = "canary-key-that-must-not-be-shown"
TOKEN = "canary-token-that-must-not-be-shown"
SECRET_ID = "canary-id-that-must-not-be-shown"
CREDENTIALS = Credentials(SECRET_ID, KEY, TOKEN)
SPEC = BalancerSpec("tencent", "lb-1", (ListenerSpec("lbl-1", 80),), region="ap-guangzhou")


def reply(**response: Any) -> Reply:
    return Reply(body=json.dumps({"Response": {"RequestId": "r-1", **response}}).encode())


def tencent(url: str) -> Tencent:
    return Tencent(Api(url, SPEC.region, lambda: CREDENTIALS), SPEC)


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    """The emulator."""
    made = Process()
    yield made
    made.close()


# --- signature ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listeners", [[], ["lbl-1"], ["lbl-ü", 'a"b']], ids=str)
def test_our_signature_is_byte_for_byte_the_official_sdks(listeners: list[str]) -> None:
    """The SDK signs a request of its own; from its body, host and time we must come to the same header."""
    with serving(lambda _: reply(Listeners=[])) as served:
        http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{served.port}")
        http.proxy = None
        client = ClbClient(credential.Credential("an-id", "a-key"), "ap-x", ClientProfile(httpProfile=http))
        request = models.DescribeTargetsRequest()
        request.from_json_string(json.dumps({"LoadBalancerId": "lb-1", "ListenerIds": listeners}))
        client.DescribeTargets(request)
        (asked,) = served.asked
    at = datetime.fromtimestamp(int(asked.headers["X-TC-Timestamp"]), UTC)

    ours = authorization("an-id", "a-key", asked.headers["Host"], asked.body, at)

    assert ours == asked.headers["Authorization"]


def test_our_request_carries_the_headers_that_the_sdks_does() -> None:
    with serving(lambda _: reply(Listeners=[], LoadBalancers=[])) as served:
        tencent(served.url).targets()
    asked = served.asked[0]

    assert asked.headers["X-TC-Version"] == "2018-03-17"
    assert asked.headers["X-TC-Region"] == "ap-guangzhou"
    assert asked.headers["X-TC-Token"] == TOKEN
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Host"] == f"127.0.0.1:{served.port}"


# --- redaction ----------------------------------------------------------------------------------------------------


def echo(asked: Asked) -> Reply:
    """An API that quotes everything it was sent, in a refusal."""
    said = f"I got {asked.headers} and {asked.body!r}, signed by {KEY}"
    return reply(Error={"Code": "AuthFailure.SignatureFailure", "Message": said})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(echo, id="an API that quotes it"),
        pytest.param(lambda _: Reply(drop=True), id="no answer"),
        pytest.param(lambda _: Reply(cut=True), id="half an answer"),
        pytest.param(lambda _: Reply(status=502, body=KEY.encode()), id="a proxy in between"),
        pytest.param(lambda _: reply(Error={"Code": "InternalError", "Message": TOKEN}), id="a failure of theirs"),
    ],
)
def test_no_secret_is_in_an_error_its_causes_a_repr_or_a_log(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    with serving(answer) as served, caplog.at_level(logging.DEBUG):
        made = tencent(served.url)
        with pytest.raises((Refused, Unreachable)) as no:
            made.set_weights(SetWeights((Weighted(Backend("lbl-1", "10.0.0.1", 80), 1),)))
    words = [repr(made), repr(CREDENTIALS), str(vars(made)), caplog.text]
    seen: BaseException | None = no.value
    while seen is not None:
        words += [str(seen), repr(seen)]
        seen = seen.__cause__ or seen.__context__

    for secret in (KEY, TOKEN, SECRET_ID):
        assert secret not in "\n".join(words)


# --- answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error", "wait"),
    [
        pytest.param(
            reply(Error={"Code": "RequestLimitExceeded.UinLimitExceeded", "Message": ""}),
            Unreachable,
            1.0,
            id="throttled",
        ),
        pytest.param(
            reply(Error={"Code": "FailedOperation.ResourceInOperating", "Message": ""}), Unreachable, 0.5, id="busy"
        ),
        pytest.param(
            reply(Error={"Code": "InternalError", "Message": ""}), Unreachable, None, id="their failure, perhaps done"
        ),
        pytest.param(Reply(status=502, body=b"<html>"), Unreachable, None, id="a gateway in between"),
        pytest.param(Reply(status=500, body=b"{}"), Unreachable, None, id="no response in it"),
        pytest.param(Reply(drop=True), Unreachable, None, id="dropped"),
        pytest.param(reply(Error={"Code": "UnauthorizedOperation", "Message": ""}), Refused, None, id="not allowed"),
        pytest.param(reply(Error={"Code": "LimitExceeded", "Message": ""}), Refused, None, id="a quota"),
        pytest.param(
            reply(Error={"Code": "AuthFailure.SignatureExpire", "Message": ""}), Refused, None, id="a clock that is off"
        ),
    ],
)
def test_every_kind_of_error_is_told_apart_and_nothing_is_sent_twice(
    answer: Reply, error: type[Exception], wait: float | None
) -> None:
    with serving(lambda _: answer) as served, pytest.raises(error) as said:
        tencent(served.url).set_weights(SetWeights((Weighted(Backend("lbl-1", "10.0.0.1", 80), 1),)))

    assert getattr(said.value, "retry_after", None) == wait
    assert len(served.asked) == 1


def test_a_poll_that_is_not_allowed_is_refused_and_not_called_lost() -> None:
    with (
        serving(lambda _: reply(Error={"Code": "UnauthorizedOperation", "Message": ""})) as served,
        pytest.raises(Refused),
    ):
        tencent(served.url).poll(Op("tencent", "r-1"))


def test_reads_go_by_twenty_listeners_as_the_api_takes_them() -> None:
    spec = BalancerSpec("tencent", "lb-1", tuple(ListenerSpec(f"lbl-{at}", 80 + at) for at in range(45)))
    with serving(lambda _: reply(Listeners=[], LoadBalancers=[])) as served:
        Tencent(Api(served.url, "", lambda: CREDENTIALS), spec).targets()

    assert [len(json.loads(asked.body)["ListenerIds"]) for asked in served.asked] == [20, 20, 5] * 2


# --- rows ---------------------------------------------------------------------------------------------------------


def test_a_target_bound_by_instance_is_weighed_and_removed_by_its_instance(process: Process) -> None:
    """The API refuses such a target by its address: the emulator, like Tencent, knows it by the name it was bound with."""
    row = {"address": "10.9.0.1", "port": 8080, "weight": 10, "instance_id": "ins-1"}
    balancer = process.balancer({"targets": [row]}, {}, instances={"ins-1": "10.9.0.1"})
    made = driver(balancer)
    (target,) = made.targets()
    made.set_weights(SetWeights((Weighted(target.backend, 0),)))
    balancer.settle()
    planned = Backend("lbl-1", "10.9.0.1", 8080)  # a plan knows no instance id
    made.deregister(Deregister((planned,)))

    assert target.backend.ref == "ins-1"
    assert made.targets() == ()


def test_an_element_holds_at_most_fifty_rows_and_keeps_the_order_of_each_listener() -> None:
    rows = [Weighted(Backend(LISTENERS[at % 2], f"10.0.0.{at}", 80), at % 100) for at in range(240)]
    found = list(elements(rows))

    assert [len(group) for _, group in found] == [50, 50, 20] * 2
    for listener in LISTENERS:
        ours = [row for name, group in found if name == listener for row in group]
        assert ours == [row for row in rows if row.backend.listener == listener]


def test_a_listener_that_is_not_there_is_found_before_a_run(process: Process) -> None:
    made = driver(process.balancer({}))

    assert "balancer.no-listener" in {finding.code for finding in made.findings()}


def test_the_refusal_of_an_unknown_listener_names_those_that_there_are(process: Process) -> None:
    balancer = process.balancer({})
    made = Tencent(driver(balancer)._api, BalancerSpec("tencent", balancer.id, (ListenerSpec("lbl-typo", 80),)))

    with pytest.raises(Refused) as refusal:
        made.targets()

    said = refusal.value.message
    assert (said.code, said["listeners"]) == ("tencent.no-listener", ("lbl-typo",))
    assert str(said["there"]).startswith("('lbl-1 (")


def test_registering_what_is_there_makes_no_write_at_all(process: Process) -> None:
    balancer = process.balancer({"targets": [{"address": "10.9.0.2", "port": 80, "weight": 7}]}, {})
    driver(balancer).register(Register((Backend("lbl-1", "10.9.0.2", 80),)))

    assert balancer.log("call") == []


def test_the_balancers_first_address_is_what_clients_dial(process: Process) -> None:
    assert driver(process.balancer({}, {})).address() == "127.0.0.1"

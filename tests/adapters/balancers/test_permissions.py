"""What the drivers say at plan time of our right to write and of room for both sides, before the emulators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from migrator.adapters.balancers import profile_of
from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.access.api import Api, Product
from migrator.adapters.balancers.aliyun.nlb.permissions import tried, verdict
from migrator.adapters.balancers.aliyun.nlb.rows import Row
from migrator.adapters.balancers.aliyun.servers import Server
from migrator.adapters.balancers.permissions import Tried, Verdict, of_permissions
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json
from tests.adapters.balancers.aliyun.clb.test_driver import driver as clb
from tests.adapters.balancers.aliyun.nlb.test_driver import driver as nlb
from tests.adapters.served import Reply, serving
from tests.contracts.rigs.tencent import driver as tencent
from tests.lab.clouds.world import Process

pytestmark = pytest.mark.lab
TWO = [{"address": f"10.1.0.{at}", "port": 80, "weight": 5} for at in (1, 2)]


def writes_of(provider: str) -> tuple[str, ...]:
    rights = profile_of(provider).rights
    assert rights
    return rights.writes


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    made = Process()
    yield made
    made.close()


def about_permission(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {each.code: each for each in findings if each.code.startswith("balancer.permission")}


# --- NLB: its own dry run ---------------------------------------------------------------------------------------------


def test_nlbs_dry_run_proves_the_right_to_every_write_and_changes_nothing(process: Process) -> None:
    balancer = process.balancer({"targets": TWO})
    one = nlb(balancer)
    before = one.targets()

    found = about_permission(one.findings())

    assert list(found) == ["balancer.permission"]
    assert all(action in found["balancer.permission"]["actions"] for action in writes_of("aliyun-nlb"))
    assert one.targets() == before
    assert balancer.log("call") == []


@pytest.mark.parametrize("action", [each.split(":")[1] for each in writes_of("aliyun-nlb")])
def test_an_nlb_write_that_is_denied_blocks_the_plan_by_its_name(process: Process, action: str) -> None:
    balancer = process.balancer({"targets": TWO})
    balancer.faults(denied=[action])

    found = about_permission(nlb(balancer).findings())

    assert list(found) == ["balancer.permission-denied"]
    assert found["balancer.permission-denied"].severity is Severity.BLOCK
    assert f"nlb:{action}" in found["balancer.permission-denied"]["actions"]
    assert "Forbidden.NoPermission" in str(found["balancer.permission-denied"]["answers"])


def test_a_group_without_servers_proves_nothing(process: Process) -> None:
    assert list(about_permission(nlb(process.balancer({})).findings())) == ["balancer.permission-unproven"]


def row(port: int = 80, weight: int = 7) -> Row:
    server = Server("Ip", "10.1.0.1")
    return Row(Backend("80", "10.1.0.1", port, str(server)), server, weight, "theirs", "Available")


class Recording:
    """An API that answers every dry run alike, and keeps what it was asked."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.asked: dict[str, Any] = {}

    def dry_run(self, action: str, **parameters: Json) -> str:
        self.asked[action] = parameters["Servers"]
        if not self.code:
            raise Unreachable(verbatim("no answer"))
        return self.code


def test_what_is_tried_would_change_nothing_even_if_the_flag_were_overlooked() -> None:
    api = Recording("DryRunOperation")
    tried(api, "sgp-1", [row(), row(port=65535)])
    (added,), (weighed,), (removed,) = api.asked.values()

    assert list(api.asked) == [each.split(":")[1] for each in writes_of("aliyun-nlb")]
    assert added == weighed
    assert (weighed["Port"], weighed["Weight"], weighed["Description"]) == (80, 7, "theirs")
    assert removed["Port"] == 65534


def test_a_dry_run_that_is_not_answered_proves_nothing() -> None:
    assert {each.verdict for each in tried(Recording(""), "sgp-1", [row()])} == {Verdict.UNKNOWN}


@pytest.mark.parametrize(
    ("code", "means"),
    [
        ("DryRunOperation", Verdict.MAY),
        ("OK", Verdict.MAY),
        ("ResourceInUse.Server", Verdict.MAY),
        ("ResourceNotFound.BackendServer", Verdict.MAY),
        ("QuotaExceeded.QuotaInsufficient", Verdict.MAY),
        ("Forbidden.NoPermission", Verdict.DENIED),
        ("NoPermission", Verdict.DENIED),
        ("Throttling.User", Verdict.UNKNOWN),
        ("IncorrectStatus.serverGroup", Verdict.UNKNOWN),
        ("HTTP 502", Verdict.UNKNOWN),
    ],
)
def test_codes_of_a_dry_run_are_read(code: str, means: Verdict) -> None:
    assert verdict(code) is means


def test_what_is_denied_unknown_and_allowed_are_told_apart() -> None:
    mixed = [
        Tried("a:One", Verdict.MAY),
        Tried("a:Two", Verdict.UNKNOWN, "asked later"),
        Tried("a:Two", Verdict.UNKNOWN),
    ]

    assert [each.code for each in of_permissions("lb", mixed)] == [
        "balancer.permission-unproven",
        "balancer.permission",
    ]
    assert [each.code for each in of_permissions("lb", [Tried("a:Two", Verdict.DENIED, "no"), *mixed[:1]])] == [
        "balancer.permission-denied"
    ]


# --- the others: no dry run --------------------------------------------------------------------------------------------


def test_a_cloud_without_a_dry_run_says_so_and_names_the_writes(process: Process) -> None:
    balancer = process.balancer({"targets": TWO}, {"targets": TWO})

    for one, provider in ((tencent(balancer), "tencent"), (clb(balancer), "aliyun-clb")):
        (found,) = about_permission(one.findings()).values()
        assert found.code == "balancer.permission-unproven"
        assert all(action in found["actions"] for action in writes_of(provider))


# --- room --------------------------------------------------------------------------------------------------------------


def test_tencents_quota_is_asked_for_and_what_is_bound_is_counted(process: Process) -> None:
    balancer = process.balancer({"targets": TWO}, {"targets": TWO[:1]}, bind_quota=150)

    found = {quota.listeners: (quota.used, quota.limit) for quota in tencent(balancer).quotas()}

    assert found == {("lbl-1",): (2, 150), ("lbl-2",): (1, 150)}


def test_a_quota_that_may_not_be_asked_for_is_unknown(process: Process) -> None:
    balancer = process.balancer({"targets": TWO}, {"targets": TWO})
    balancer.faults(denied=["DescribeQuota"])

    limits = {quota.limit for quota in tencent(balancer).quotas()}
    balancer.faults(denied=[])

    assert limits == {None}


def test_every_group_of_a_clb_fills_its_quota_together(process: Process) -> None:
    (quota,) = clb(process.balancer({"targets": TWO}, {"targets": TWO[:1]})).quotas()

    assert (quota.used, quota.limit) == (3, 200)


def test_a_group_of_an_nlb_and_the_nlb_itself_have_a_quota(process: Process) -> None:
    balancer = process.balancer({"targets": TWO}, {"targets": TWO[:1]})

    assert [(quota.used, quota.limit) for quota in nlb(balancer).quotas()] == [(2, 400), (1, 400), (3, 400)]
    assert len(nlb(balancer, str(balancer.ports[0])).quotas()) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(Reply(400, b'{"Code": "DryRunOperation"}'), "DryRunOperation", id="it would be carried out"),
        pytest.param(Reply(403, b'{"Code": "Forbidden.NoPermission"}'), "Forbidden.NoPermission", id="denied"),
        pytest.param(Reply(200, b'{"JobId": "j-1"}'), "OK", id="carried out although it was to be tried"),
        pytest.param(Reply(502, b"[]"), "HTTP 502", id="somebody in between"),
        pytest.param(Reply(200, b"[]"), "HTTP 200", id="no object"),
    ],
)
def test_a_dry_run_gives_the_code_that_was_answered(answer: Reply, code: str) -> None:
    with serving(lambda _: answer) as served:
        api = Api(Product("Aliyun NLB", "2022-04-30", served.url, "lab"), Chain(lambda: Credentials("id", "key")))

        assert api.dry_run("AddServersToServerGroup", ServerGroupId="sgp-1", Servers=[{"Port": 80}]) == code
        assert b"DryRun=true" in served.asked[0].body


def test_a_dry_run_without_an_answer_is_unreachable() -> None:
    with serving(lambda _: Reply(drop=True)) as served:
        api = Api(Product("Aliyun NLB", "2022-04-30", served.url, "lab"), Chain(lambda: Credentials("id", "key")))

        with pytest.raises(Unreachable):
            api.dry_run("AddServersToServerGroup")

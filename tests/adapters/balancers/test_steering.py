"""What each driver reads of a listener's settings, cell by cell: a change of any of them by another hand is seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers.aliyun.clb import findings as clb
from migrator.adapters.balancers.aliyun.nlb import findings as nlb
from migrator.adapters.balancers.aws import findings as aws
from migrator.adapters.balancers.aws.listeners import Listener, listener_of
from migrator.adapters.balancers.exec.driver import Command
from migrator.adapters.balancers.haproxy.findings import kept_by
from migrator.adapters.balancers.haproxy.rows import Section, sections
from migrator.adapters.balancers.ipvs.findings import Host, switches
from migrator.adapters.balancers.ipvs.table import idle_seconds
from migrator.adapters.balancers.process import Ended
from migrator.adapters.balancers.tencent import findings as tencent
from migrator.domain.balancers.settings import Steering
from migrator.domain.drift.surroundings import listeners_moved
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message
from migrator.domain.model.spec import BalancerSpec, ListenerSpec

GROUP = {aws.STICKY: "false", aws.PROXY: "false", aws.CLIENT_IP: "true", aws.CUTS: "false"}
NLB_GROUP: dict[str, Any] = {"Scheduler": "Wrr", "ConnectionDrainEnabled": False, "PreserveClientIpEnabled": True}
NLB_PORT: dict[str, Any] = {"IdleTimeout": 900, "ProxyProtocolEnabled": False, "ProxyProtocolV2Config": {}}
CLB: dict[str, Any] = {
    "Scheduler": "wrr", "PersistenceTimeout": 0, "EstablishedTimeout": 900, "ProxyProtocolV2Enabled": False,
    "ConnectionDrain": "off",
}  # fmt: skip
CLS: dict[str, Any] = {"Scheduler": "WRR", "SessionExpireTime": 0, "IdleConnectTimeout": 900, "AttrFlags": []}


def of_aws(new: dict[str, str] | None = None, old: dict[str, str] | None = None, idle: str = "350") -> Steering:
    return aws.steering_of(Listener("80", "arn", "TCP", ()), [GROUP | (new or {}), GROUP | (old or {})], idle)


def of_nlb(group: dict[str, Any] | None = None, *ports: dict[str, Any]) -> Steering:
    return nlb.steering_of("80", NLB_GROUP | (group or {}), [NLB_PORT | port for port in ports or ({},)])


def of_clb(**changes: Any) -> Steering:
    return clb.steering_of("80", CLB | changes)


def of_tencent(**changes: Any) -> Steering:
    return tencent.steering_of("l", CLS | changes, CLS | changes)


CELLS: list[Any] = [
    pytest.param(of_aws(), of_aws({aws.STICKY: "true"}), "sticky", id="aws: stickiness of the new group"),
    pytest.param(
        of_aws(), of_aws(None, {aws.PROXY: "true"}), "proxy_protocol", id="aws: PROXY protocol of the old group"
    ),
    pytest.param(of_aws(), of_aws({aws.PROXY: "true"}), "proxy_protocol", id="aws: PROXY protocol of the new group"),
    pytest.param(of_aws(), of_aws(idle="60"), "idle", id="aws: idle time"),
    pytest.param(of_aws(), of_aws({aws.CLIENT_IP: "false"}), "switches", id="aws: clients' addresses"),
    pytest.param(of_nlb(), of_nlb({"Scheduler": "sch"}), "scheduler", id="aliyun-nlb: scheduler"),
    pytest.param(of_nlb(), of_nlb(None, {"IdleTimeout": 10}), "idle", id="aliyun-nlb: idle time"),
    pytest.param(
        of_nlb(), of_nlb(None, {"ProxyProtocolEnabled": True}), "proxy_protocol", id="aliyun-nlb: PROXY protocol"
    ),
    pytest.param(
        of_nlb(None, {"ProxyProtocolEnabled": True}),
        of_nlb(None, {"ProxyProtocolEnabled": True, "ProxyProtocolV2Config": {"Ppv2VpcIdEnabled": True}}),
        "proxy_protocol",
        id="aliyun-nlb: what PROXY protocol carries",
    ),
    pytest.param(of_nlb(), of_nlb({"ConnectionDrainEnabled": True}), "switches", id="aliyun-nlb: removal cuts"),
    pytest.param(
        of_nlb(None, {}, {}), of_nlb(None, {}, {"IdleTimeout": 10}), "idle", id="aliyun-nlb: one of two ports"
    ),
    pytest.param(of_clb(), of_clb(EstablishedTimeout=10), "idle", id="aliyun-clb: idle time"),
    pytest.param(of_clb(), of_clb(PersistenceTimeout=60), "sticky", id="aliyun-clb: persistence"),
    pytest.param(of_clb(), of_clb(ProxyProtocolV2Enabled=True), "proxy_protocol", id="aliyun-clb: PROXY protocol"),
    pytest.param(of_clb(), of_clb(ConnectionDrain="on"), "switches", id="aliyun-clb: removal cuts"),
    pytest.param(of_tencent(), of_tencent(IdleConnectTimeout=10), "idle", id="tencent: idle time"),
    pytest.param(of_tencent(), of_tencent(AttrFlags=["SomeFlag"]), "switches", id="tencent: any flag"),
    pytest.param(of_tencent(), of_tencent(DeregisterTargetRst=True), "switches", id="tencent: removal resets"),
]


@pytest.mark.parametrize(("was", "now", "field"), CELLS)
def test_a_setting_that_was_changed_is_told_by_its_name(was: Steering, now: Steering, field: str) -> None:
    (found,) = listeners_moved((was,), (now,))

    changes = found["changes"]
    assert isinstance(changes, tuple)
    assert [change["name"] for change in changes if isinstance(change, Message)] == [field]
    assert listeners_moved((was,), (was,)) == ()


def test_a_listener_that_keeps_clients_on_a_group_is_sticky_whatever_its_groups_are() -> None:
    forward: Any = {"Type": "forward", "ForwardConfig": {"TargetGroupStickinessConfig": {"Enabled": True}}}

    assert aws.steering_of(listener_of("80", {"DefaultActions": [forward]}), [GROUP], "").sticky == "false, listener"


def test_flags_that_are_not_listed_are_not_compared() -> None:
    assert (of_tencent(AttrFlags=None).switches, of_tencent().switches) == ("", "none")


@pytest.mark.parametrize(
    ("cookie", "tables", "kept"),
    [("", "", "none"), ("c", "", "cookie"), ("", "# table: web, type: ip, size:9\n", "table")],
)
def test_what_keeps_a_client_on_a_server_is_read_from_haproxy(cookie: str, tables: str, kept: str) -> None:
    columns = "# pxname,svname,scur,status,weight,bck,type,check_status,addr,cookie,algo,uweight,\n"
    found: Section = sections(
        f"{columns}web,a,3,UP,1,0,2,L4OK,10.0.0.1:80,{cookie},,40,\nweb,BACKEND,3,UP,41,,1,,,,roundrobin,41,\n"
    )["web"]

    assert kept_by(found, tables) == kept


def test_ipvs_says_when_it_forgets_an_idle_connection_or_nothing() -> None:
    assert idle_seconds("Timeout (tcp tcpfin udp): 900 120 300\n") == 900
    assert idle_seconds("ipvsadm: unrecognized option\n") is None


def test_of_the_machines_settings_those_are_read_that_are_there_and_none_of_another_machine(tmp_path: Path) -> None:
    (tmp_path / "conn_reuse_mode").write_text("1\n")

    assert switches(Host(tmp_path, ())) == "conn_reuse_mode=1"
    assert switches(None) == ""


def command(asked: list[str], can: dict[str, Any], rows: object) -> Command:
    def ended(text: str, reads: bool = False) -> Ended:
        verb = json.loads(text)["verb"]
        asked.append(verb)
        return Ended(0, json.dumps({"capabilities": can} if verb == "capabilities" else {"steering": rows}), "")

    return Command(ended, "my-balancer", BalancerSpec("exec", "lb", (ListenerSpec("web", 80),)))


def test_a_command_that_does_not_say_that_it_can_is_not_asked_how_listeners_are_set() -> None:
    asked: list[str] = []

    assert command(asked, {}, []).steering() == ()
    assert asked == ["capabilities"]


def test_a_command_that_can_says_how_its_listeners_are_set() -> None:
    rows = [{"listener": "web", "scheduler": "rr", "idle": "60 s", "proxyProtocol": "on"}]

    assert command([], {"saysSteering": True}, rows).steering() == (Steering("web", "rr", "", "on", "60 s"),)


@pytest.mark.parametrize("rows", [[{"scheduler": "rr"}], [{"listener": "web", "idle": 60}], {}])
def test_settings_that_are_not_the_protocol_are_no_settings(rows: object) -> None:
    with pytest.raises(Unreachable):
        command([], {"saysSteering": True}, rows).steering()

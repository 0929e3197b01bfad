"""What the driver finds before a run, and what it sends back of an action that it only wants other weights in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from migrator.adapters.balancers.aws.findings import Group, health_check_of, of_groups, of_listener, owned
from migrator.adapters.balancers.aws.listeners import Listener, listener_of
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import Severity
from migrator.domain.model.manifests import Json
from tests.words import text

OLD, NEW, OTHER = "arn:old", "arn:new", "arn:other"


def forward(weights: Mapping[str, int], sticky: bool = False) -> dict[str, Json]:
    groups: list[Json] = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    return {
        "Type": "forward",
        "Order": 1,
        "ForwardConfig": {"TargetGroups": groups, "TargetGroupStickinessConfig": {"Enabled": sticky}},
    }


def door(*actions: dict[str, Json]) -> Listener:
    return listener_of("80", {"ListenerArn": "arn:lsn", "Protocol": "TCP", "DefaultActions": list(actions)})


def group(name: str, elsewhere: tuple[str, ...] = (), attributes: Mapping[str, str] | None = None, **row: Any) -> Group:
    known = {"TargetGroupName": name, "Protocol": "TCP", "VpcId": "v", "TargetType": "ip", "IpAddressType": "ipv4"}
    return Group(known | row, attributes or {}, elsewhere)


REDIRECT: dict[str, Json] = {"Type": "redirect", "Order": 1, "RedirectConfig": {"StatusCode": "HTTP_301"}}


@pytest.mark.parametrize(
    ("found", "code"),
    [
        pytest.param(door(REDIRECT), "balancer.no-forward", id="redirects"),
        pytest.param(door(), "balancer.no-forward", id="does nothing"),
        pytest.param(door(forward({NEW: 1})), "balancer.no-forward", id="to the new group only"),
        pytest.param(door(forward({OLD: 1, OTHER: 1})), "balancer.several-groups", id="to two old groups"),
        pytest.param(door(forward({OLD: 1, NEW: 1})), "balancer.new-group-weighted", id="to the new group already"),
        pytest.param(door(forward({OLD: 1}, sticky=True)), "balancer.sticky", id="with stickiness"),
    ],
)
def test_an_action_whose_weights_cannot_move_blocks(found: Listener, code: str) -> None:
    (finding,) = of_listener(found, NEW, 0)

    assert (finding.code, finding.severity) == (code, Severity.BLOCK)


def test_an_action_in_order_has_no_finding() -> None:
    assert list(of_listener(door(forward({OLD: 7, NEW: 0})), NEW, 0)) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param(group("o"), group("n", Protocol="TLS"), "balancer.group-mismatch", id="protocol"),
        pytest.param(group("o"), group("n", VpcId="w"), "balancer.group-mismatch", id="VPC"),
        pytest.param(group("o"), group("n", IpAddressType="ipv6"), "balancer.group-mismatch", id="address type"),
        pytest.param(
            group("o"), group("n", LoadBalancerArns=["arn:theirs"]), "balancer.group-taken", id="another balancer"
        ),
        pytest.param(group("o", ("arn:443",)), group("n"), "balancer.shared-group", id="shared"),
        pytest.param(group("o"), group("n", TargetType="lambda"), "balancer.target-type", id="Lambda"),
        pytest.param(
            group("o", attributes={"preserve_client_ip.enabled": "true"}),
            group("n"),
            "balancer.client-ip",
            id="client's",
        ),
        pytest.param(
            group("o", attributes={"proxy_protocol_v2.enabled": "true"}),
            group("n"),
            "balancer.proxy-protocol",
            id="PROXY protocol for the old alone",
        ),
        pytest.param(
            group("o", attributes={"proxy_protocol_v2.enabled": "false"}),
            group("n", attributes={"proxy_protocol_v2.enabled": "true"}),
            "balancer.proxy-protocol",
            id="PROXY protocol for the new alone",
        ),
        pytest.param(
            group("o"),
            group("n", attributes={"load_balancing.cross_zone.enabled": "false"}),
            "balancer.zones",
            id="zones",
        ),
    ],
)
def test_groups_that_do_not_fit_are_found(old: Group, new: Group, code: str) -> None:
    (finding,) = of_groups(old, new, "arn:ours")

    assert finding.code == code
    assert text(finding.remedy)


def test_two_groups_of_our_own_balancer_that_agree_have_no_finding() -> None:
    assert list(of_groups(group("o"), group("n", LoadBalancerArns=["arn:ours"]), "arn:ours")) == []
    assert list(owned("lb", {"team": "edge"})) == []


def test_an_action_of_a_single_group_has_the_usual_weight() -> None:
    assert door({"Type": "forward", "TargetGroupArn": OLD}).forwards == {OLD: 1}


def test_other_weights_leave_everything_else_of_the_actions_as_it_was() -> None:
    """A client secret is never shown, so sending the action back without saying "keep it" would lose it."""
    oidc: dict[str, Json] = {
        "Type": "authenticate-oidc",
        "Order": 1,
        "AuthenticateOidcConfig": {"ClientId": "c", "Issuer": "https://i"},
    }
    last = {**forward({OLD: 1}), "Order": 2, "TargetGroupArn": OLD}

    sent = door(last, oidc).actions_with({OLD: 9, NEW: 1})

    assert sent == [
        {**oidc, "AuthenticateOidcConfig": {"ClientId": "c", "Issuer": "https://i", "UseExistingClientSecret": True}},
        {
            "Type": "forward",
            "Order": 2,
            "ForwardConfig": {
                "TargetGroups": [{"TargetGroupArn": OLD, "Weight": 9}, {"TargetGroupArn": NEW, "Weight": 1}],
                "TargetGroupStickinessConfig": {"Enabled": False},
            },
        },
    ]


def test_a_health_check_on_the_traffic_port_is_on_the_targets_own() -> None:
    row: dict[str, Json] = {"HealthCheckPort": "traffic-port", "HealthCheckIntervalSeconds": 10}

    assert health_check_of("80", row).port == 0
    assert health_check_of("80", {**row, "HealthCheckPort": "15021", "HealthCheckEnabled": False}).port == 15021


@pytest.mark.parametrize(
    "group", [{"TargetGroupArn": "a", "Weight": "many"}, {"TargetGroupArn": "a", "Weight": -1}, {"Weight": 5}]
)
def test_a_weight_that_cannot_be_read_is_no_answer_and_never_zero(group: dict[str, Json]) -> None:
    actions: list[Json] = [{"Type": "forward", "ForwardConfig": {"TargetGroups": [group]}}]

    with pytest.raises(Unreachable):
        assert listener_of("80", {"DefaultActions": actions}).forwards

"""The ELBv2 emulator as the official SDK sees it, and what its weights do to real connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.lab.clouds.aws.cloud import Elb, pooled
from tests.lab.clouds.world import SECRET, Balancer, Process, Server, until

pytestmark = pytest.mark.lab
CHECKED = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}


def got(balancer: Balancer, connections: int) -> Counter[str]:
    """Give who answered so many new connections."""
    return Counter(balancer.who() for _ in range(connections))


def test_a_group_gets_its_weights_share_however_many_targets_it_has(
    process: Process, server: Callable[..., Server]
) -> None:
    old, new = server("old"), [server("new"), server("new"), server("new")]
    balancer = pooled(process, {"targets": [old.target(1)]})
    elb = Elb(balancer)
    elb.forward({"old": 90, "new": 0})
    elb.register("new", *new)
    balancer.settle()
    assert got(balancer, 20) == {"old": 20}

    elb.forward({"old": 90, "new": 10})
    balancer.settle()

    assert got(balancer, 200) == {"old": 180, "new": 20}
    assert elb.weights() == {"old": 90, "new": 10}


def test_a_listener_changes_in_one_moment(process: Process, server: Callable[..., Server]) -> None:
    """From all on one group to all on the other, without one connection that finds nobody."""
    old, new = server("old"), server("new")
    balancer = pooled(process, {"targets": [old.target(1)]}, timings={"propagation_s": 0.05, "jitter_s": 0.04})
    elb = Elb(balancer)
    elb.forward({"old": 1, "new": 0})
    elb.register("new", new)
    balancer.settle()
    for weights in ({"old": 0, "new": 1}, {"old": 1, "new": 0}) * 3:
        elb.forward(weights)
        wanted = next(side for side, weight in weights.items() if weight)
        until(lambda wanted=wanted: balancer.who() == wanted)

    assert balancer.stats()["no_target"] == 0


def test_health_is_checked_once_a_listener_forwards_to_the_group(
    process: Process, server: Callable[..., Server]
) -> None:
    old, new = server("old"), server("new")
    elb = Elb(pooled(process, {"targets": [old.target(1)]}, health=CHECKED))
    elb.register("new", new)
    until(lambda: elb.health("old") == {old.text: "healthy"})
    assert elb.health("new") == {new.text: "unused"}

    elb.forward({"old": 1, "new": 0})

    assert elb.health("new")[new.text] in ("initial", "healthy")
    until(lambda: elb.health("new") == {new.text: "healthy"})
    new.close()
    until(lambda: elb.health("new") == {new.text: "unhealthy"})


def test_a_removed_target_drains_and_may_come_back(process: Process, server: Callable[..., Server]) -> None:
    old = server("old")
    balancer = pooled(process, {"targets": [old.target(1)]})
    elb = Elb(balancer)

    elb.deregister("old", old)
    elb.deregister("old", old)  # one that is not there is ignored
    assert elb.health("old") == {old.text: "draining"}
    elb.register("old", old)

    assert elb.health("old") == {old.text: "unavailable"}  # checks are off here
    balancer.settle()
    assert balancer.who() == "old"


def test_a_group_that_is_forwarded_to_no_more_keeps_its_targets_to_itself(
    process: Process, server: Callable[..., Server]
) -> None:
    old, new = server("old"), server("new")
    balancer = pooled(process, {"targets": [old.target(1)]})
    elb = Elb(balancer)
    elb.forward({"old": 1, "new": 1})
    elb.register("new", new)

    elb.forward({"old": 1})

    balancer.settle()
    assert got(balancer, 10) == {"old": 10}
    assert elb.health("new") == {new.text: "unused"}


def test_somebody_elses_hand_on_a_target_is_one_on_its_group(process: Process, server: Callable[..., Server]) -> None:
    one, two = server("one"), server("two")
    balancer = pooled(process, {"targets": [one.target(5), two.target(5)]})
    balancer.faults(outside={"weights": {f"lbl-1/{one.text}": 77}})

    until(lambda: Elb(balancer).weights() == {"old": 77})


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ({"throttle_s": 60.0}, (400, "Throttling")),
        ({"error_s": 60.0}, (500, "InternalFailure")),
        ({"denied": ["ModifyListener"]}, (403, "AccessDenied")),
    ],
)
def test_faults_are_answered_as_the_api_answers(process: Process, order: dict[str, object], found: object) -> None:
    balancer = pooled(process)
    elb = Elb(balancer)
    listener, group = elb.listener(), elb.group("old")
    balancer.faults(**order)
    action = {"Type": "forward", "TargetGroupArn": group}

    assert elb.refused("modify_listener", ListenerArn=listener, DefaultActions=[action]) == found


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        pytest.param({"old": 1000}, "ValidationError", id="a weight above 999"),
        pytest.param({"old": -1}, "ValidationError", id="a weight below 0"),
    ],
)
def test_weights_out_of_range_are_refused(process: Process, weights: dict[str, int], code: str) -> None:
    elb = Elb(pooled(process))
    groups = [{"TargetGroupArn": elb.group(side), "Weight": weight} for side, weight in weights.items()]
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}

    refused = elb.refused("modify_listener", ListenerArn=elb.listener(), DefaultActions=[action])

    assert refused == (400, code)


def test_an_unknown_resource_is_not_found(process: Process) -> None:
    elb = Elb(pooled(process))
    strange = elb.group("old").replace("targetgroup/", "targetgroup/x")

    assert elb.refused("describe_target_health", TargetGroupArn=strange) == (400, "TargetGroupNotFound")
    assert elb.refused("describe_target_groups", Names=["x"]) == (400, "TargetGroupNotFound")
    assert elb.refused("describe_listeners", ListenerArns=[f"{elb.arn}x"]) == (400, "ListenerNotFound")
    assert elb.refused("describe_load_balancers", Names=["x"]) == (400, "LoadBalancerNotFound")
    assert elb.refused("describe_account_limits") == (400, "InvalidAction")


def test_a_sticky_group_needs_a_sticky_action_and_attributes_are_kept(process: Process) -> None:
    elb = Elb(pooled(process))
    old = elb.group("old")
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}]
    elb.client.modify_target_group_attributes(TargetGroupArn=old, Attributes=sticky)
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": old, "Weight": 1}]}}

    found = elb.client.describe_target_group_attributes(TargetGroupArn=old)["Attributes"]
    assert {"Key": "stickiness.enabled", "Value": "true"} in found
    refused = elb.refused("modify_listener", ListenerArn=elb.listener(), DefaultActions=[action])
    assert refused == (400, "InvalidConfigurationRequest")
    elb.forward({"old": 1}, TargetGroupStickinessConfig={"Enabled": True, "DurationSeconds": 60})


@pytest.mark.parametrize(
    ("secret", "code"),
    [(("nobody", SECRET[1]), "InvalidClientTokenId"), ((SECRET[0], "wrong"), "SignatureDoesNotMatch")],
)
def test_a_wrong_signature_is_refused(process: Process, secret: tuple[str, str], code: str) -> None:
    assert Elb(pooled(process), secret).refused("describe_load_balancers") == (403, code)

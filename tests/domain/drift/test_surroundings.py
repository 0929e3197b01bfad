"""What surrounds both sides: nodes that come and go are told, a listener that is set otherwise holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.drift.configuration import MOST_LINES, differing
from migrator.domain.drift.surroundings import listeners_moved, nodes_moved
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.nodes import Host, Taint

A, B = Host("a", "10.0.0.1"), Host("b", "10.0.0.2")
CHECK = HealthCheck("l-1")
TOLERATION: Manifest = {"key": "edge", "operator": "Exists"}

NODES: list[Any] = [
    pytest.param((A, B), [], id="all as planned"),
    pytest.param((A, B, Host("c", "10.0.0.3")), ["drift.nodes-came nodes=[c]"], id="one came"),
    pytest.param((A,), ["drift.nodes-left nodes=[b]"], id="one left"),
    pytest.param((A, replace(B, cordoned=True)), ["drift.nodes-cordoned nodes=[b]"], id="one is closed to pods"),
    pytest.param(
        (A, replace(B, taints=(Taint("gpu", "yes", "NoSchedule"), Taint("soft", "", "PreferNoSchedule")))),
        ["drift.node-tainted node=b taints=[gpu=yes:NoSchedule]"],
        id="one has a new taint",
    ),
    pytest.param((A, replace(B, taints=(Taint("edge", "", "NoExecute"),))), [], id="one that the new pods tolerate"),
    pytest.param(
        (A, replace(B, cordoned=True, leaving=verbatim("tainted"))),
        [f"drift.node-leaves node=b why=({verbatim('tainted')})"],
        id="one is about to go",
    ),
    pytest.param((A, B, Host("c", "", cordoned=True)), ["drift.nodes-came nodes=[c]"], id="a new one is closed"),
]


@pytest.mark.parametrize(("hosts", "said"), NODES)
def test_what_became_of_the_nodes_is_told_by_name(hosts: tuple[Host, ...], said: list[str]) -> None:
    assert [str(each) for each in nodes_moved({"a", "b"}, hosts, [TOLERATION])] == said


@pytest.mark.parametrize(
    ("field", "value"), [("interval", 9.0), ("port", 8080), ("path", "/x"), ("enabled", False), ("unhealthy", 5)]
)
def test_a_listener_whose_health_check_was_changed_is_told_with_both_values(field: str, value: object) -> None:
    (found,) = listeners_moved((CHECK,), (replace(CHECK, **{field: value}),))  # type: ignore[arg-type]

    assert (found.code, found.subject) == ("drift.listener", "l-1")
    assert found["changes"] == (say("drift.setting", name=field, was=getattr(CHECK, field), now=value),)


def test_a_listener_that_is_as_it_was_or_that_the_plan_does_not_know_is_no_drift() -> None:
    assert listeners_moved((CHECK,), (CHECK, HealthCheck("l-2", port=1))) == ()


def test_one_name_with_several_settings_is_compared_with_all_of_them_in_any_order() -> None:
    """Two of the balancer's listeners may lead to the group that the plan names once, each with its own settings."""
    one, two, changed = HealthCheck("l-1", port=1), HealthCheck("l-1", port=2), HealthCheck("l-1", port=3)

    assert listeners_moved((one, two), (two, one)) == ()
    (found,) = listeners_moved((one, two), (changed, one))
    assert found["changes"] == (say("drift.setting", name="port", was=2, now=3),)


def test_gateways_with_the_same_lines_are_one_finding_and_long_lists_are_cut() -> None:
    lines = tuple(say("config.extra", unit=f"u{i}", path="", new="x", by="") for i in range(MOST_LINES + 2))

    found = differing([("a", lines), ("b", lines), ("c", lines[:1])])

    assert [each.subject for each in found] == [
        say("subject.gateways", names=("a", "b")),
        say("subject.gateways", names=("c",)),
    ]
    assert found[0]["lines"] == lines[:MOST_LINES]
    assert (found[0]["more"], found[1]["more"]) == (2, 0)

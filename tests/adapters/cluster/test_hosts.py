"""Nodes as the cluster shows them: ready, cordoned, about to go, and by whose word."""

from __future__ import annotations

import pytest

from migrator.adapters.cluster.hosts import host_of
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.observation.nodes import LEAVING, Host
from tests.domain.seen import at

TAINTS = [
    pytest.param("ToBeDeletedByClusterAutoscaler", True, id="the autoscaler"),
    pytest.param("DeletionCandidateOfClusterAutoscaler", False, id="only a candidate of it"),
    pytest.param("karpenter.sh/disrupted", True, id="Karpenter"),
    pytest.param("aws-node-termination-handler/spot-itn", True, id="a spot notice"),
    pytest.param("aws-node-termination-handler/rebalance-recommendation", False, id="only advice"),
    pytest.param("node.kubernetes.io/unschedulable", False, id="cordoned"),
    pytest.param(LEAVING, True, id="an operator"),
]


@pytest.mark.parametrize(("key", "leaves"), TAINTS)
def test_a_node_leaves_by_the_taints_of_those_who_remove_nodes(key: str, leaves: bool) -> None:
    taints: list[Json] = [{"key": "role", "effect": "NoSchedule"}, {"key": key, "effect": "NoSchedule"}]

    assert bool(host_of({"metadata": {"name": "n"}, "spec": {"taints": taints}}).leaving) is leaves


@pytest.mark.parametrize(
    ("node", "host"),
    [
        pytest.param(
            {
                "metadata": {"name": "n"},
                "spec": {"unschedulable": True},
                "status": {
                    "addresses": [{"type": "Hostname", "address": "n"}, {"type": "InternalIP", "address": "10.1.0.1"}],
                    "conditions": [
                        {"type": "Ready", "status": "Unknown", "lastTransitionTime": "2026-01-02T03:04:05Z"}
                    ],
                },
            },
            Host("n", "10.1.0.1", False, at(0), True, addresses=("10.1.0.1",)),
            id="cordoned and NotReady",
        ),
        pytest.param(
            {
                "metadata": {"name": "n", "deletionTimestamp": "2026-01-02T03:04:05Z"},
                "status": {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "yesterday"}]},
            },
            Host("n", "", leaving=say("node.deleted")),
            id="being deleted, with an odd time",
        ),
    ],
)
def test_a_node_is_read(node: Manifest, host: Host) -> None:
    assert host_of(node) == host


@pytest.mark.parametrize(
    ("label", "leaves"),
    [
        pytest.param("node.kubernetes.io/exclude-from-external-load-balancers", True, id="taken out of balancers"),
        pytest.param("alpha.service-controller.kubernetes.io/exclude-balancer", True, id="by the older name"),
        pytest.param("node.kubernetes.io/instance-type", False, id="another label"),
    ],
)
@pytest.mark.parametrize("value", ["", "true", "false"])
def test_a_node_that_is_labelled_out_of_load_balancers_leaves_whatever_the_labels_value(
    label: str, leaves: bool, value: str
) -> None:
    found = host_of({"metadata": {"name": "n", "labels": {label: value}}})

    assert found.leaving == (say("node.excluded", label=label) if leaves else None)


@pytest.mark.parametrize(
    ("dialled", "address"),
    [
        pytest.param(("10.1.0.9",), "10.1.0.1", id="IPv4"),
        pytest.param(("fd00::9",), "fd00::1", id="IPv6"),
        pytest.param((), "fd00::1", id="nobody is dialled yet"),
    ],
)
def test_a_node_of_two_families_is_dialled_like_the_backends(dialled: tuple[str, ...], address: str) -> None:
    rows: list[Json] = [{"type": "InternalIP", "address": at} for at in ("fd00::1", "10.1.0.1")]
    found = host_of({"metadata": {"name": "n"}, "status": {"addresses": rows}})

    assert found.dialled_like(Backend("l", at, 80) for at in dialled).address == address


def test_a_node_without_an_address_of_that_family_has_none() -> None:
    only: Manifest = {
        "metadata": {"name": "n"},
        "status": {"addresses": [{"type": "InternalIP", "address": "10.1.0.1"}]},
    }

    assert host_of(only).dialled_like([Backend("l", "fd00::9", 80)]).address == ""
    assert Host("n", "").dialled_like([Backend("l", "fd00::9", 80)]) == Host("n", "")

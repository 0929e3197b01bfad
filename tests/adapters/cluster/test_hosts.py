"""Nodes as the cluster shows them: ready, cordoned, about to go, and by whose word."""

from __future__ import annotations

import pytest

from migrator.adapters.cluster.hosts import host_of
from migrator.domain.messages.message import say
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
            Host("n", "10.1.0.1", False, at(0), True),
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

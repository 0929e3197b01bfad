"""A second Deployment as a plan file says it: what may be said of it, and what becomes of it in the store."""

from __future__ import annotations

import pytest

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.model.pod_targets import PodTargets
from migrator.domain.model.target import Derived, Network
from migrator.store.codec.codec import decode, encode
from migrator.store.codec.tags import KINDS
from tests.adapters.planfile.broken import LAB

NAMED = LAB[LAB.index("    name: istio-ingressgateway-ds") : LAB.index("  gateway:")]
SECOND = "    kind: Deployment\n    name: istio-ingressgateway-v2\n"


def second(said: str = SECOND, more: str = "", source: str = "Deployment") -> str:
    """Give the lab's plan file with a second Deployment for a target."""
    return LAB.replace(NAMED, said + more + "\n").replace("kind: Deployment   ", f"kind: {source}   ", 1)


@pytest.mark.parametrize(("more", "replicas"), [("", 0), ("    replicas: 4\n", 4)])
def test_a_second_deployment_is_read_and_stored_as_it_was(more: str, replicas: int) -> None:
    found = read(second(more=more))

    assert found.target == Derived(
        "istio-ingressgateway-v2",
        Network.POD,
        harden=True,
        workload_kind="Deployment",
        pod_targets=PodTargets(replicas),
    )
    assert decode(encode(found), KINDS["spec"]) == found


def test_each_side_may_be_in_a_namespace_of_its_own() -> None:
    found = read(
        second(more="    namespace: edge\n").replace("kind: Deployment   ", "namespace: web\n    kind: Deployment ", 1)
    )

    assert (found.source.namespace, found.target.namespace) == ("web", "edge")
    assert decode(encode(found), KINDS["spec"]) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(second(more="    network: host\n"), "rule.of-deployment", id="a network"),
        pytest.param(second(more='    ports: {"8080": 80}\n'), "rule.of-deployment", id="other ports"),
        pytest.param(
            LAB.replace(NAMED, NAMED + "    replicas: 2\n"), "rule.replicas-of-daemonset", id="a number of pods"
        ),
        pytest.param(second(source="DaemonSet"), "rule.daemonset-to-deployment", id="made from a DaemonSet"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(text: str, code: str) -> None:
    with pytest.raises(PlanFileInvalid) as caught:
        read(text)

    assert [fault.code for finding in caught.value.findings for fault in [finding["fault"]]] == [code]

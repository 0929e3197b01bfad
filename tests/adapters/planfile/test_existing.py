"""A target that stands already, as a plan file says it: what may be said of it, and what becomes of it in the store."""

from __future__ import annotations

import pytest

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.model.change import Hand
from migrator.domain.model.target import Existing, PortMapping
from migrator.store.codec.codec import decode, encode
from migrator.store.codec.tags import KINDS
from tests.adapters.planfile.broken import LAB

NAMED = LAB[LAB.index("    name: istio-ingressgateway-ds") : LAB.index("  gateway:")]
STANDS = "    existing: {kind: DaemonSet, namespace: istio-gateways, name: edge-ds}\n"


def stands(said: str = STANDS, more: str = "") -> str:
    """Give the lab's plan file with a target that stands already."""
    text = LAB.replace(NAMED, said + more + "\n")
    assert text != LAB
    return text


def test_a_target_that_stands_is_read_with_the_ports_that_the_file_maps() -> None:
    found = read(stands(more='    ports: {"8080": 18080}'))

    assert found.target == Existing("edge-ds", "DaemonSet", (PortMapping(8080, 18080),), namespace="istio-gateways")
    assert decode(encode(found), KINDS["spec"]) == found


def test_its_namespace_is_the_plans_unless_the_file_says_so_too() -> None:
    assert read(stands("    existing: {kind: Deployment, name: edge}\n")).target == Existing("edge", "Deployment")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(stands(more="    harden: false"), "rule.of-existing", id="more than its ports"),
        pytest.param(stands(more="    name: gw-ds"), "rule.of-existing", id="a name too"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(text: str, code: str) -> None:
    with pytest.raises(PlanFileInvalid) as caught:
        read(text)

    assert [fault.code for finding in caught.value.findings for fault in [finding["fault"]]] == [code]


def test_what_a_person_does_with_an_owner_is_read() -> None:
    assert read(LAB).cleanup.hand_over is Hand.DELETE
    assert read(LAB.replace("  cleanup:\n", "  cleanup:\n    handOver: scale\n")).cleanup.hand_over is Hand.SCALE

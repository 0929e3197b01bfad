"""A person who types what a run asks for: only its own lines, read as kubectl reads them."""

import pytest

from migrator.lab.demo.person import Order, orders, read

GATEWAY = "/apis/gateway.networking.k8s.io/v1/namespaces/edge/gateways/public"
PROXY = "/apis/gateway.envoyproxy.io/v1alpha1/namespaces/edge/envoyproxies/public"


@pytest.mark.parametrize(
    ("line", "verb", "path", "patch"),
    [
        pytest.param("kubectl delete gateway public -n edge", "delete", GATEWAY, None, id="delete"),
        pytest.param(
            "kubectl delete gateway.gateway.networking.k8s.io public --namespace edge",
            "delete",
            GATEWAY,
            None,
            id="full name",
        ),
        pytest.param(
            """kubectl patch envoyproxy public -n edge --type merge -p '{"spec":{"a":0}}'""",
            "patch",
            PROXY,
            {"spec": {"a": 0}},
            id="patch",
        ),
    ],
)
def test_a_line_is_read(line: str, verb: str, path: str, patch: object) -> None:
    assert read(line) == Order(line, verb, path, patch)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("kubectl delete node node-1 -n x", id="a kind that is not a gateway's"),
        pytest.param("kubectl delete gateway public", id="no namespace"),
        pytest.param("kubectl delete gateway 'public -n edge", id="a quote that is not closed"),
    ],
)
def test_a_line_that_this_person_cannot_type_is_left_alone(line: str) -> None:
    assert read(line) is None


def test_the_lines_are_those_of_the_hand_over_alone() -> None:
    line = "kubectl delete gateways.gateway.networking.k8s.io public -n edge"
    rows = [{"code": code, "values": {"commands": [line]}} for code in ("handover.orders", "another.code")]

    assert [order.path for order in orders({"findings": rows})] == [GATEWAY]

"""The emulation of TKE's controller takes a pod's weight from its annotation, and its port by number or name."""

from typing import Any

import pytest

from migrator.lab.controllers.services.tke.controller import DEFAULT, WEIGHT, port_of, weight_of


def pod(**annotations: str) -> dict[str, Any]:
    ports = [{"name": "http2", "containerPort": 18080}]
    return {"metadata": {"annotations": annotations}, "spec": {"containers": [{"ports": ports}, {}]}}


@pytest.mark.parametrize(
    ("said", "weight"),
    [
        pytest.param({WEIGHT: "0"}, 0, id="nothing"),
        pytest.param({WEIGHT: "25"}, 25, id="a number"),
        pytest.param({WEIGHT: "101"}, DEFAULT, id="too much"),
        pytest.param({WEIGHT: "many"}, DEFAULT, id="no number"),
        pytest.param({}, DEFAULT, id="not a word"),
    ],
)
def test_the_weight_is_the_annotation_or_the_default(said: dict[str, str], weight: int) -> None:
    assert weight_of(pod(**said)) == weight


def test_a_pod_without_annotations_has_the_default() -> None:
    assert weight_of({"metadata": {}}) == DEFAULT


@pytest.mark.parametrize(("target", "port"), [(8080, 8080), ("http2", 18080), ("other", 0)])
def test_a_target_port_may_be_a_name(target: int | str, port: int) -> None:
    assert port_of(pod(), target) == port

"""The old side's doors of a plan that did not keep them follow from the ports of its own template."""

from __future__ import annotations

import pytest

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.planning.backends import guessed


def template(port: dict[str, Json], **spec: Json) -> Json:
    return {"spec": {"template": {"spec": {"containers": [{"name": "gw", "ports": [port]}], **spec}}}}


@pytest.mark.parametrize(
    ("source", "port", "entry"),
    [
        pytest.param(template({"containerPort": 8080}), 8080, Entry.POD, id="the pods' own port"),
        pytest.param(template({"containerPort": 8080, "hostPort": 80}), 80, Entry.HOST_PORT, id="a hostPort"),
        pytest.param(
            template({"containerPort": 80, "hostPort": 80}, hostNetwork=True),
            80,
            Entry.POD,
            id="the node's own network",
        ),
        pytest.param(template({"containerPort": 8080}), 30080, Entry.NODE_PORT, id="a node port"),
        pytest.param(template({"containerPort": 30080}), 30080, Entry.POD, id="a pod that listens that high"),
        pytest.param(None, 8080, Entry.POD, id="no template"),
    ],
)
def test_a_door_is_guessed_by_its_port(source: Json, port: int, entry: Entry) -> None:
    assert guessed(source, [Backend("l-1", "10.0.0.1", port)] * 2) == (Door("l-1", port, entry),)

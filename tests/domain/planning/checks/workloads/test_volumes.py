"""Volumes of a DaemonSet: one that a single node can hold, and what a pod keeps on its node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest
from migrator.domain.planning.checks.workloads.volumes import volumes_are_on_every_node
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, deployment, template, thing, world


def claim(*modes: str, space: str = "gateways") -> Manifest:
    return thing("PersistentVolumeClaim", "acme", {"accessModes": list(modes)}, space=space)


def told(volume: Any, *objects: Manifest, read_only: bool | None = None, **pod: Any) -> list[Finding]:
    sound: Any = template()["spec"]
    mount = {"name": "v", "mountPath": "/v", **({} if read_only is None else {"readOnly": read_only})}
    rows = [{**sound["containers"][0], "volumeMounts": [mount]}]
    made = template(containers=rows, volumes=[{"name": "v", **volume}], **pod)
    return list(volumes_are_on_every_node(propose(world(*objects, source=deployment(made)), SPEC)))


OF_CLAIM = {"persistentVolumeClaim": {"claimName": "acme"}}


@pytest.mark.parametrize("mode", ["ReadWriteOnce", "ReadWriteOncePod"])
def test_a_claim_of_one_node_blocks(mode: str) -> None:
    (found,) = told(OF_CLAIM, claim(mode))

    assert (found.code, found.severity) == ("volumes.one-node", Severity.BLOCK)
    assert found["why"] == say("volumes.claim", claim="acme", modes=(mode,))


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([claim("ReadWriteMany")], id="of many nodes"),
        pytest.param([claim("ReadWriteOnce", "ReadOnlyMany")], id="of many readers"),
        pytest.param([claim("ReadWriteOnce", space="other")], id="of another namespace"),
        pytest.param([], id="not seen"),
        pytest.param([thing("PersistentVolumeClaim", "acme", {"accessModes": "odd"})], id="an odd one"),
    ],
)
def test_a_claim_that_many_nodes_can_hold_or_that_was_not_seen_is_no_matter(seen: list[Manifest]) -> None:
    assert told(OF_CLAIM, *seen) == []


@pytest.mark.parametrize("kind", ["awsElasticBlockStore", "gcePersistentDisk", "iscsi", "rbd"])
def test_a_disk_blocks_unless_it_is_only_read(kind: str) -> None:
    (found,) = told({kind: {"fsType": "ext4"}})

    assert (found.code, found["why"]) == ("volumes.one-node", say("volumes.disk", kind=kind))
    assert told({kind: {"readOnly": True}}) == []


@pytest.mark.parametrize(
    "volume", [{"emptyDir": {}}, {"ephemeral": {"volumeClaimTemplate": {}}}, {"secret": {"secretName": "x"}}]
)
def test_volumes_that_each_pod_has_of_its_own_are_no_matter(volume: Any) -> None:
    assert told(volume) == []


def test_what_a_pod_keeps_on_its_node_is_told() -> None:
    (found,) = told({"hostPath": {"path": "/var/lib/acme"}})

    assert (found.code, found.severity, found["path"]) == ("volumes.host-path", Severity.WARN, "/var/lib/acme")


@pytest.mark.parametrize(
    ("path", "kind", "read_only"),
    [
        pytest.param("/var/lib/acme", "", True, id="only read"),
        pytest.param("/dev/net/tun", "", None, id="a device"),
        pytest.param("/opt/agent.sock", "Socket", None, id="a socket"),
    ],
)
def test_paths_in_which_nothing_is_kept_are_no_matter(path: str, kind: str, read_only: bool | None) -> None:
    assert told({"hostPath": {"path": path, "type": kind}}, read_only=read_only) == []


def test_a_named_claim_of_a_device_is_one_pods_and_a_template_of_claims_is_not() -> None:
    (found,) = told({"emptyDir": {}}, resourceClaims=[{"name": "nic", "resourceClaimName": "the-nic"}])

    assert (found.code, found["why"]) == ("volumes.one-node", say("volumes.device", claim="the-nic"))
    assert told({"emptyDir": {}}, resourceClaims=[{"name": "nic", "resourceClaimTemplateName": "nics"}]) == []


def test_without_a_source_there_is_no_volume() -> None:
    assert list(volumes_are_on_every_node(propose(replace(world(), source=None), SPEC))) == []

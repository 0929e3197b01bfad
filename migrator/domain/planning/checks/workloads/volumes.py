"""The check of volumes: a DaemonSet has a pod on each node, and a volume that one node holds cannot be at all of them.

Sources: kubernetes.io/docs/concepts/storage/persistent-volumes (access modes) and the attach-detach controller's
`Multi-Attach error`: the second pod waits for ever in ContainerCreating.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Manifest, dig, items, mapping, text
from migrator.domain.model.refs import target_ref
from migrator.domain.planning.derive.draft import ALL_CONTAINERS
from migrator.domain.planning.proposal import Proposal

DISKS = ("awsElasticBlockStore", "azureDisk", "cinder", "fc", "gcePersistentDisk", "iscsi", "rbd", "vsphereVolume")
"""Volumes that are a disk of one node, unless they are mounted read-only."""

MANY = frozenset({"ReadWriteMany", "ReadOnlyMany"})
NO_STATE = ("/dev", "/proc", "/sys", "/run", "/var/run", "/etc/localtime", "/etc/ssl", "/usr")
"""Paths of a node in which a gateway keeps nothing."""


def volumes_are_on_every_node(proposal: Proposal) -> Iterable[Finding]:
    """A claim or disk of one node keeps all pods but one from starting; what a pod keeps on its node stays on that node."""
    if proposal.source is None:
        return
    subject = f"DaemonSet {proposal.spec.target.name}"
    for volume in items(proposal.new_pod, "volumes"):
        if why := _of_one_node(volume, proposal):
            yield block("volumes.one-node", subject, volume=text(volume, "name"), why=why)
        elif path := _kept_on_node(volume, proposal.new_pod):
            yield warn("volumes.host-path", subject, volume=text(volume, "name"), path=path)
    for claim in items(proposal.new_pod, "resourceClaims"):
        if name := text(claim, "resourceClaimName"):
            yield block("volumes.one-node", subject, volume=text(claim, "name"), why=say("volumes.device", claim=name))


def _of_one_node(volume: Manifest, proposal: Proposal) -> Message | None:
    """Return why a volume cannot be on several nodes; None where it can, or where nobody says."""
    for kind in DISKS:
        disk = mapping(volume, kind)
        if kind in volume and disk.get("readOnly") is not True:
            return say("volumes.disk", kind=kind)
    name = text(volume, "persistentVolumeClaim", "claimName")
    modes = _modes(name, proposal) if name else []
    return say("volumes.claim", claim=name, modes=tuple(modes)) if modes and MANY.isdisjoint(modes) else None


def _modes(name: str, proposal: Proposal) -> list[str]:
    for claim in proposal.world.all("PersistentVolumeClaim"):
        if name_of(claim) == name and namespace_of(claim) == target_ref(proposal.spec).namespace:
            listed = dig(claim, "spec", "accessModes")
            return [str(mode) for mode in listed] if isinstance(listed, list) else []
    return []


def _kept_on_node(volume: Manifest, pod: Manifest) -> str:
    """Return the node's path in which a container may write what it wants to find again; "" where there is none."""
    path = text(volume, "hostPath", "path")
    if (
        not path
        or path.startswith(NO_STATE)
        or text(volume, "hostPath", "type") in ("Socket", "CharDevice", "BlockDevice")
    ):
        return ""
    return path if any(mount.get("readOnly") is not True for mount in _mounts(pod, text(volume, "name"))) else ""


def _mounts(pod: Manifest, name: str) -> Iterator[Manifest]:
    for kind in ALL_CONTAINERS:
        for container in items(pod, kind):
            yield from (mount for mount in items(container, "volumeMounts") if text(mount, "name") == name)

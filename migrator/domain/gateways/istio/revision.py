"""Which of Istio's control planes a gateway belongs to: its revision, and the name of that revision's mesh configuration.

Istio keeps the default revision's in ConfigMap `istio`, another's in `istio-<revision>` (values.revision of istiod's chart). A
revision tag (`istio.io/rev: prod`) names a webhook, not a control plane: an injected pod tells which one it got.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrator.domain.model.manifests import Manifest, ObjectRef, dig, items, labels, mapping, text
from migrator.domain.model.outside.reading import parsed
from migrator.domain.observation.world import World, template_labels

NAMESPACE = "istio-system"
REVISION = "istio.io/rev"
STATUS = "sidecar.istio.io/status"
DEFAULT = "default"


def revision(world: World) -> str:
    """Give the revision of the old gateways: as injected, else as their template or namespace asks; "" is the default."""
    wanted = next((name for name in _named_revisions(world) if name), "")
    return "" if wanted == DEFAULT else wanted


def mesh_name(name: str) -> str:
    """Give the name of the ConfigMap that holds a revision's mesh configuration."""
    return f"istio-{name}" if name else "istio"


def mesh_ref(world: World) -> ObjectRef:
    """Give where the mesh configuration of the gateways' revision is."""
    return ObjectRef("v1", "ConfigMap", NAMESPACE, mesh_name(revision(world)))


def mesh_text(world: World) -> str:
    """Give the text of the mesh configuration that the gateways get, of their revision; "" when it was not seen."""
    rows = world.all("ConfigMap")
    wanted = mesh_name(revision(world)) if rows else ""
    texts = (dig(row, "data", "mesh") for row in rows if text(row, "metadata", "name") == wanted)
    return next((value for value in texts if isinstance(value, str)), "")


def _named_revisions(world: World) -> Iterator[str]:
    """Give what names a revision, the surest first."""
    live = {pod.ref.name for pod in world.old.live}
    here = world.old.ref.namespace
    for pod in world.all("Pod"):
        if text(pod, "metadata", "name") in live and text(pod, "metadata", "namespace") == here:
            yield from (_injected(pod), _by_env(pod))
    if world.source is not None:
        yield template_labels(world.source).get(REVISION, "")
        yield labels(world.source, "spec", "template", "metadata", "annotations").get(REVISION, "")
    for space in world.all("Namespace"):
        if text(space, "metadata", "name") == here:
            yield labels(space, "metadata", "labels").get(REVISION, "")


def _injected(pod: Manifest) -> str:
    """Give the revision that the webhook wrote into the pod's status annotation."""
    try:
        status = parsed(labels(pod, "metadata", "annotations").get(STATUS, ""))
    except ValueError:
        return ""
    return text(status, "revision")


def _by_env(pod: Manifest) -> str:
    """Give the revision by the control plane that the proxy dials (`CA_ADDR: istiod-<revision>.istio-system.svc:15012`)."""
    rows = [row for container in items(mapping(pod, "spec"), "containers") for row in items(container, "env")]
    address = next((text(row, "value") for row in rows if text(row, "name") == "CA_ADDR"), "")
    host = address.split(".")[0]
    return host.removeprefix("istiod-") if host.startswith("istiod-") else ""

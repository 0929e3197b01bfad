"""What a new side in another namespace does not find there: everything that a pod, and Istio, look up by name in their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding, warn
from migrator.domain.model.kubernetes import pod_containers
from migrator.domain.model.manifests import Manifest, items, mapping, text
from migrator.domain.model.refs import apart, target_ref
from migrator.domain.planning.proposal import Proposal

IN_VOLUMES = (("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret"))
IN_ENVIRONMENT = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))
BY_KEY = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))


def names_are_there(proposal: Proposal) -> Iterable[Finding]:
    """A pod finds its account, its ConfigMaps and its Secrets in its own namespace alone: they do not come with it."""
    named = tuple(dict.fromkeys(_named(proposal.new_pod)))
    if proposal.source is not None and apart(proposal.spec) and named:
        ref = target_ref(proposal.spec)
        yield warn("elsewhere.names", str(ref), names=named, namespace=ref.namespace)


def _named(pod: Manifest) -> Iterator[str]:
    if account := text(pod, "serviceAccountName"):
        yield f"ServiceAccount {account}"
    yield from (f"Secret {text(row, 'name')}" for row in items(pod, "imagePullSecrets"))
    for volume in items(pod, "volumes"):
        rows = [volume, *items(volume, "projected", "sources")]
        for row in rows:
            yield from _of(row, IN_VOLUMES)
    for container in pod_containers(pod):
        for source in items(container, "envFrom"):
            yield from _of(source, tuple((key, "name", kind) for key, kind in IN_ENVIRONMENT))
        for variable in items(container, "env"):
            yield from _of(mapping(variable, "valueFrom"), tuple((key, "name", kind) for key, kind in BY_KEY))


def _of(row: Manifest, places: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    for key, field, kind in places:
        held = mapping(row, key)
        name = text(held, field) or text(held, "name")
        if name and held.get("optional") is not True:
            yield f"{kind} {name}"

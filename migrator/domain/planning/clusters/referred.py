"""What pods refer to by name in their own namespace: it has to be there before they start, and migrator copies none of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from migrator.domain.drift.meaning import digest
from migrator.domain.model.manifests import Manifest, items, mapping, text

Named: TypeAlias = "tuple[str, str]"
"""A kind and a name."""

OWN = frozenset({"kube-root-ca.crt", "istio-ca-root-cert", "istio-ca-crl"})
"""ConfigMaps that each cluster fills with its own roots."""

CONFIG_MAP, SECRET, ACCOUNT = "ConfigMap", "Secret", "ServiceAccount"


def referred(pod: Manifest) -> tuple[Named, ...]:
    """Give what a pod's spec refers to and cannot start without, each once, in order."""
    found = [*_of_volumes(pod), *_of_containers(pod)]
    found += [(SECRET, text(row, "name")) for row in items(pod, "imagePullSecrets")]
    found += [(ACCOUNT, text(pod, "serviceAccountName") or "default")]
    return tuple(sorted({(kind, name) for kind, name in found if name and name not in OWN}))


def _of_volumes(pod: Manifest) -> Iterator[Named]:
    for volume in items(pod, "volumes"):
        projected = items(volume, "projected", "sources")
        for row in (volume, *projected):
            yield from _one(row, "configMap", CONFIG_MAP, ("name",))
            yield from _one(row, "secret", SECRET, ("secretName", "name"))


def _of_containers(pod: Manifest) -> Iterator[Named]:
    for container in (*items(pod, "containers"), *items(pod, "initContainers")):
        for row in (*items(container, "envFrom"), *_sources(items(container, "env"))):
            for key, kind in (("configMapRef", CONFIG_MAP), ("configMapKeyRef", CONFIG_MAP)):
                yield from _one(row, key, kind, ("name",))
            for key in ("secretRef", "secretKeyRef"):
                yield from _one(row, key, SECRET, ("name",))


def _sources(env: Iterable[Manifest]) -> list[Manifest]:
    return [mapping(row, "valueFrom") for row in env]


def _one(row: Manifest, key: str, kind: str, names: tuple[str, ...]) -> Iterator[Named]:
    said = mapping(row, key)
    if said and said.get("optional") is not True:
        yield kind, next((text(said, name) for name in names if text(said, name)), "")


def says(thing: Manifest | None) -> str:
    """Give a digest of what a referred object means to a pod, "" where it is not there: of a ConfigMap its data."""
    return "" if thing is None else digest(thing)

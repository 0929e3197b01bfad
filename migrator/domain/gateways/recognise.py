"""Which kind of gateway a pod template holds, by its containers: for workloads that no plan names. It guesses nothing else."""

from __future__ import annotations

from migrator.domain.model.kubernetes import command_of, pod_containers, words_of
from migrator.domain.model.manifests import Manifest, mapping, text

_MARKS = (
    ("istio", ("istio-proxy", "proxyv2")),
    ("envoy", ("envoy",)),
    ("nginx", ("nginx",)),
)
"""Words in a container's name, image or command, by kind; the first that fits decides."""


def kind_of(template: Manifest) -> str:
    """Give the gateway kind of a template, "none" where nothing tells."""
    rows = pod_containers(mapping(template, "spec"))
    words = " ".join(word for row in rows for word in _words(row))
    return next((kind for kind, marks in _MARKS if any(mark in words for mark in marks)), "none")


def _words(container: Manifest) -> tuple[str, ...]:
    stopped = command_of(mapping(container, "lifecycle", "preStop"))
    return text(container, "name"), text(container, "image"), words_of(container), stopped

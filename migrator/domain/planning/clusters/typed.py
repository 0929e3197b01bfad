"""What a person types about one of a plan's clusters: kubectl's first words. Pure."""

from __future__ import annotations

import shlex

from migrator.domain.model.spec import ClusterSpec, Spec


def kubectl(spec: Spec, namespace: str = "", at: str = "") -> str:
    """Give the call's first words. `at` is the cluster as references name it, "" the gateway's home."""
    return kubectl_of(spec.cluster if not at or spec.second is None else spec.second, namespace)


def kubectl_of(cluster: ClusterSpec, namespace: str = "") -> str:
    """Give the call's first words for a cluster."""
    words = ["kubectl"]
    words += [f"--kubeconfig={cluster.kubeconfig}"] if cluster.kubeconfig else []
    words += [f"--context={cluster.context}"] if cluster.context else []
    words += ["-n", namespace] if namespace else []
    return shlex.join(words)

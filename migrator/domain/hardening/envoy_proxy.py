"""The EnvoyProxy by which Envoy Gateway is told what to change in the workload that it writes itself. Pure.

Sources: envoyproxy/gateway api/v1alpha1 (ShutdownConfig, EnvoyProxyKubernetesProvider, KubernetesPatchSpec). What the workload
lacks besides its shutdown goes in as a strategic merge patch of the kind that it has now.
"""

from __future__ import annotations

from migrator.domain.hardening.patches import combined
from migrator.domain.hardening.values import Hardening, What
from migrator.domain.model.kubernetes import name_of
from migrator.domain.model.manifests import Json, Manifest, dig

REST = 60
"""Seconds that connections get beyond the least drain: as much as Envoy Gateway's own drainTimeout."""


def envoy_proxy(found: Hardening) -> Manifest:
    """Give the EnvoyProxy with what is to change, and nothing else: it is merged into the one that is there by a person."""
    kubernetes: Manifest = {}
    shutdown: Manifest = {}
    for measure in found.measures:
        if measure.what is What.DRAIN:
            least = float(str(measure.now).removesuffix("s"))
            shutdown = {"minDrainDuration": f"{least:g}s", "drainTimeout": f"{least + REST:g}s"}
    rest = [measure for measure in found.measures if measure.what is not What.DRAIN]
    if rest:
        patch: Json = {"type": "StrategicMerge", "value": combined(rest)}
        kubernetes["envoyDaemonSet" if found.ground.kind == "DaemonSet" else "envoyDeployment"] = {"patch": patch}
    for budget in found.objects:
        kubernetes["envoyPDB"] = {"minAvailable": dig(budget, "spec", "minAvailable")}
    spec: Manifest = {"shutdown": shutdown} if shutdown else {}
    if kubernetes:
        spec["provider"] = {"type": "Kubernetes", "kubernetes": kubernetes}
    return {
        "apiVersion": "gateway.envoyproxy.io/v1alpha1",
        "kind": "EnvoyProxy",
        "metadata": {"name": name_of(found.ground.workload)},
        "spec": spec,
    }

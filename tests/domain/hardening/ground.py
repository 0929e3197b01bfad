"""A workload to harden: an Istio gateway of three pods as its chart makes it, a balancer that asks every 5 s, two failures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.products import Product
from migrator.domain.gateways.products.istio import ISTIO_GATEWAY
from migrator.domain.hardening import Ground, Measure, What, harden
from migrator.domain.hardening.removal import removal_of
from migrator.domain.hardening.starts import suggested
from migrator.domain.model.manifests import Manifest, merged

CHECK = HealthCheck("l-1", interval=5.0, unhealthy=2, healthy=2, port=15021, path="/healthz/ready")
CONTAINER: dict[str, Any] = {
    "name": "istio-proxy",
    "image": "proxyv2:1.29",
    "volumeMounts": [{"mountPath": "/etc/istio/pod"}],
}


def workload(
    pod: Any = None, container: Any = None, kind: str = "Deployment", meta: Any = None, **spec: Any
) -> Manifest:
    """Give the workload; `pod`, `container` and the template's `meta` are merged in."""
    rows = [merged(CONTAINER, container or {})]
    template = {
        "metadata": {"labels": {"app": "gw"}, **(meta or {})},
        "spec": merged({"containers": rows}, pod or {}),
    }
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "gw", "namespace": "edge", "labels": {"app": "gw"}},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "gw"}}, "template": template, **spec},
    }


def ground(made: Manifest | None = None, product: Product = ISTIO_GATEWAY, **facts: Any) -> Ground:
    """Give its ground; `facts` are fields of it."""
    kind = next((kind for kind, profile in PROFILES.items() if product in profile.products), "none")
    probes = tuple(suggested(PROFILES[kind], 15000).items())
    base = Ground(
        made if made is not None else workload(),
        product,
        removal_of([CHECK]),
        ports=(8080, 8443),
        probes=probes,
        flipped=PROFILES[kind].flipped_path,
        budgets=(),
        pods=3,
    )
    return replace(base, **facts)


def measures(of: Ground) -> dict[What, Measure]:
    """Give the measures by what they change."""
    return {measure.what: measure for measure in harden(of).measures}


def remarks(of: Ground) -> set[str]:
    """Give the codes of what is told besides."""
    return {remark.code for remark in harden(of).remarks}

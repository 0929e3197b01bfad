"""Every code that a finding of the preflight or of `lint` may have, but for those of the balancers' drivers, which declare
their own. A code that nobody declares cannot be waived."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from migrator.domain.messages.message import Message, say

_OF: dict[str, str] = {
    "after": "controlled manual migrator unsaid",
    "arithmetic": "hpa-averages-both keda pdb-counts-both pdb-percentage",
    "balancer": "check-counted check-port detection foreign-backend full mixed-pool new-side-weighted no-health-check "
    "no-old-backend other-rule quota-unknown rule-left-behind same-backend slow-check slow-to-register tcp-check unhealthy",
    "capacity": "no-scaling peak surge update-strategy",
    "cleanup": "keep-old-short",
    "client": "address-changes proxy-protocol",
    "deploy": "pod-refused refused",
    "derive": "listener-moves low-port-without-root no-injected-pod old-pods-repel patch-breaks port-in-words "
    "sidecar-stays-away",
    "exposure": "node-port other-way-in several-per-node today",
    "hostnetwork": "ip-blocks not-tried pod-security policy-gone sysctl upstream-policy",
    "istio": "gateway-by-service matrix new-only no-listener old-only port-in-rule",
    "judge": "blind gateway-silent latency-edge prometheus prometheus-silent soak-extends soak-short traffic "
    "traffic-too-low",
    "labels": "old-selector-matches same",
    "lint": "first-share-large no-requests-needed patch",
    "network": "host host-port",
    "nodes": "cordoned few full no-address none not-ready tainted",
    "ownership": "after-controller argo-cd cloud-controller flux helm ingress istioctl load-balancer-service operator "
    "target-group-binding",
    "permission": "blind denied",
    "ports": "istio-reserved mapped-nowhere node-port-range node-port-taken not-mapped shared-proxy taken "
    "unprivileged-pod",
    "probes": "listeners-text no-readiness no-shell no-startup start-longer-than-deadline sticky-ready",
    "return": "name-taken node-port not-told-apart replicas",
    "selectors": "immutable monitor-misses-new network-policy orphan-adopted other-workload service-catches-new "
    "service-left-behind service-not-narrowed stray-pod",
    "source": "missing not-serving rolling",
    "strategy": "in-place",
    "target": "in-use leftover migrated run-active taken",
    "termination": "drain-no-effect drain-not-posted drain-refuses exit-on-zero grace-short liveness long-connections "
    "no-prestop numbers prestop-short unknown-length",
    "waive": "unused",
    "witness": "no-answer other-rule",
}

CODES = frozenset(f"{family}.{word}" for family, words in _OF.items() for word in words.split())


def unknown(code: str, of_drivers: Mapping[str, str], own_codes: bool = False) -> Message | None:
    """Return why a code cannot be waived, and which one was meant; None for a code that is known.

    `of_drivers` are the codes that drivers declare, with what each means. `own_codes`: a program behind the plan's driver
    makes codes that nobody else knows, always under `balancer.`.
    """
    if code in CODES or code in of_drivers or (own_codes and code.startswith("balancer.")):
        return None
    near = get_close_matches(code, sorted(CODES | of_drivers.keys()), 1, 0.6)
    if not near:
        return say("code.unknown", code=code)
    return say("code.unknown-near", code=code, near=near[0], meaning=of_drivers.get(near[0]))

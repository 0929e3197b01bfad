"""Every code that a finding of the preflight or of `lint` may have, but for those of the balancers' drivers, which declare
their own. A code that nobody declares cannot be waived."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from migrator.domain.messages.message import Message, say

_OF: dict[str, str] = {
    "after": "controlled manual migrator unsaid",
    "answers": "allowed asked-from-inside brought different most-small not-asked nothing-asked silent "
    "too-many unproved unread unstable used-up",
    "arithmetic": "hpa-averages-both keda pdb-counts-both pdb-percentage vpa",
    "audit": "unknown-kind unread-policy",
    "balancer": "check-counted check-port detection foreign-backend full mixed-pool new-side-weighted no-health-check "
    "no-old-backend other-rule quota-unknown rule-left-behind same-backend slow-check slow-to-register tcp-check unhealthy",
    "breach": "kept not-kept",
    "capacity": "no-scaling peak quota surge update-strategy",
    "cleanup": "keep-old-short",
    "client": "address-changes loopback proxy-protocol",
    "clusters": "addresses callers not-built referred resources unread",
    "deploy": "pod-refused refused untried",
    "derive": "container-stays-away listener-moves low-port-without-root no-injected-pod old-pods-repel patch-breaks "
    "port-in-words readiness-gate sidecar-stays-away",
    "detour": "not-here own-policy planned upstream-policy",
    "in-place": "loses-requests not-here planned",
    "drift": "cluster configuration foreign-row listener new-template old-template one-sided removed scaler service unwatched",
    "elsewhere": "names",
    "envoy": "takes-no-orders",
    "envoygateway": "another-gateway matrix",
    "existing": "balances missing nodes-by-hand not-ready second-balancer standing",
    "exposure": "node-port other-way-in several-per-node today",
    "gates": "too-short",
    "guard": "left-behind undone",
    "handover": "floor no-word one-owner orders owns-balancer second service-goes shared weights",
    "hostnetwork": "ip-blocks may-rewrite not-tried pod-security policy-gone rewrites-node sysctl "
    "upstream-policy windows",
    "istio": "address-in-rule clusters gateway-by-service label-changes matrix new-only no-listener old-only "
    "port-in-rule start",
    "judge": "balancer-no-figures balancer-read balancer-refused balancer-unread blind gateway-silent latency-edge "
    "latency-late latency-unmeasured latency-window prometheus prometheus-denied prometheus-silent query query-refused "
    "query-silent soak-extends soak-short traffic traffic-too-low",
    "labels": "old-selector-matches same",
    "lint": "balancer first-share-large no-requests-needed patch",
    "login": "balancer-ends cluster-ends end-unknown",
    "logs": "old-rejected read rejected unread warned",
    "network": "host host-port",
    "nginx": "metrics-off",
    "nodes": "cordoned excluded few full kept-off no-address none not-chosen not-ready runtime-class tainted without-company",
    "ownership": "after-controller argo-cd cloud-controller draining-stops flux helm ingress istioctl load-balancer-service "
    "operator target-group-binding",
    "parity": "by-answers common nothing-compares old-apart unknown-place unsettled",
    "permission": "blind denied",
    "placed": "by-node-port no-scaler",
    "ports": "companion-taken istio-reserved mapped-nowhere name-lost node-daemon node-port-range node-port-taken not-mapped "
    "service-address shared-proxy taken unprivileged-pod",
    "probes": "connection-only listeners-text no-readiness no-shell no-startup not-asked old-unanswered "
    "start-longer-than-deadline sticky-ready",
    "return": "name-taken node-port not-told-apart replicas",
    "routes": "not-accepted one-gateway",
    "run": "lost record-damaged record-left",
    "selectors": "endpoints-by-address immutable monitor-misses-new network-policy orphan-adopted other-workload "
    "service-catches-new "
    "service-apart service-elsewhere service-entry-catches-new service-entry-left-behind service-left service-left-behind "
    "service-not-for-clients service-not-narrowed service-owned stray-pod webhook",
    "silence": "guard",
    "source": "missing not-serving rolling",
    "target": "in-use leftover migrated run-active service-taken taken",
    "termination": "companion companion-no-follower companion-no-weight drain-no-effect drain-not-posted drain-refuses "
    "ends-noticed ends-unnoticed exit-on-zero grace-short "
    "hardened liveness long-connections no-prestop numbers prestop-short raises-itself unknown-length",
    "transport": "api-server balancer prometheus",
    "volumes": "host-path one-node",
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

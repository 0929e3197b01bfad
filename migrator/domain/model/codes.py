"""Every code that a finding of the preflight or of `lint` may have. A code that is not here cannot be waived."""

from __future__ import annotations

from difflib import get_close_matches

_OF: dict[str, str] = {
    "after": "controlled manual migrator unsaid",
    "arithmetic": "hpa-averages-both keda pdb-counts-both pdb-percentage",
    "balancer": "any-port backup check-content check-counted check-port client-ip controller-owned cuts-at-zero cuts-unhealthy "
    "default-group detection foreign-backend forwarding-rules full group-mismatch group-taken idle-group inactive "
    "keepalived layer-7 listener-port mixed-pool new-group-weighted new-side-weighted no-forward "
    "no-health-check no-listener no-new-group no-old-backend not-looked-at other-rule permission permission-denied "
    "permission-unproven quic quota-unknown reloaded reset-on-removal reuse rule-left-behind rules same-backend scheduler "
    "settle several-groups shared-group slow-check slow-to-register sticky target-group target-type "
    "tcp-check thresholds tke-direct-access tke-selector tke-service tke-template tke-unproven "
    "tke-version udp-lags unhealthy upstream-keepalive version volatile zones",
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

OWN_WORDS = "exec"
"""The provider whose program makes codes of its own, always under `balancer.`."""


def unknown(code: str, provider: str = "") -> str:
    """Say why a code cannot be waived, and which one was meant; "" for a code that is known."""
    if code in CODES or (provider == OWN_WORDS and code.startswith("balancer.")):
        return ""
    near = get_close_matches(code, sorted(CODES), 1, 0.6)
    return f"no finding has the code {code}" + (f"; did you mean {near[0]}?" if near else "; docs/checks.md lists them")

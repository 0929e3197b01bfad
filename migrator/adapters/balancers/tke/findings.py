"""What would let TKE's controller register a pod at its default weight, or ignore what we write, as findings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.adapters.balancers.tke.pods import DIRECT, OLDEST, WEIGHT
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.manifests import Manifest, labels, text

UNPROVEN = Finding(
    "balancer.tke-unproven",
    Severity.WARN,
    "balancer",
    "this driver was held to an emulation of TKE's controller only; whether it binds pods in the host's network directly, and "
    "how long it takes, is not documented",
    "",
    "try it on a Service of its own first: one pod, annotated and labelled, must appear on the listener with weight 0",
)


def of_controller(version: str) -> Iterable[Finding]:
    """Check that the controller knows pods' weights at all."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers < OLDEST:
        yield Finding(
            "balancer.tke-version",
            Severity.BLOCK,
            "TKE's Service controller",
            f"it does not know `{WEIGHT}`: every pod would be registered at the default weight",
            version or "ConfigMap kube-system/tke-service-controller-config names no VERSION",
            f"bring it to v{'.'.join(map(str, OLDEST))} or newer",
        )


def of_service(listener: str, service: Manifest | None) -> Iterable[Finding]:
    """Check that the listener's Service is there, has direct access, and selects by one label of its own."""
    if service is None:
        problem, remedy = "its Service is not there", "check `services` and `namespace` in loadBalancer.options"
        yield Finding("balancer.tke-service", Severity.BLOCK, f"listener {listener}", problem, "", remedy)
        return
    subject = f"Service {text(service, 'metadata', 'name')}"
    if labels(service, "metadata", "annotations").get(DIRECT) != "true":
        problem = "it has no direct access, so backends are nodes and pods have no weight"
        remedy = f'annotate it with `{DIRECT}: "true"`'
        yield Finding("balancer.tke-direct-access", Severity.BLOCK, subject, problem, "", remedy)
    pairs = labels(service, "spec", "selector")
    if len(pairs) != 1:
        yield Finding(
            "balancer.tke-selector",
            Severity.BLOCK,
            subject,
            "it must select by one label that only says who is a member: a pod is annotated with weight 0 before it gets it",
            ", ".join(f"{key}={value}" for key, value in sorted(pairs.items())) or "no selector",
            "label the live old pods, then let the Service select by that label alone",
        )


def of_templates(listener: str, key: str, workloads: Iterable[str]) -> Iterable[Finding]:
    """Check that no workload makes members by itself: its pods would come at the default weight."""
    if making := sorted(workloads):
        yield Finding(
            "balancer.tke-template",
            Severity.BLOCK,
            f"listener {listener}",
            f"workloads have the membership label {key} in a template or selector: their pods would be registered at the "
            "default weight, or be lost to their owner when it is taken away",
            ", ".join(making[:5]),
            "select by a label that no template and no workload's selector has",
        )

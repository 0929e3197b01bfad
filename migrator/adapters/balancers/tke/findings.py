"""What would let TKE's controller register a pod at its default weight, or ignore what we write, as findings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.adapters.balancers.tke.pods import DIRECT, OLDEST, WEIGHT
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, labels, text
from migrator.domain.model.subjects import balancer_subject, listeners_subject, pairs

UNPROVEN = warn("balancer.tke-unproven", balancer_subject(""))


def of_controller(version: str) -> Iterable[Finding]:
    """Check that the controller knows pods' weights at all."""
    numbers = tuple(int(part) for part in re.findall(r"\d{1,9}", version)[:3])
    if numbers < OLDEST:
        yield block(
            "balancer.tke-version",
            say("tke.controller"),
            weight=WEIGHT,
            version=version,
            oldest=".".join(map(str, OLDEST)),
        )


def of_service(listener: str, service: Manifest | None) -> Iterable[Finding]:
    """Check that the listener's Service is there, has direct access, and selects by one label of its own."""
    if service is None:
        yield block("balancer.tke-service", listeners_subject([listener]))
        return
    subject = f"Service {text(service, 'metadata', 'name')}"
    if labels(service, "metadata", "annotations").get(DIRECT) != "true":
        yield block("balancer.tke-direct-access", subject, annotation=DIRECT)
    selector = labels(service, "spec", "selector")
    if len(selector) != 1:
        yield block("balancer.tke-selector", subject, selector=pairs(sorted(selector.items())))


def of_templates(listener: str, key: str, workloads: Iterable[str]) -> Iterable[Finding]:
    """Check that no workload makes members by itself: its pods would come at the default weight."""
    if making := sorted(workloads):
        yield block("balancer.tke-template", listeners_subject([listener]), label=key, workloads=tuple(making))

"""How many pods may be away at once: in a rolling update, and when nodes are drained. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator

from migrator.domain.hardening.removal import BUFFER
from migrator.domain.hardening.values import Ground, Measure, What
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import host_ports, labels_of, matches, name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest, dig, labels, mapping, number


def rollout(ground: Ground) -> Iterator[Measure]:
    """Give the measures of a rolling update: the next pod goes only once the balancer sends to the one that came."""
    removal = ground.removal
    wanted = math.ceil(removal.until_healthy)
    now = number(ground.workload, "spec", "minReadySeconds")
    if now < wanted:
        numbers = say(
            "harden.ready-numbers",
            interval=removal.interval,
            threshold=removal.healthy,
            buffer=BUFFER,
            wanted=wanted,
            source=removal.source,
        )
        patch: Manifest = {"spec": {"minReadySeconds": wanted}}
        yield Measure(What.MIN_READY, "minReadySeconds", now, wanted, numbers, say("harden.min-ready"), patch)
    yield from _strategy(ground)


def _strategy(ground: Ground) -> Iterator[Measure]:
    """Let no old pod of a Deployment go before a new one is there; pods that hold ports of nodes cannot come first."""
    if ground.kind != "Deployment" or host_ports(ground.pod):
        return
    own = mapping(ground.workload, "spec", "strategy")
    rolling = mapping(own, "rollingUpdate")
    if own.get("type", "RollingUpdate") == "RollingUpdate" and rolling.get("maxUnavailable") in (0, "0", "0%"):
        return
    wanted: Json = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    patch: Manifest = {"spec": {"strategy": wanted}}
    was: Json = own or None
    numbers = say("harden.rolling-numbers")
    yield Measure(What.ROLLING, "strategy", was, wanted, numbers, say("harden.rolling"), patch)


def needs_scale(budget: Manifest) -> bool:
    """Say whether a budget is counted from a scale, which a DaemonSet does not have: a percentage, or maxUnavailable."""
    allowed = mapping(budget, "spec")
    return "maxUnavailable" in allowed or isinstance(allowed.get("minAvailable"), str)


def budget(ground: Ground) -> tuple[tuple[Manifest, ...], tuple[Message, ...]]:
    """Give the disruption budget that the workload lacks, and what is told of it."""
    having, space = labels(ground.template, "metadata", "labels"), namespace_of(ground.workload)
    if ground.budgets is None:
        return (), (say("harden.budget-unseen"),)
    meaning = [
        row
        for row in ground.budgets
        if namespace_of(row) == space and matches(mapping(row, "spec", "selector"), having)
    ]
    if meaning:
        wrong = [name_of(row) for row in meaning if ground.kind == "DaemonSet" and needs_scale(row)]
        return (), tuple(say("harden.budget-wrong", name=name) for name in wrong)
    if ground.pods is None or ground.pods < 2:
        return (), (say("harden.budget-impossible", pods=ground.pods),)
    return (_budget(ground, ground.pods - 1),), (say("harden.budget", pods=ground.pods, least=ground.pods - 1),)


def _budget(ground: Ground, least: int) -> Manifest:
    meta: Manifest = {"name": name_of(ground.workload), "namespace": namespace_of(ground.workload)}
    if own := labels_of(ground.workload):
        meta["labels"] = dict(own)
    selector = dig(ground.workload, "spec", "selector")
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": meta,
        "spec": {"minAvailable": least, "selector": selector},
    }

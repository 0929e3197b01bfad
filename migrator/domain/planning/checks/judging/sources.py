"""Checks of the judge: somebody can say how the sides are doing, and a soak can be passed at today's traffic."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.planning.proposal import Proposal


def judge_can_see(proposal: Proposal) -> Iterable[Finding]:
    """Without counters and without Prometheus nobody would notice a bad new side."""
    spec = proposal.spec
    blind = bool(proposal.gateway.mute) or spec.judge.scrape is None
    if blind and spec.judge.prometheus is None:
        yield block("judge.blind", "spec.judge", kind=spec.gateway.kind)
    for name, why in proposal.world.silent if not blind else ():
        yield block("judge.gateway-silent", f"Pod {name}", why=why)


def soak_can_pass(proposal: Proposal) -> Iterable[Finding]:
    """A soak shorter than the judge's own windows would pass on a single look."""
    spec = proposal.spec
    scrape = spec.judge.scrape
    if scrape is not None and spec.traffic.soak < 2 * scrape.interval:
        yield block("judge.soak-short", "spec.traffic.soak", soak=spec.traffic.soak, interval=scrape.interval)
    prometheus = spec.judge.prometheus
    if prometheus is not None and scrape is None and spec.traffic.soak < 2 * prometheus.interval:
        yield block(
            "judge.soak-short:prometheus", "spec.traffic.soak", soak=spec.traffic.soak, interval=prometheus.interval
        )


def latency_is_measured(proposal: Proposal) -> Iterable[Finding]:
    """A histogram knows its own edges alone: say at which one "slow" is judged when it is not the plan's limit."""
    world = proposal.world
    latency = proposal.spec.judge.latency
    if latency is None:
        return
    others = [edge for edge in world.slow_over if edge != latency.over]
    if others:
        yield info(
            "judge.latency-edge",
            "spec.judge.latency.over",
            edges=tuple(others),
            limit=latency.over,
            all=tuple(world.slow_over),
        )

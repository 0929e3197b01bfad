"""Checks of the judge: somebody can say how the sides are doing, and a soak can be passed at today's traffic."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.worded import block, info
from migrator.domain.planning.proposal import Proposal


def judge_can_see(proposal: Proposal) -> Iterable[Finding]:
    """Without counters and without Prometheus nobody would notice a bad new side."""
    spec = proposal.spec
    blind = bool(proposal.gateway.mute) or spec.judge.scrape is None
    if blind and spec.judge.prometheus is None:
        yield block(
            "judge.blind",
            "spec.judge",
            "nobody can say how the new side is doing: this gateway has no counters to scrape and no Prometheus is named",
            f"gateway {spec.gateway.kind}",
            "name a Prometheus under spec.judge.prometheus",
        )
    for name, why in proposal.world.silent if not blind else ():
        yield block(
            "judge.gateway-silent",
            f"Pod {name}",
            "its counters cannot be read, so the old side's error rate is unknown",
            why,
            "check pods/portforward permission and gateway.adminPort",
        )


def soak_can_pass(proposal: Proposal) -> Iterable[Finding]:
    """A soak shorter than the judge's own windows would pass on a single look."""
    spec = proposal.spec
    scrape = spec.judge.scrape
    if scrape is not None and spec.traffic.soak < 2 * scrape.interval:
        yield block(
            "judge.soak-short",
            "spec.traffic.soak",
            f"a soak of {spec.traffic.soak:g} s holds fewer than two samples of {scrape.interval:g} s",
            "",
            "make the soak longer",
        )
    prometheus = spec.judge.prometheus
    if prometheus is not None and scrape is None and spec.traffic.soak < 2 * prometheus.interval:
        yield block(
            "judge.soak-short",
            "spec.traffic.soak",
            f"a soak of {spec.traffic.soak:g} s holds fewer than two Prometheus samples of {prometheus.interval:g} s",
            "",
            "make the soak longer, or add `scrape: {}`",
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
            f"answers over {' s or '.join(f'{edge:g}' for edge in others)} s count as slow, not those over "
            f"{latency.over:g} s: that is the nearest edge of the gateways' histogram",
            f"edges that were found: {', '.join(f'{edge:g} s' for edge in world.slow_over)}",
            "nothing to do, unless the difference matters: give an edge as the limit, or configure the histogram's edges",
        )

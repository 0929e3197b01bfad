"""Checks of the judge: somebody can say how the sides are doing, and a soak can be passed at today's traffic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from migrator.domain.answers.course import least
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.planning.proposal import Proposal
from migrator.domain.planning.route import shares


def judge_can_see(proposal: Proposal) -> Iterable[Finding]:
    """Without counters and without Prometheus nobody would notice a bad new side. Some kinds count only where that is on."""
    spec, gateways, world = proposal.spec, proposal.gateways, proposal.world
    off = bool(gateways.old.mute) and (bool(world.silent) or world.old_rate is None)
    uncounted = next((each.kind for each in gateways.each if not each.counts), None)
    blind = uncounted is not None or off or spec.judge.scrape is None
    if blind and spec.judge.prometheus is None:
        yield block("judge.blind", "spec.judge", kind=uncounted or spec.gateway.kind)
    for name, why in world.silent if not blind else ():
        yield block("judge.gateway-silent", f"Pod {name}", why=why)


def answers_can_be_asked(proposal: Proposal) -> Iterable[Finding]:
    """A gateway that cannot tell its routes leaves nothing to ask unless the plan says what: the run would halt there."""
    wanted = proposal.spec.answers
    if wanted is not None and proposal.gateways.old.mute and not wanted.questions:
        yield block("answers.nothing-asked:kind", "spec.answers", kind=proposal.spec.gateway.kind)


def answers_have_requests(proposal: Proposal) -> Iterable[Finding]:
    """Each share, Keep, Retire and the proof before them compare once, and each round asks every gateway a sample."""
    wanted, sides = proposal.spec.answers, proposal.sides
    if wanted is None:
        return
    rounds = len(shares(proposal.spec)) + 3
    counts = Counter((side, slot.backend.listener) for side, rows in enumerate((sides.old, sides.new)) for slot in rows)
    needed = rounds * least(counts.values())
    if wanted.most < needed:
        count = max((sum(counts[side, name] for side in (0, 1)) for _, name in counts), default=0)
        yield warn(
            "answers.most-small", "spec.answers.most", most=wanted.most, rounds=rounds, gateways=count, needed=needed
        )


def soak_can_pass(proposal: Proposal) -> Iterable[Finding]:
    """A soak shorter than the judge's own windows would pass on a single look."""
    spec = proposal.spec
    scrape, soak = spec.judge.scrape, spec.least("soak", spec.traffic.soak)
    if scrape is not None and soak < 2 * scrape.interval:
        yield block("judge.soak-short", "spec.traffic.soak", soak=soak, interval=scrape.interval)
    prometheus = spec.judge.prometheus
    if prometheus is not None and scrape is None and soak < 2 * prometheus.interval:
        yield block("judge.soak-short:prometheus", "spec.traffic.soak", soak=soak, interval=prometheus.interval)


def latency_is_in_time(proposal: Proposal) -> Iterable[Finding]:
    """Envoy merges its histograms at each flush alone: a shorter soak would end before the first slow answer is seen."""
    spec = proposal.spec
    scrape, latency = spec.judge.scrape, spec.judge.latency
    if latency is None or scrape is None:
        return
    least = 2 * latency.flush
    if spec.traffic.soak <= least:
        yield warn("judge.latency-late", "spec.traffic.soak", soak=spec.traffic.soak, least=least, flush=latency.flush)
    if scrape.window < least:
        yield info(
            "judge.latency-window", "spec.judge.scrape.window", window=scrape.window, least=least, flush=latency.flush
        )


def latency_is_measured(proposal: Proposal) -> Iterable[Finding]:
    """A histogram knows its own edges alone: say at which one "slow" is judged when it is not the plan's limit."""
    world = proposal.world
    latency = proposal.spec.judge.latency
    if latency is None:
        return
    if proposal.spec.judge.scrape is not None and world.old_rate is not None and not world.slow_over:
        yield warn("judge.latency-unmeasured", "spec.judge.latency", over=latency.over)
    others = [edge for edge in world.slow_over if edge != latency.over]
    if others:
        yield info(
            "judge.latency-edge",
            "spec.judge.latency.over",
            edges=tuple(others),
            limit=latency.over,
            all=tuple(world.slow_over),
        )

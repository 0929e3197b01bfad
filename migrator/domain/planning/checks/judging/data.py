"""Checks of the judge's data: the sources speak for the old side now, and there is enough traffic to pass a soak with."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity, block, finding, info, warn
from migrator.domain.messages.message import say
from migrator.domain.observation.world import Traffic
from migrator.domain.planning.proposal import Proposal
from migrator.domain.planning.route import shares

RULE_OF_THREE = 3.0
"""With nothing counted the true number is below three, at 95 %."""

ENOUGH_TO_ESTIMATE = 20


def traffic_is_enough(proposal: Proposal) -> Iterable[Finding]:
    """The first share is the poorest: minRequests must be reachable there within the soak, or at least within maxSoak."""
    spec = proposal.spec
    rate, steps = proposal.world.old_rate, shares(spec)
    if rate is None or rate.seconds <= 0 or not steps:
        return
    first, traffic = steps[0], spec.traffic
    in_soak, in_longest = (_expected(rate, first, seconds) for seconds in (traffic.soak, traffic.max_soak))
    if in_longest < traffic.min_requests:
        yield warn(
            "judge.traffic-too-low",
            "spec.traffic",
            share=first,
            expected=in_longest,
            requests=rate.requests,
            seconds=rate.seconds,
            needed=traffic.min_requests,
            limit=traffic.max_soak,
        )
    elif in_soak < traffic.min_requests:
        yield warn(
            "judge.soak-extends",
            "spec.traffic",
            share=first,
            expected=in_soak,
            requests=rate.requests,
            seconds=rate.seconds,
            needed=traffic.min_requests,
            soak=traffic.soak,
        )
    else:
        yield info("judge.traffic", "spec.traffic", requests=rate.requests, seconds=rate.seconds)


def _expected(rate: Traffic, share: float, seconds: float) -> float:
    """Give how many requests a share brings; where little was counted, the most that is consistent with it."""
    counted = float(rate.requests)
    if rate.requests < ENOUGH_TO_ESTIMATE:
        counted += RULE_OF_THREE
    return counted / rate.seconds * seconds * share / 100.0


def prometheus_speaks(proposal: Proposal) -> Iterable[Finding]:
    """The judge's queries must return data for the old side now: an empty answer is never good news."""
    world, spec = proposal.world, proposal.spec
    if spec.judge.prometheus is None or world.prometheus is None:
        return
    alone = spec.judge.scrape is None
    url, status = spec.judge.prometheus.url, world.prometheus_denied
    if status is not None and alone:
        after = spec.judge.no_data.rollback_after
        yield block("judge.prometheus-denied:alone", "spec.judge.prometheus", url=url, status=status, rollback=after)
    elif status is not None:
        yield warn("judge.prometheus-denied", "spec.judge.prometheus", url=url, status=status)
    elif world.prometheus < 0:
        yield finding(
            "judge.prometheus-silent:alone" if alone else "judge.prometheus-silent",
            Severity.BLOCK if alone else Severity.WARN,
            "spec.judge.prometheus",
            url=spec.judge.prometheus.url,
        )
    else:
        yield info(
            "judge.prometheus", "spec.judge.prometheus", requests=world.prometheus, window=spec.judge.prometheus.window
        )


def queries_speak(proposal: Proposal) -> Iterable[Finding]:
    """The plan's own queries must be queries; what they say now is told. The new side has no numbers before it serves."""
    prometheus = proposal.spec.judge.prometheus
    sides = {query.name: query.side for query in prometheus.queries} if prometheus else {}
    for name, number, refused in proposal.world.prometheus_numbers:
        subject = f"spec.judge.prometheus.queries.{name}"
        if refused:
            yield block("judge.query-refused", subject)
        elif number is not None:
            yield info("judge.query", subject, number=number)
        elif sides.get(name) == "old":
            yield warn("judge.query-silent", subject)


def monitoring_speaks(proposal: Proposal) -> Iterable[Finding]:
    """Where the cloud's monitoring of the balancer is a judge, it must be readable: one that is silent holds every share."""
    seen, subject = proposal.world.monitoring, "spec.judge.others"
    if seen is None:
        return
    if seen.refused:
        yield block("judge.balancer-refused", subject, why=seen.why)
    elif seen.why is not None:
        yield warn("judge.balancer-unread", subject, why=seen.why)
    elif not seen.figures:
        yield warn("judge.balancer-no-figures", subject)
    else:
        yield info("judge.balancer-read", subject, figures=seen.figures)


def nothing_is_hidden(proposal: Proposal) -> Iterable[Finding]:
    """What we may not list we cannot check: say so instead of keeping silent."""
    world = proposal.world
    if world.unseen:
        yield warn("permission.blind", say("subject.cluster"), kinds=tuple(world.unseen))

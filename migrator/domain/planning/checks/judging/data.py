"""Checks of the judge's data: the sources speak for the old side now, and there is enough traffic to pass a soak with."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.worded import block, info, warn
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
    measured = f"{rate.requests} requests in {rate.seconds:.1f} s on the old side"
    wanted = f"minRequests {traffic.min_requests} at {first:g} %"
    if in_longest < traffic.min_requests:
        yield warn(
            "judge.traffic-too-low",
            "spec.traffic",
            f"at today's rate {first:g} % brings at most {in_longest:.0f} requests within maxSoak: the soak would not pass, "
            "and wait for a person",
            f"{measured}; {wanted} in {traffic.max_soak:g} s",
            "run it when there is traffic, begin with a larger share, or lower minRequests",
        )
    elif in_soak < traffic.min_requests:
        yield warn(
            "judge.soak-extends",
            "spec.traffic",
            f"at today's rate {first:g} % brings about {in_soak:.0f} requests within a soak: it will last longer than "
            f"{traffic.soak:g} s",
            f"{measured}; {wanted} in {traffic.soak:g} s",
            "expect longer soaks, or begin with a larger share",
        )
    else:
        yield info("judge.traffic", "spec.traffic", "there is enough traffic to judge the first share by", measured)


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
    if world.prometheus < 0:
        alone = spec.judge.scrape is None
        tell = block if alone else warn
        yield tell(
            "judge.prometheus-silent",
            "spec.judge.prometheus",
            "its queries return nothing for the old side"
            + (
                ", and nobody else would judge the run"
                if alone
                else "; only the gateways' own counters would judge the run"
            ),
            spec.judge.prometheus.url,
            "run the query by hand: are the gateways scraped, and do its labels name this workload?",
        )
    else:
        yield info(
            "judge.prometheus",
            "spec.judge.prometheus",
            "its queries return data for the old side",
            f"{world.prometheus} requests in {spec.judge.prometheus.window:g} s",
        )


def nothing_is_hidden(proposal: Proposal) -> Iterable[Finding]:
    """What we may not list we cannot check: say so instead of keeping silent."""
    world = proposal.world
    if world.unseen:
        yield warn(
            "permission.blind",
            "the cluster",
            f"these kinds may not be listed, so the checks that rest on them found nothing: {', '.join(world.unseen)}",
            "the API server refused the list",
            "grant `list` on them for planning, or have the checks of docs/checks.md that name them done by hand",
        )

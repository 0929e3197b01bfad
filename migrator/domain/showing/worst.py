"""Which gateway of the new side is the worst by what was counted of single ones. Pure; it decides nothing."""

from __future__ import annotations

from migrator.domain.model.actions import PodRef
from migrator.domain.model.samples import Rate
from migrator.domain.observation.sighting import Judgement, Sighting, Workloads


def worst(seen: Sighting) -> PodRef | None:
    """Give the pod: of those that the verdict names, else of all, the one with most bad answers of its own; None: there is
    none."""
    verdict, served = seen[Judgement].verdict, dict(seen[Judgement].served.by)
    named = verdict.gateways if verdict is not None else ()
    live = [pod.ref for pod in seen[Workloads].new.live if pod.ref.node]
    meant = [pod for pod in live if pod.name in named] or live
    return max(meant, key=lambda pod: (*_badness(served.get(pod.name, Rate())), pod.name), default=None)


def _badness(rate: Rate) -> tuple[float, float, float]:
    every = rate.requests or 1
    return rate.bad / every, (rate.client or 0) / every, (rate.slow or 0) / every

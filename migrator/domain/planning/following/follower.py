"""From a run that has completed to the plan of looking after its nodes: a route of one step that is never done. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from migrator.domain.gateways import gateway_profile
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.spec import JudgeSpec, ScrapeSpec, Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Follow
from migrator.domain.steps.following.position import ListenerPort
from migrator.domain.turn.journeys import FOLLOW
from migrator.domain.weights.usual import usual

SUFFIX = "-nodes"
"""What the name of the run that looks after nodes has besides that of the run it follows."""


def follower(
    plan: Plan,
    run: int,
    meant: Mapping[Backend, int],
    there: Mapping[Backend, int],
    nodes: frozenset[str],
    at: datetime,
    by: str,
    digest: Callable[[object], str],
) -> Plan:
    """Give the plan. `meant` is what the run left each backend with, `there` what is on the balancer now, `nodes` addresses.

    A backend that is gone by now is nobody's to miss: its node is looked at like a new one. One that people have added
    since, on a node of the plan's labels and with the weight of its peers, is as it should be.
    """
    spec = following(plan.spec)
    new = frozenset(plan.seen.new)
    step = Follow(
        run,
        listener_ports(plan, meant),
        spec.drain,
        spec.follow,
        gateway_profile(spec, Side.NEW).reversible,
        spec.deadlines.healthy,
    )
    added = {(at.listener, address, at.port): at.weight for at in step.ports for address in nodes}
    now = tuple(
        Weighted(backend, meant.get(backend, weight))
        for backend, weight in sorted(there.items())
        if (backend in new and backend in meant)
        or added.get((backend.listener, backend.address, backend.port)) == weight
    )
    seen = replace(plan.seen, old=(), new_now=now, facts=(("follows run", str(run)),) if run else plan.seen.facts)
    seal = digest((spec, seen.facts, now, step, at.isoformat()))
    return replace(
        plan,
        id=seal[:12],
        digest=seal,
        created_at=at,
        created_by=by,
        spec=spec,
        seen=seen,
        manifests=(),
        changes=(),
        differences=(),
        forecast=(),
        steps=(step,),
        findings=(),
        way=FOLLOW.name,
    )


def following(spec: Spec) -> Spec:
    """Give what a follower goes by: the plan file's word without what judges a migration."""
    judge = JudgeSpec(scrape=spec.judge.scrape or ScrapeSpec())
    return replace(spec.settled(), name=f"{spec.name}{SUFFIX}", judge=judge, waivers=())


def listener_ports(plan: Plan, meant: Mapping[Backend, int]) -> tuple[ListenerPort, ...]:
    """Give each listener's port on the nodes, and the weight that most of its backends were left with."""
    ports = []
    for listener, port in dict.fromkeys((backend.listener, backend.port) for backend in plan.seen.new):
        here = (b for b in plan.seen.new if (b.listener, b.port) == (listener, port))
        weight = usual((meant.get(b, 0) for b in here), plan.seen.capabilities.weight_max)
        ports.append(ListenerPort(listener, port, weight))
    return tuple(ports)

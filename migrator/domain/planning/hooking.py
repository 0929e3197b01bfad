"""Puts the plan's hooks into a route: each is a step of its own, before or after the steps that it names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import HookPoint, Spec
from migrator.domain.steps import Attach, CallHook, Deploy, Detach, Drain, Retire, Shift, Step

NAMES: dict[type[object], HookPoint] = {
    Deploy: HookPoint.DEPLOY,
    Attach: HookPoint.ATTACH,
    Shift: HookPoint.SHARES,
    Drain: HookPoint.DRAIN,
    Retire: HookPoint.RETIRE,
}
"""By what a hook knows a step of the route forward."""


def hooked(spec: Spec, route: Iterable[Step]) -> tuple[Step, ...]:
    """Give the route forward with the plan's hooks in it; without hooks it is the same."""
    found = list[Step]()
    for step in route:
        found += _calls(spec, step, False, found)
        found.append(step)
        found += _calls(spec, step, True, found)
    return tuple(found)


def _calls(spec: Spec, step: Step, after: bool, passed: Sequence[Step]) -> list[CallHook]:
    """Give the hooks on this side of a step, with what the steps that were passed have made true."""
    if (point := NAMES.get(type(step))) is None:
        return []
    shares = [done.share for done in passed if type(done) is Shift and done.towards is Side.NEW]
    drained, gone, final = (any(isinstance(done, kind) for done in passed) for kind in (Drain, Detach, Retire))
    return [
        CallHook(
            hook.name,
            point,
            after,
            step.share if isinstance(step, Shift) else None,
            hook.timeout,
            hook.patience,
            hook.then,
            share=shares[-1] if shares else 0.0,
            drained=drained,
            gone=gone,
            final=final,
        )
        for hook in spec.hooks
        if point in (hook.after if after else hook.before)
    ]

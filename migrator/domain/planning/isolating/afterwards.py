"""What a person does next once a pod was set apart, put back or ended, by the plan that did it. Pure."""

from __future__ import annotations

from migrator.domain.messages.message import Message, say
from migrator.domain.planning.plan import Plan
from migrator.domain.steps.isolating.let_go import EndPod, LetGo, PutBack


def afterwards(plan: Plan) -> Message | None:
    """Give it; None for a plan that is about no single pod."""
    for step in plan.steps:
        match step:
            case LetGo(pod=pod):
                return say("isolate.then", pod=pod.name, namespace=pod.namespace)
            case PutBack(pod=pod):
                return say("release.then", pod=pod.name)
            case EndPod(pod=pod):
                return say("release.then-ended", pod=pod.name)
            case _:
                pass
    return None

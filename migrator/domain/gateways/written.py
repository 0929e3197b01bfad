"""Questions that follow from what people have written in the cluster, where no gateway of the old side can tell its routes.

They become the plan's own, so that a plan shows what both sides will be asked. A route that nobody wrote is no question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migrator.domain.answers.questions import MOST, of_routes
from migrator.domain.model.answers import Route
from migrator.domain.model.balancer import ProbeWay
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.observation.probing import TLS_PORTS


def with_written(spec: Spec, written: Iterable[Route]) -> Spec:
    """Give the spec with a question for each route, on every listener that speaks as the route is reached (in TLS or not)."""
    answers = spec.answers
    if answers is None or not answers.routes:
        return spec
    ports = {listener.port: listener.port for listener in spec.balancer.listeners}
    found = [
        replace(route, port=listener.port)
        for listener in spec.balancer.listeners
        for route in sorted(set(written))
        if route.tls is in_tls(listener)
    ]
    asked = tuple(dict.fromkeys((*answers.questions, *of_routes(found, ports, spec))))[:MOST]
    return replace(spec, answers=replace(answers, questions=asked))


def in_tls(listener: ListenerSpec) -> bool:
    """Say whether a listener's clients speak TLS: as the plan says, else by its ports' numbers."""
    if listener.probe is ProbeWay.AUTO:
        return bool(TLS_PORTS & {listener.port, listener.backend_port})
    return listener.probe.in_tls

"""Which questions a round asks: those of the plan, and those that follow from the old gateways' routes. Only safe ones follow.

Of each route its path is asked with GET; of each site the first path also with HEAD, and in TLS once more with HTTP/2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrator.domain.answers.trial import Place
from migrator.domain.model.answers import Origin, Protocol, Question, Route
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Spec

ANY_LABEL = "migrator-asks"
"""The label that stands for `*` in a pattern of hosts."""

MOST = 500
"""Questions of a round at most; its bound in requests is usually lower."""


def questions(spec: Spec, routes: Iterable[Route], where: Iterable[Place]) -> tuple[Question, ...]:
    """Give the plan's questions, then those of the routes on ports that a listener of the plan leads to."""
    listed = spec.answers.questions if spec.answers else ()
    by_port = {listener.backend_port: listener.port for listener in spec.balancer.listeners if listener.backend_port}
    for place in where:
        if place.side is Side.OLD:
            by_port.setdefault(place.port, place.client_port)
    followed = of_routes(sorted(set(routes)), by_port, spec)
    return tuple(dict.fromkeys((*listed, *followed)))[:MOST]


def of_routes(routes: Iterable[Route], by_port: Mapping[int, int], spec: Spec) -> Iterator[Question]:
    """Give the questions of routes; `by_port` has the port that clients dial for each of theirs, others lead nowhere."""
    host = spec.gateway.probe_host or spec.balancer.address or f"{ANY_LABEL}.invalid"
    seen: set[tuple[int, bool, str]] = set()
    for route in routes:
        name = concrete(route.host, host)
        if route.port not in by_port:
            continue
        scheme, port = "https" if route.tls else "http", by_port[route.port]
        question = Question(scheme, name, route.path, "GET", port, origin=Origin.ROUTES)
        yield question
        if (route.port, route.tls, name) in seen:
            continue
        seen.add((route.port, route.tls, name))
        yield Question(scheme, name, route.path, "HEAD", port, origin=Origin.ROUTES)
        if route.tls:
            yield Question(scheme, name, route.path, "GET", port, Protocol.HTTP2, origin=Origin.ROUTES)


def concrete(pattern: str, host: str) -> str:
    """Give a host that a pattern of a gateway's matches; `host` for one that matches every host."""
    if pattern == "*":
        return host
    if pattern.startswith("*"):
        return f"{ANY_LABEL}{pattern[1:]}"
    return f"{pattern[:-1]}{ANY_LABEL}" if pattern.endswith("*") else pattern

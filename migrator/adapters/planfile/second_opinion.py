"""What the plan file says of a Prometheus and of other judges, as values. Of a secret only its place is read."""

from __future__ import annotations

from migrator.adapters.planfile import judging
from migrator.domain.model.spec import AccessSpec, OtherSpec, PrometheusSpec, QuerySpec, SecretRef, SigningSpec


def second_opinion(found: judging.Prometheus) -> PrometheusSpec:
    """Give the value."""
    queries = tuple(
        QuerySpec(query.name, query.query, query.hold, query.abort, query.when == "below", query.side)
        for query in found.queries
    )
    return PrometheusSpec(found.url, found.interval, found.window, found.total, found.errors, _access(found), queries)


def others_of(found: list[judging.Other]) -> tuple[OtherSpec, ...]:
    """Give the plan's own judges."""
    return tuple(
        OtherSpec(other.name, str(other.url or ""), tuple(other.command), other.interval, other.timeout, other.balancer)
        for other in found
    )


def _access(found: judging.Prometheus) -> AccessSpec | None:
    scheme, _, rest = (found.authorization or "").partition(" ")
    access = AccessSpec(
        bearer=_place(rest) if scheme == "bearer" else None,
        basic=_place(rest) if scheme == "basic" else None,
        signing=SigningSpec(*rest.split(" ")) if scheme == "aws" else None,
        headers=tuple((name, _place(place)) for name, place in sorted(found.headers.items())),
        ca=found.ca or "",
        certificate=found.certificate or "",
        key=found.key or "",
    )
    return None if access == AccessSpec() else access


def _place(words: str) -> SecretRef:
    kind, _, place = words.partition(":")
    return SecretRef(env=place) if kind == "env" else SecretRef(file=place)

"""Counts of both sides out of a Prometheus. Empty, NaN and stale answers are None: nobody can say. It judges nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from migrator.adapters.metrics.login import KeySource
from migrator.adapters.metrics.queries import Queries, brief, named, queries
from migrator.adapters.metrics.talk import Talk
from migrator.domain.gateways.profile import OWN_FLAGS
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Rate
from migrator.domain.model.spec import PrometheusSpec, QuerySpec, Spec

_STALE_INTERVALS = 3
_MORE, _FEW = 1.5, 5.0


class PrometheusRates:
    """A `RateSource`. Asks once per query, for 3 seconds at most; raises Unreachable or Refused (a query it rejects)."""

    def __init__(
        self,
        spec: Spec,
        prometheus: PrometheusSpec,
        keys: KeySource | None = None,
        moment: Callable[[], float] | None = None,
    ) -> None:
        """Give one for a plan; `keys` are what requests are signed with where the plan says so, `moment` the past that is
        asked about (Unix seconds; None: now)."""
        self._spec, self._prometheus = spec, prometheus
        self._talk = Talk(prometheus, keys, moment)

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give counts over the last `window` seconds, extrapolated by Prometheus and rounded.

        No series for the side, NaN, a newest sample older than three scrapes, or counts that cannot be: None. Series without a
        bad one: 0 bad.
        """
        asked = queries(self._spec, self._prometheus, side, window)
        if asked is None:
            return None
        total = _known(self._ask(asked.total))
        if total is None or (asked.age and self._stale(asked.age)):
            return None
        rows = self._ask(asked.errors)
        errors = _known(rows) if rows else 0.0  # answers, and no series of bad ones yet
        if errors is None:
            return None
        client, own = self._refused(asked)
        if not all(_can_be(part, total) for part in (0.0, errors, client, own)):
            return None
        requests = round(total)
        return Rate(
            requests, min(requests, round(errors)), client=_within(client, requests), own=_within(own, requests)
        )

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give what the newest scrapes say; None where a row is missing, is no finite number, or cannot be."""
        asked = brief(self._spec, self._prometheus, side, window)
        if asked is None:
            return None
        rows = dict(self._talk.ask(asked, lambda found: _labelled(found, "what")))
        total, newest, oldest = (rows.get(what) for what in ("total", "newest", "oldest"))
        if total is None or newest is None or oldest is None or not all(map(math.isfinite, rows.values())):
            return None
        bad, client = rows.get("bad", 0.0), rows.get("client", 0.0)
        if not (_can_be(bad, total) and _can_be(client, total)):
            return None
        requests, connections = round(total), rows.get("connections")
        rate = Rate(
            requests,
            min(requests, round(bad)),
            client=min(requests, round(client)),
            connections=None if connections is None else round(connections),
        )
        return Brief(rate, max(0.0, newest), max(0.0, oldest))

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give the number of a query of the plan's own; None where it gives none, several, or one that is not finite."""
        found = self._talk.ask(named(self._spec, query, window), _numbers)
        return found[0] if len(found) == 1 and math.isfinite(found[0]) else None

    def close(self) -> None:
        """Close the connections that were kept."""
        self._talk.close()

    def _refused(self, asked: Queries) -> tuple[float | None, float | None]:
        """Give the 4xx, and those of them that the gateway itself made as far as its flags say so."""
        if not asked.client:
            return None, None
        rows = self._talk.ask(asked.client, lambda found: _labelled(found, asked.flags))
        own = sum(count for flags, count in rows if OWN_FLAGS & set(flags.split(",")))
        return sum(count for _, count in rows), own if asked.flags else None

    def _stale(self, query: str) -> bool:
        age = _known(self._ask(query))
        return age is None or age > _STALE_INTERVALS * self._prometheus.interval

    def _ask(self, query: str) -> Sequence[float]:
        """Give the values of an instant vector (or a scalar); none for an empty one."""
        return self._talk.ask(query, _numbers)


def rates(spec: Spec) -> PrometheusRates | None:
    """Give the second opinion that the plan asks for, or None when it asks for none."""
    return PrometheusRates(spec, spec.judge.prometheus) if spec.judge.prometheus else None


def _known(values: Sequence[float]) -> float | None:
    """Give the sum; None when there is nothing or any of it is no finite number."""
    return sum(values) if values and all(map(math.isfinite, values)) else None


def _can_be(part: float | None, total: float) -> bool:
    """Say whether a part can be one of a total. Both are extrapolated, each by itself, so that a part may be a little more."""
    return part is None or not math.isfinite(part) or (total >= 0.0 and 0.0 <= part <= _MORE * total + _FEW)


def _within(count: float | None, requests: int) -> int | None:
    """Give a count as a number of requests; one that is no finite number is unknown."""
    return None if count is None or not math.isfinite(count) else min(requests, max(0, round(count)))


def _labelled(result: object, label: str) -> list[tuple[str, float]]:
    """Give (the label's value, the number) of each row of a vector."""
    if not isinstance(result, list):
        raise TypeError("the result is no list")
    return [(str(row["metric"].get(label, "")), float(row["value"][1])) for row in result]


def _numbers(result: object) -> Sequence[float]:
    """Read `data.result`: a vector (rows with a value) or a scalar (`[time, "1"]`)."""
    if not isinstance(result, list):
        raise TypeError("the result is no list")
    if len(result) == 2 and isinstance(result[1], str):
        return [float(result[1])]
    return [float(row["value"][1]) for row in result]

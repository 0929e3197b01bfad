"""Counts of both sides out of a Prometheus. Empty, NaN and stale answers are None: nobody can say. It judges nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from migrator.adapters.metrics.queries import queries
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Rate
from migrator.domain.model.spec import PrometheusSpec, Spec

if TYPE_CHECKING:
    from prometheus_api_client import PrometheusConnect
    from requests import Response

_SECONDS = 3  # three questions fit the ten seconds of a port
_STALE_INTERVALS = 3


class PrometheusRates:
    """A `RateSource`. Asks once per query, for 3 seconds at most; raises Unreachable or Refused (a query it rejects)."""

    def __init__(self, spec: Spec, prometheus: PrometheusSpec) -> None:
        self._spec, self._prometheus = spec, prometheus
        self._client = _client(prometheus.url)

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give counts over the last `window` seconds, extrapolated by Prometheus and rounded.

        No series for the side, NaN, or a newest sample older than three scrapes: None. Series without a bad one: 0 bad.
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
        requests = max(0, round(total))
        return Rate(requests, min(requests, max(0, round(errors))))

    def close(self) -> None:
        """Close the connections that were kept."""
        self._client.close()

    def _stale(self, query: str) -> bool:
        age = _known(self._ask(query))
        return age is None or age > _STALE_INTERVALS * self._prometheus.interval

    def _ask(self, query: str) -> Sequence[float]:
        """Give the values of an instant vector (or a scalar); none for an empty one."""
        with self._in_our_words():
            return _numbers(self._client.custom_query(query))

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        from requests import RequestException

        try:
            yield
        except RequestException as error:
            url, kind = self._prometheus.url, type(error).__name__
            raise Unreachable(say("prometheus.no-answer", url=url, words=kind)) from error
        except (LookupError, TypeError, ValueError) as error:
            raise Unreachable(say("prometheus.no-prometheus", url=self._prometheus.url)) from error


def rates(spec: Spec) -> PrometheusRates | None:
    """Give the second opinion that the plan asks for, or None when it asks for none."""
    return PrometheusRates(spec, spec.judge.prometheus) if spec.judge.prometheus else None


def _client(url: str) -> PrometheusConnect:
    from prometheus_api_client import PrometheusConnect
    from requests import Session
    from urllib3.util.retry import Retry

    session = Session()
    session.hooks["response"].append(_require_ok)
    # its own defaults are no timeout at all and three retries: six seconds before a dead server is said to be dead
    return PrometheusConnect(url.rstrip("/"), session=session, retry=Retry(0, redirect=0), timeout=_SECONDS)


def _require_ok(response: Response, *_args: object, **_kwargs: object) -> None:
    """Tell a rejected query from a server in trouble by the status, which the library keeps only in a text."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise Unreachable(say("prometheus.in-trouble", status=status))
    if status != 200:
        raise Refused(say("prometheus.refused", status=status, words=response.text[:200]))


def _known(values: Sequence[float]) -> float | None:
    """Give the sum; None when there is nothing or any of it is no finite number."""
    return sum(values) if values and all(map(math.isfinite, values)) else None


def _numbers(result: object) -> Sequence[float]:
    """Read `data.result`: a vector (rows with a value) or a scalar (`[time, "1"]`)."""
    if not isinstance(result, list):
        raise TypeError("the result is no list")
    if len(result) == 2 and isinstance(result[1], str):
        return [float(result[1])]
    return [float(row["value"][1]) for row in result]

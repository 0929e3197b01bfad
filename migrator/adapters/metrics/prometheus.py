"""Counts of both sides out of a Prometheus. Empty, NaN and stale answers are None: nobody can say. It judges nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from migrator.adapters.bounded.deadline import Deadline, whole
from migrator.adapters.metrics.queries import Queries, brief, queries
from migrator.domain.gateways.profile import OWN_FLAGS
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.samples import Brief, Rate
from migrator.domain.model.spec import PrometheusSpec, Spec

if TYPE_CHECKING:
    from prometheus_api_client import PrometheusConnect
    from requests import Response

_SECONDS = 2.5  # four questions fit the ten seconds of a port
_STALE_INTERVALS = 3
_LARGEST = 16 << 20
_MORE, _FEW = 1.5, 5.0


class PrometheusRates:
    """A `RateSource`. Asks once per query, for 3 seconds at most; raises Unreachable or Refused (a query it rejects)."""

    def __init__(self, spec: Spec, prometheus: PrometheusSpec) -> None:
        self._spec, self._prometheus = spec, prometheus
        self._client = _client(prometheus.url)

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
        with Deadline(_SECONDS) as deadline, self._in_our_words():
            rows = dict(_labelled(self._client.custom_query(asked), "what"))
            deadline.check()
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

    def close(self) -> None:
        """Close the connections that were kept."""
        self._client.close()

    def _refused(self, asked: Queries) -> tuple[float | None, float | None]:
        """Give the 4xx, and those of them that the gateway itself made as far as its flags say so."""
        if not asked.client:
            return None, None
        with Deadline(_SECONDS) as deadline, self._in_our_words():
            rows = _labelled(self._client.custom_query(asked.client), asked.flags)
            deadline.check()
        own = sum(count for flags, count in rows if OWN_FLAGS & set(flags.split(",")))
        return sum(count for _, count in rows), own if asked.flags else None

    def _stale(self, query: str) -> bool:
        age = _known(self._ask(query))
        return age is None or age > _STALE_INTERVALS * self._prometheus.interval

    def _ask(self, query: str) -> Sequence[float]:
        """Give the values of an instant vector (or a scalar); none for an empty one."""
        with Deadline(_SECONDS) as deadline, self._in_our_words():
            found = self._client.custom_query(query)
            deadline.check()
            return _numbers(found)

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        from urllib3.exceptions import HTTPError

        try:
            yield
        except (OSError, HTTPError) as error:  # what requests raises is an OSError
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
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry

    from migrator.adapters.bounded.pools import watched

    session = Session()
    session.hooks["response"] += [_require_small, _require_ok, _require_json]
    # its own defaults are no timeout at all and three retries: six seconds before a dead server is said to be dead
    client = PrometheusConnect(url.rstrip("/"), session=session, retry=Retry(0, redirect=0), timeout=_SECONDS)
    for adapter in session.adapters.values():
        if isinstance(adapter, HTTPAdapter):
            watched(adapter.poolmanager)
    return client


def _require_small(response: Response, *_args: object, **_kwargs: object) -> None:
    """Read an answer as far as one may be; the library would read it to its end, however far that is."""
    response.raw = BytesIO(whole(response.raw.stream(1 << 16, decode_content=True), _LARGEST, response.close))


def _require_ok(response: Response, *_args: object, **_kwargs: object) -> None:
    """Tell a rejected query from a server in trouble by the status, which the library keeps only in a text."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise Unreachable(say("prometheus.in-trouble", status=status))
    if response.is_redirect:
        raise Refused(say("prometheus.redirected", to=response.headers["location"][:200]))
    if status != 200:
        raise Refused(say("prometheus.refused", status=status, words=response.text[:200]))


def _require_json(response: Response, *_args: object, **_kwargs: object) -> None:
    """Refuse (ValueError) what the library's own reading would not survive: it knows no bounds. Unreachable: a web page."""
    if response.content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise Unreachable(say("prometheus.web-page"))
    parsed(response.content)


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

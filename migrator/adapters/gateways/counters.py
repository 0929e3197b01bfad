"""An Envoy's statistics read into counts of one gateway. Pure. What is absent is unknown (None), never 0."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import quote

from migrator.domain.gateways.profile import OWN_FLAGS, OwnListeners
from migrator.domain.model.manifests import Json, dig, items, text
from migrator.domain.model.samples import Buckets, Classes, Listened
from migrator.domain.showing.percentiles import summed

_OF_HTTP = re.compile(
    r"http\.(?P<prefix>.+)\.(?P<what>downstream_rq_(?:[2345]xx|active|rx_reset|tx_reset)|no_route|no_cluster)"
)
_REFUSED = re.compile(r"listener\.(?P<listener>.+)\.(?:downstream_cx_over(?:flow|load_reject)|ssl\.connection_error)")
_UPSTREAM = re.compile(r"cluster\.(?P<cluster>.+)\.upstream_rq_4xx")
_AGAIN = re.compile(r"\.(external|internal|canary|zone\..+)$")  # what Envoy counts of a cluster a second time
_TIMES = re.compile(r"http\.(?P<prefix>.+)\.downstream_rq_time")
_CONNECTIONS = re.compile(r"listener\.(?P<listener>.+)\.downstream_cx_(?P<what>active|total)")
_OF_A_THREAD = re.compile(r"\.(worker_\d+|main_thread)$")
_PORT = re.compile(r"[_:](\d{1,5})$")
_ENDS_WITH_PORT = re.compile(r"[_:.-](\d{1,5})$")
_ISTIO = re.compile(r"^istio_requests_total\{(?P<labels>.*)\} (?P<count>\d+(?:\.\d+)?(?:e\+?\d+)?)", re.MULTILINE)
_LABEL = re.compile(r'\b(\w+)="((?:[^"\\]|\\.)*)"')

_PATTERN = (
    r"^(http\..*\.(downstream_rq_([2345]xx|active|[rt]x_reset{times})|no_route|no_cluster)"
    r"|listener\..*\.(downstream_cx_(active|total|overflow|overload_reject)|ssl\.connection_error)"
    r"|cluster\..*\.upstream_rq_4xx)$"
)
ISTIO_TARGET = "/stats/prometheus?filter=" + quote("istio_requests_total", safe="")


@dataclass(frozen=True, slots=True)
class Counted:
    """What one process has counted since it started; `requests` None: it does not count answers at all."""

    requests: int | None
    bad: int = 0
    slow: int | None = None
    connections: int | None = None
    accepted: int | None = None
    slow_over: float | None = None
    timed: int | None = None
    active: int | None = None
    classes: Classes | None = None
    times: Buckets = ()

    def beside(self, first: Counted) -> Counted:
        """Fill this reading of used counters alone: what the same process has had and never used is 0."""
        return Counted(
            requests=_or_zero(self.requests, first.requests),
            bad=self.bad,
            slow=_or_zero(self.slow, first.slow),
            connections=_or_zero(self.connections, first.connections),
            accepted=_or_zero(self.accepted, first.accepted),
            slow_over=self.slow_over or first.slow_over,
            timed=_or_zero(self.timed, first.timed),
            active=_or_zero(self.active, first.active),
            classes=_beside(self.classes, first.classes),
            times=self.times,
        )


def _beside(now: Classes | None, first: Classes | None) -> Classes | None:
    if first is None:
        return now
    found = now or Classes(0)
    return replace(
        found,
        own=_or_zero(found.own, first.own),
        broken=_or_zero(found.broken, first.broken),
        upstream=() if found.upstream is None and first.upstream is not None else found.upstream,
    )


def stats_target(over: float | None, used_only: bool = False) -> str:
    """Give what to ask the admin port: one filtered document, with the latency histogram when `over` is wanted.

    `used_only` leaves out what was never counted: a quarter of the cost beside 500 clusters (5 ms against 22).
    """
    pattern = _PATTERN.format(times="" if over is None else "|time")
    used = "&usedonly" if used_only else ""
    return f"/stats?format=json{used}&histogram_buckets=cumulative&filter={quote(pattern, safe='')}"


def counted(
    stats: Json, over: float | None, own: OwnListeners, ports: Mapping[int, int] = MappingProxyType({})
) -> Counted:
    """Read `/stats?format=json`. `over` is seconds; None: slow ones are not asked for. Nothing of `own` is counted.

    `ports` gives a listener the name that it has on the other side: listening port here -> there.
    """
    plain = [(text(row, "name"), value) for row in items(stats, "stats") if isinstance(value := row.get("value"), int)]
    counts = _by_prefix(plain, own.statistics)
    histograms = () if over is None else tuple(map(_buckets, _histograms(stats, own.statistics)))
    slow, timed, edge = (None, None, None) if over is None else _slow(histograms, over)
    return Counted(
        requests=_total(counts, *(f"downstream_rq_{family}xx" for family in "2345")),
        bad=_total(counts, "downstream_rq_5xx") or 0,
        slow=slow,
        connections=_connections(plain, "active", own.ports),
        accepted=_connections(plain, "total", own.ports),
        slow_over=edge,
        timed=timed,
        active=_total(counts, "downstream_rq_active"),
        classes=_classes(counts, plain, own.ports, ports),
        times=summed(histograms),
    )


def counted_by_istio(metrics: str) -> Counted:
    """Count answers by Istio's own counter, which stock gateways have when Envoy's are left out.

    Only what the gateway itself reports as a client counts; code 0 is a client that went away, not an answer.
    """
    requests = bad = client = own = 0
    for counter in _ISTIO.finditer(metrics):
        labels, count = dict(_LABEL.findall(counter["labels"])), _counted(counter["count"])
        code = labels.get("response_code", "")
        if labels.get("reporter") == "source" and len(code) == 3 and code[0] in "2345":
            requests += count
            bad += count if code[0] == "5" else 0
            client += count if code[0] == "4" else 0
            own += count if code[0] == "4" and OWN_FLAGS & set(labels.get("response_flags", "").split(",")) else 0
    return Counted(requests, bad, classes=Classes(client, own))


def nearest_edge(edges: Iterable[float], over: float) -> float | None:
    """Give the histogram's bucket edge nearest to `over` (both in seconds): that is what "slow" then means."""
    return min(edges, key=lambda edge: abs(edge - over), default=None)


def _or_zero(now: int | None, first: int | None) -> int | None:
    return 0 if now is None and first is not None else now


def _by_prefix(plain: Iterable[tuple[str, int]], own: frozenset[str]) -> dict[str, dict[str, int]]:
    """Give the counters of each HTTP listener by its statistics' prefix; the gateway's own ones serve no client."""
    found: dict[str, dict[str, int]] = {}
    for name, value in plain:
        match = _OF_HTTP.fullmatch(name)
        if match and (prefix := match["prefix"].rstrip(";")) not in own:
            found.setdefault(prefix, {})[match["what"]] = value
    return found


def _total(counts: Mapping[str, Mapping[str, int]], *names: str) -> int | None:
    """Add counters up over all listeners; None where none of them is there."""
    found = [of[name] for of in counts.values() for name in names if name in of]
    return sum(found) if found else None


def _classes(
    counts: Mapping[str, Mapping[str, int]],
    plain: Sequence[tuple[str, int]],
    own: frozenset[int],
    ports: Mapping[int, int],
) -> Classes | None:
    answers = tuple(f"downstream_rq_{family}xx" for family in "2345")
    if _total(counts, *answers) is None:
        return None
    refused = [n for name, n in plain if (at := _REFUSED.fullmatch(name)) and _serving(at["listener"], own)]
    resets = _total(counts, "downstream_rq_rx_reset", "downstream_rq_tx_reset")
    upstream = {
        at["cluster"]: n for name, n in plain if (at := _UPSTREAM.fullmatch(name)) and not _AGAIN.search(at["cluster"])
    }
    return Classes(
        client=_total(counts, "downstream_rq_4xx") or 0,
        own=_total(counts, "no_route", "no_cluster"),
        broken=None if resets is None and not refused else (resets or 0) + sum(refused),
        upstream=tuple((name, n) for name, n in upstream.items() if n) if upstream else None,
        listeners=tuple(
            Listened(
                _renamed(prefix, ports),
                _total({prefix: of}, *answers) or 0,
                of.get("downstream_rq_4xx", 0),
                _total({prefix: of}, "no_route", "no_cluster"),
            )
            for prefix, of in sorted(counts.items())
        ),
    )


def _renamed(prefix: str, ports: Mapping[int, int]) -> str:
    """Give a listener's name with the port that the other side listens on, where the name ends with a port."""
    port = _ENDS_WITH_PORT.search(prefix)
    if port is None or int(port[1]) not in ports:
        return prefix
    return f"{prefix[: port.start(1)]}{ports[int(port[1])]}"


def _connections(plain: Iterable[tuple[str, int]], what: str, ports: frozenset[int]) -> int | None:
    total = None
    for name, value in plain:
        match = _CONNECTIONS.fullmatch(name)
        if match and match["what"] == what and _serving(match["listener"], ports):
            total = (total or 0) + value
    return total


def _serving(listener: str, ports: frozenset[int]) -> bool:
    if listener == "admin" or _OF_A_THREAD.search(listener):
        return False
    port = _PORT.search(listener.rstrip(";"))
    return port is None or int(port[1]) not in ports


def _histograms(stats: Json, own: frozenset[str]) -> Iterator[Json]:
    for row in items(stats, "stats"):
        for histogram in items(row, "histograms"):
            match = _TIMES.fullmatch(text(histogram, "name"))
            if match and match["prefix"].rstrip(";") not in own:
                yield histogram


def _buckets(histogram: Json) -> Buckets:
    return tuple(
        (_number(row, "upper_bound") / 1000, int(_number(row, "cumulative"))) for row in items(histogram, "buckets")
    )


def _slow(histograms: Iterable[Buckets], over: float) -> tuple[int | None, int | None, float | None]:
    """Count what lies above the edge nearest to `over`, and everything that was timed, and give that edge.

    Envoy merges its histograms at each flush (5 s by default). All of a process have the same edges.
    """
    slow, timed, edge = None, None, None
    for upto in map(dict, histograms):
        edge = nearest_edge(upto, over)
        if edge is not None:
            whole = max(upto.values())
            slow, timed = (slow or 0) + whole - upto[edge], (timed or 0) + whole
    return slow, timed, edge


def _counted(words: str) -> int:
    """Give a counter's number; 0 for one that is out of all bounds."""
    value = float(words)
    return int(value) if math.isfinite(value) else 0


def _number(row: Json, key: str) -> float:
    value = dig(row, key)
    return float(value) if isinstance(value, int | float) else 0.0

"""ingress-nginx's metrics read into counts of one gateway. Pure. What is absent is unknown (None), but for requests.

A controller that counts has no series of requests before the first one: then there were none. New connections are unknown: the
controller asks its own nginx for its health and its counters, on a new connection each time, and nginx counts these among the
clients' (kubernetes/ingress-nginx rootfs/etc/nginx/template/nginx.tmpl, the server of the status port: `keepalive_timeout 0`).
Our own looks, kubelet's and the balancer's checks would be more of them than a small gateway's clients.
"""

from __future__ import annotations

import re
from math import inf

from migrator.adapters.gateways.counters import Counted, nearest_edge
from migrator.domain.model.samples import Classes

_REQUESTS = re.compile(
    rb'^nginx_ingress_controller_requests\{[^\n]*?\bstatus="(?P<status>\d{3})"[^\n]*\} (?P<count>\S+)', re.M
)
_LIVE = re.compile(rb'^nginx_ingress_controller_nginx_process_connections\{[^\n]*?state="active"[^\n]*\} (\S+)', re.M)
_ITS_OWN = 1
"""The connection on which the controller asks for that number is one of it: it is never 0."""
_POD = re.compile(rb'\bcontroller_pod="([^"]+)"')
_STARTED = re.compile(rb"^process_start_time_seconds (\S+)", re.M)
_DURATIONS = re.compile(
    rb"^nginx_ingress_controller_request_duration_seconds_bucket\{"
    rb'(?![^\n]*?\bstatus="(?:1\d\d|499)")[^\n]*?'
    rb'\ble="(?P<edge>\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?|\+Inf)"[^\n]*\} (?P<count>\S+)',
    re.M,
)
_BUILD = re.compile(rb'^nginx_ingress_controller_build_info\{[^\n]*?\brelease="([^"\n]+)"', re.M)
LONGEST = 60
"""Letters of a version that are kept."""

GONE_AWAY = b"499"
"""What nginx writes down where the client went away before its answer: no answer at all."""


def counted_by_nginx(metrics: bytes, over: float | None = None) -> Counted:
    """Count answers by status; those of code 1xx and of clients that went away are none.

    `over` is seconds: how many took longer, by the histogram's edge nearest to it. None: nobody wants to know.
    """
    by_class = dict.fromkeys(b"2345", 0)
    for row in _REQUESTS.finditer(metrics):
        if row["status"] != GONE_AWAY and row["status"][0] in by_class:
            by_class[row["status"][0]] += _whole(row["count"])
    requests = sum(by_class.values())
    live = _first(_LIVE, metrics)
    slow, timed, edge = _slow(metrics, over, requests) if over is not None else (None, None, None)
    return Counted(
        requests,
        by_class[ord("5")],
        slow=slow,
        slow_over=edge,
        timed=timed,
        connections=None if live is None else max(0, live - _ITS_OWN),
        classes=Classes(by_class[ord("4")]),
    )


def pod_of(metrics: bytes) -> str:
    """Give the pod that the metrics name; "" where they name none."""
    found = _POD.search(metrics)
    return found[1].decode(errors="replace") if found else ""


def _slow(metrics: bytes, over: float, requests: int) -> tuple[int | None, int | None, float | None]:
    """Count what lies above the edge nearest to `over`, all that was timed, and give that edge.

    Without a histogram nothing is known; but one that has answered nobody yet has answered nobody slowly. A WebSocket is
    "answered" when it ends: what counts as no answer is not timed either.
    """
    upto: dict[float, int] = {}
    for row in _DURATIONS.finditer(metrics):
        edge = inf if row["edge"] == b"+Inf" else float(row["edge"])
        upto[edge] = upto.get(edge, 0) + _whole(row["count"])
    near = nearest_edge((edge for edge in upto if edge < inf), over)
    if near is None or inf not in upto:
        return (None, None, None) if requests else (0, 0, None)
    return max(0, upto[inf] - upto[near]), upto[inf], near


def version_of(metrics: bytes) -> str:
    """Give the controller's release; "" where the metrics do not say it."""
    found = _BUILD.search(metrics)
    return found[1].decode(errors="replace")[:LONGEST] if found else ""


def started(metrics: bytes) -> str:
    """Give the controller's start, as it says it: another one has counted from 0 again."""
    found = _STARTED.search(metrics)
    return found[1].decode(errors="replace") if found else ""


def _first(pattern: re.Pattern[bytes], metrics: bytes) -> int | None:
    found = pattern.search(metrics)
    return _whole(found[1]) if found else None


def _whole(words: bytes) -> int:
    """Give a counter's number; 0 for one that is none, or out of all bounds."""
    try:
        return max(0, int(float(words)))
    except (ValueError, OverflowError):
        return 0

"""ingress-nginx's metrics read into counts of one gateway. Pure. What is absent is unknown (None), but for requests.

A controller that counts has no series of requests before the first one: then there were none.
"""

from __future__ import annotations

import re

from migrator.adapters.gateways.counters import Counted
from migrator.domain.model.samples import Classes

_REQUESTS = re.compile(
    rb'^nginx_ingress_controller_requests\{[^\n]*?\bstatus="(?P<status>\d{3})"[^\n]*\} (?P<count>\S+)', re.M
)
_LIVE = re.compile(rb'^nginx_ingress_controller_nginx_process_connections\{[^\n]*?state="active"[^\n]*\} (\S+)', re.M)
_ACCEPTED = re.compile(
    rb'^nginx_ingress_controller_nginx_process_connections_total\{[^\n]*?state="accepted"[^\n]*\} (\S+)', re.M
)
_POD = re.compile(rb'\bcontroller_pod="([^"]+)"')
_STARTED = re.compile(rb"^process_start_time_seconds (\S+)", re.M)
GONE_AWAY = b"499"
"""What nginx writes down where the client went away before its answer: no answer at all."""


def counted_by_nginx(metrics: bytes) -> Counted:
    """Count answers by status; those of code 1xx and of clients that went away are none."""
    by_class = dict.fromkeys(b"2345", 0)
    for row in _REQUESTS.finditer(metrics):
        if row["status"] != GONE_AWAY and row["status"][0] in by_class:
            by_class[row["status"][0]] += _whole(row["count"])
    return Counted(
        sum(by_class.values()),
        by_class[ord("5")],
        connections=_first(_LIVE, metrics),
        accepted=_first(_ACCEPTED, metrics),
        classes=Classes(by_class[ord("4")]),
    )


def pod_of(metrics: bytes) -> str:
    """Give the pod that the metrics name; "" where they name none."""
    found = _POD.search(metrics)
    return found[1].decode(errors="replace") if found else ""


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

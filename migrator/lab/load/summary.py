"""What a load is summed up to: plain values for `summary.json` and `live.json`. It counts nothing itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from migrator.lab.load.ledger import Ledger
from migrator.lab.load.mix import Group, Kind, Mix
from migrator.lab.load.tally import Tally

Json = Any  # a JSON value
_LIVE = ("sent", "answered", "lost", "bad", "wrong", "cut")


@dataclass(frozen=True, slots=True)
class Course:
    """How the load went by: wall clock seconds, and the processor seconds it used. No request began after `stopped`."""

    started: float
    stopped: float
    ended: float
    cpu: float


def live(ledger: Ledger, at: float) -> dict[str, Json]:
    """Return the running totals at wall clock second `at`, with how many each gateway answered."""
    total = ledger.total()
    counts = {name: getattr(total, name) for name in _LIVE}
    return {"t": round(at, 3), **counts, "in_flight": ledger.in_flight, "gateways": dict(ledger.gateways)}


def summed(ledger: Ledger, mix: Mix, course: Course) -> dict[str, Json]:
    """Return the whole summary. Raise `AssertionError` if the account does not balance or something is in flight."""
    ledger.check()
    assert ledger.in_flight == 0, f"{ledger.in_flight} requests are neither answered nor lost"
    total = ledger.total()
    return {
        "mix": mix.name,
        "started": round(course.started, 3),
        "stopped": round(course.stopped, 3),
        "ended": round(course.ended, 3),
        "seconds": round(course.ended - course.started, 3),
        "requests_per_second": round(total.sent / (course.stopped - course.started), 1),
        "cpu_seconds": round(course.cpu, 2),
        "cpu_share": round(course.cpu / (course.ended - course.started), 3),
        "balanced": total.sent == total.answered + total.lost,
        "in_flight": ledger.in_flight,
        "totals": counted(total, clients=mix.clients),
        "kinds": {group.kind.value: _of_kind(ledger, group) for group in mix.groups},
        "gateways": dict(ledger.gateways),
        "marks": {name: asdict(row) for name, row in sorted(ledger.marks.items())},
        "per_second": [{"t": at, **asdict(second)} for at, second in sorted(ledger.seconds.items())],
    }


def counted(tally: Tally, *, clients: int) -> dict[str, Json]:
    """Return one tally as plain values; latencies in milliseconds, at most 2 % too high."""
    counts = {name: getattr(tally, name) for name in (*_LIVE, "skipped", "failed_connects", "connections")}
    return {
        **counts,
        "clients": clients,
        "p50_ms": tally.latencies.percentile(0.50),
        "p99_ms": tally.latencies.percentile(0.99),
        "errors": dict(tally.errors),
        "statuses": _as_text(tally.statuses),
    }


def _of_kind(ledger: Ledger, group: Group) -> dict[str, Json]:
    tally = ledger.of(group.kind)
    per_request = group.kind is Kind.NEW_CONNECTION
    reconnects = 0 if per_request else max(0, tally.connections - group.clients)
    return {**counted(tally, clients=group.clients), "reconnects": reconnects}


def _as_text(counts: Mapping[int, int]) -> dict[str, int]:
    return {str(status): count for status, count in sorted(counts.items())}

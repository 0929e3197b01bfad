"""The exec protocol's values, read strictly: a wrong type is Unread, never a guess. Pure."""

from __future__ import annotations

from migrator.domain.balancers.settings import Steering
from migrator.domain.messages.findings import Finding, Severity, worded
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

SIMPLE = Capabilities(batch=1, several_listeners=False, health_at_zero=False, zero_keeps_connections=None)
"""What a command is taken to be able to do when it does not say."""


VERSION = 1
STEERING = "saysSteering"


class Unread(ValueError):
    """A value is not what the protocol says; `why` says which, and what it should be."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


def named(backend: Backend) -> dict[str, Json]:
    """Name a backend in a request."""
    return {"listener": backend.listener, "address": backend.address, "port": backend.port, "ref": backend.ref}


def balancer_of(spec: BalancerSpec) -> dict[str, Json]:
    """Say in a request which balancer is meant."""
    return {
        "id": spec.id,
        "region": spec.region,
        "endpoint": spec.endpoint or "",
        "listeners": [{"id": listener.id, "port": listener.port} for listener in spec.listeners],
        "options": {name: value for name, value in spec.options if name != "command"},
    }


def target(row: dict[str, Json], health_at_zero: bool) -> Target:
    """Read a backend with its weight. Health at weight 0 is UNKNOWN where the command says that it is no evidence."""
    backend = Backend(_text(row, "listener"), _text(row, "address"), _whole(row, "port", 1, 65535), _maybe(row, "ref"))
    weight = _whole(row, "weight", 0, 1 << 31)
    health = Health(_maybe(row, "health") or Health.UNKNOWN)
    sessions = None if row.get("sessions") is None else _whole(row, "sessions", 0, 1 << 62)
    return Target(backend, weight, health if weight or health_at_zero else Health.UNKNOWN, sessions)


def capabilities(reply: dict[str, Json]) -> Capabilities:
    """Read what the balancer can do; what is not said is taken to be the least."""
    known = {
        "weightMax", "batch", "severalListeners", "healthAtZero", "zeroKeepsConnections",
        "reportsSessions", "settle", "drainFloor", "writesPerMinute", STEERING,
    }  # fmt: skip
    given = reply.get("capabilities")
    if not isinstance(given, dict):
        raise Unread(say("exec.no-object", name="capabilities"))
    if unknown := sorted(set(given) - known):
        raise Unread(say("exec.unknown-capability", name=unknown[0]))
    return Capabilities(
        weight_max=_whole(given, "weightMax", 1, 1 << 31, SIMPLE.weight_max),
        batch=_whole(given, "batch", 1, 100_000, SIMPLE.batch),
        several_listeners=_flag(given, "severalListeners") or False,
        health_at_zero=_flag(given, "healthAtZero") or False,
        zero_keeps_connections=_flag(given, "zeroKeepsConnections"),
        reports_sessions=_flag(given, "reportsSessions") or False,
        settle=_seconds(given, "settle", SIMPLE.settle),
        drain_floor=_seconds(given, "drainFloor", SIMPLE.drain_floor),
        writes_per_minute=_whole(given, "writesPerMinute", 1, 1 << 31) if "writesPerMinute" in given else None,
    )


def says_steering(reply: dict[str, Json]) -> bool:
    """Read whether the command says how listeners are set."""
    given = reply.get("capabilities")
    return isinstance(given, dict) and _flag(given, STEERING) is True


def steering(row: dict[str, Json]) -> Steering:
    """Read how a listener is set; what is not said is never compared."""
    names = ("scheduler", "sticky", "proxyProtocol", "idle", "switches")
    return Steering(_text(row, "listener"), *(_maybe(row, name) for name in names))


def finding(row: dict[str, Json]) -> Finding:
    """Read a finding; its code is put under `balancer.` so that it can be waived like any other."""
    code = _text(row, "code")
    return worded(
        code if code.startswith("balancer.") else f"balancer.{code}",
        Severity(_text(row, "severity")),
        _text(row, "subject"),
        _text(row, "problem"),
        _maybe(row, "evidence"),
        _maybe(row, "remedy"),
    )


def _text(row: dict[str, Json], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise Unread(say("exec.no-text", name=name))
    return value


def _maybe(row: dict[str, Json], name: str) -> str:
    return "" if row.get(name) in (None, "") else _text(row, name)


def _whole(row: dict[str, Json], name: str, low: int, high: int, default: int | None = None) -> int:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Unread(say("exec.no-whole-number", name=name, least=low, most=high))
    return value


def _flag(row: dict[str, Json], name: str) -> bool | None:
    value = row.get(name)
    if value is not None and not isinstance(value, bool):
        raise Unread(say("exec.no-flag", name=name))
    return value


def _seconds(row: dict[str, Json], name: str, default: float) -> float:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise Unread(say("exec.no-seconds", name=name, most=3600))
    return float(value)

"""What defeats weights or cuts connections on a Tencent listener or rule, as findings. Pure: it reads one description.

On layer 7 scheduler, persistence, health check and kind of targets are a rule's; the port and keep-alive are the listener's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.adapters.balancers.tencent.rows import LAYER_7, Row, parts
from migrator.domain.balancers.settings import HealthCheck, Steering
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, items, mapping, number, text
from migrator.domain.model.subjects import listeners_subject

REFUSALS_ARE_WELL = {8: "4xx", 16: "5xx"}
"""Bits of a health check's HttpCode; the others are 1xx, 2xx and 3xx (API reference, HealthCheck; the default is all)."""


def missing(balancer: str, listener: str) -> Finding:
    """Say that the balancer has no such listener."""
    return block("balancer.no-listener:tencent", listeners_subject([listener]), balancer=balancer)


def other_port(row: Row | None, planned: int) -> Iterable[Finding]:
    """Say that clients dial another port than the plan does."""
    if row and (real := number(row, "Port")) and planned and real != planned:
        yield block("balancer.listener-port", listeners_subject([text(row, "ListenerId")]), port=real, planned=planned)


def of_listener(row: Row, ours: Callable[[str], bool] = lambda _: True) -> Iterable[Finding]:
    """Check what defeats weights or cuts connections on one listener, and on those of its rules that are the plan's."""
    subject = listeners_subject([text(row, "ListenerId")])
    if text(row, "Protocol") in LAYER_7:
        yield from _layer_7(subject, row)
    yield from _cutting(subject, row)
    pools = [(name, part) for name, part in parts(row) if ours(name)]
    for name, part in pools:
        yield from _of_pool(listeners_subject([name]), part)
    yield from _content(pools)


def _layer_7(subject: Message, row: Row) -> Iterable[Finding]:
    """Say what is different where the balancer itself answers clients, and asks a gateway for each request."""
    yield info("balancer.layer-7", subject, protocol=text(row, "Protocol"), rules=len(items(row, "Rules")))
    if number(row, "KeepaliveEnable"):
        yield warn("balancer.upstream-keepalive", subject)


def _cutting(subject: Message, row: Row) -> Iterable[Finding]:
    """Say what cuts connections, or cannot be seen to: both are layer 4 only (API reference)."""
    if text(row, "Protocol") == "QUIC":
        yield block("balancer.quic", subject)
    flags = row.get("AttrFlags")
    if row.get("DeregisterTargetRst") is True or (isinstance(flags, list) and "DeregisterTargetRst" in flags):
        yield warn("balancer.reset-on-removal:tencent", subject)
    if isinstance(flags, list) and "RescheduleTargetZeroWeight" in flags:
        yield block("balancer.cuts-at-zero", subject)


def _of_pool(subject: Message, row: Row) -> Iterable[Finding]:
    """Check what decides of the targets of one listener or rule."""
    kind = text(row, "TargetType") or "NODE"
    if kind != "NODE":
        yield block("balancer.target-group", subject, type=kind)
    scheduler = text(row, "Scheduler")
    if scheduler not in ("WRR", ""):
        yield block("balancer.scheduler:tencent", subject, scheduler=scheduler)
    if seconds := number(row, "SessionExpireTime"):
        yield block(
            "balancer.sticky:tencent",
            subject,
            seconds=seconds,
            by=say("tencent.by-cookie") if "LocationId" in row else say("tencent.by-address"),
        )


def _content(pools: Iterable[tuple[str, Row]]) -> Iterable[Finding]:
    """Say that health checks over HTTP are content with refusals; once for all that accept the same."""
    alike: dict[int, list[tuple[str, Row]]] = {}
    for name, part in pools:
        check = mapping(part, "HealthCheck")
        if number(check, "HealthSwitch") == 1 and _path(check):
            alike.setdefault(number(check, "HttpCode"), []).append((name, check))
    for code, checks in alike.items():
        well = [words for bit, words in REFUSALS_ARE_WELL.items() if code & bit]
        if well:
            yield warn(
                "balancer.check-content",
                listeners_subject(name for name, _ in checks),
                well=tuple(well),
                code=code,
                asks=tuple(dict.fromkeys(_asked(check) for _, check in checks)),
            )


def _asked(check: Row) -> str:
    domain = text(check, "HttpCheckDomain")
    return f"{text(check, 'HttpCheckMethod') or 'HEAD'} {domain}{_path(check)}"


def _path(check: Row) -> str:
    """Give the path that a check asks for; "" for one that only connects. Over HTTP the root where none is set."""
    over_http = text(check, "CheckType") in ("HTTP", "HTTPS")
    return text(check, "HttpCheckPath") or ("/" if over_http else "")


def health_check_of(name: str, row: Row) -> HealthCheck:
    """Give a listener's or rule's health check. `CheckPort` absent or -1 is the backend's own port (API reference)."""
    check = mapping(row, "HealthCheck")
    return HealthCheck(
        name,
        number(check, "HealthSwitch") == 1,
        float(number(check, "IntervalTime")),
        float(number(check, "TimeOut")),
        number(check, "UnHealthNum"),
        number(check, "HealthNum"),
        max(0, number(check, "CheckPort")),
        _path(check),
        own_port="LocationId" in row,
    )


def steering_of(name: str, row: Row, listener: Row) -> Steering:
    """Give how a listener or rule steers; WRR is what "" means there.

    No field says whether PROXY protocol is on: ModifyListener takes it, and where the API lists it at all, it is a flag.
    """
    kept = number(row, "SessionExpireTime")
    idle = number(listener, "IdleConnectTimeout")
    return Steering(
        name,
        text(row, "Scheduler") or "WRR",
        f"{kept} s",
        idle=f"{idle} s" if idle else "",
        switches=_switches(listener),
    )


def _switches(listener: Row) -> str:
    """Give what is switched on; "" where the API lists no flags."""
    flags = listener.get("AttrFlags")
    if not isinstance(flags, list):
        return ""
    on = {flag for flag in flags if isinstance(flag, str)}
    on |= {name for name in ("DeregisterTargetRst", "KeepaliveEnable") if listener.get(name) in (True, 1)}
    return " ".join(sorted(on)) or "none"


def quota_of(answer: dict[str, Json]) -> int | None:
    """Give how many targets a layer-4 listener (or a forwarding rule) of this account takes; None where it is not said."""
    rows = (row for row in items(answer, "QuotaSet") if text(row, "QuotaId") == "TOTAL_TARGET_BIND_QUOTA")
    return next((limit for row in rows if (limit := number(row, "QuotaLimit"))), None)

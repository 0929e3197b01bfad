"""What defeats weights or cuts connections on a Tencent listener or rule, as findings. Pure: it reads one description.

On layer 7 scheduler, persistence, health check and kind of targets are a rule's; the port and keep-alive are the listener's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.adapters.balancers.tencent.rows import LAYER_7, Row, parts
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.manifests import Json, items, mapping, number, text

REFUSALS_ARE_WELL = {8: "4xx", 16: "5xx"}
"""Bits of a health check's HttpCode; the others are 1xx, 2xx and 3xx (API reference, HealthCheck; the default is all)."""


def missing(balancer: str, listener: str) -> Finding:
    """Say that the balancer has no such listener."""
    return Finding(
        "balancer.no-listener",
        Severity.BLOCK,
        f"listener {listener}",
        f"balancer {balancer} has no such listener, or the listener no such rule",
        "",
        "check loadBalancer.listeners",
    )


def other_port(row: Row | None, planned: int) -> Iterable[Finding]:
    """Say that clients dial another port than the plan does."""
    if row and (real := number(row, "Port")) and planned and real != planned:
        yield Finding(
            "balancer.listener-port",
            Severity.BLOCK,
            f"listener {text(row, 'ListenerId')}",
            f"it listens on port {real}, and the plan says {planned}: the run's own connections would not be answered",
            f"DescribeListeners: Port {real}",
            f"set port: {real} for it in loadBalancer.listeners",
        )


def of_listener(row: Row, ours: Callable[[str], bool] = lambda _: True) -> Iterable[Finding]:
    """Check what defeats weights or cuts connections on one listener, and on those of its rules that are the plan's."""
    subject = f"listener {text(row, 'ListenerId')}"
    if text(row, "Protocol") in LAYER_7:
        yield from _layer_7(subject, row)
    yield from _cutting(subject, row)
    pools = [(name, part) for name, part in parts(row) if ours(name)]
    for name, part in pools:
        yield from _of_pool(f"listener {name}", part)
    yield from _content(pools)


def _layer_7(subject: str, row: Row) -> Iterable[Finding]:
    """Say what is different where the balancer itself answers clients, and asks a gateway for each request."""
    yield Finding(
        "balancer.layer-7",
        Severity.INFO,
        subject,
        "the balancer speaks HTTP itself: weights steer requests, so clients with kept-alive connections move too, and the "
        "client's address comes in X-Forwarded-For",
        f"{text(row, 'Protocol')}, {len(items(row, 'Rules'))} forwarding rules",
        "trust as many proxies on the new side as on the old (numTrustedProxies)",
    )
    if number(row, "KeepaliveEnable"):
        yield Finding(
            "balancer.upstream-keepalive",
            Severity.WARN,
            subject,
            "the balancer keeps connections of its own to the gateways, which see it as their peer: at weight 0 they stay open "
            "without requests, so the drain of the old side may last until its deadline",
            "KeepaliveEnable 1",
            "let drain.timeout be longer than the gateways' idle timeout, or say `onTimeout: cut`: what is left there is idle",
        )


def _cutting(subject: str, row: Row) -> Iterable[Finding]:
    """Say what cuts connections, or cannot be seen to: both are layer 4 only (API reference)."""
    if text(row, "Protocol") == "QUIC":
        yield Finding(
            "balancer.quic",
            Severity.BLOCK,
            subject,
            "it is a QUIC listener: its connections are datagrams, which neither the run's own tries nor the drain can see",
            "",
            "move its users to another listener first",
        )
    flags = row.get("AttrFlags")
    if row.get("DeregisterTargetRst") is True or (isinstance(flags, list) and "DeregisterTargetRst" in flags):
        yield Finding(
            "balancer.reset-on-removal",
            Severity.WARN,
            subject,
            "removing a backend resets its connections",
            "",
            "switch DeregisterTargetRst off",
        )
    if isinstance(flags, list) and "RescheduleTargetZeroWeight" in flags:
        yield Finding(
            "balancer.cuts-at-zero",
            Severity.BLOCK,
            subject,
            "setting weight 0 cuts live connections",
            "",
            "switch RescheduleTargetZeroWeight off",
        )


def _of_pool(subject: str, row: Row) -> Iterable[Finding]:
    """Check what decides of the targets of one listener or rule."""
    kind = text(row, "TargetType") or "NODE"
    if kind != "NODE":
        yield Finding(
            "balancer.target-group",
            Severity.BLOCK,
            subject,
            f"its targets are a {kind}; weights live elsewhere",
            "",
            "bind targets to the listener itself (on layer 7: to the rule)",
        )
    scheduler = text(row, "Scheduler")
    if scheduler not in ("WRR", ""):
        yield Finding(
            "balancer.scheduler",
            Severity.BLOCK,
            subject,
            f"its scheduler {scheduler} does not honour weights exactly",
            "",
            "set the scheduler to WRR",
        )
    if seconds := number(row, "SessionExpireTime"):
        yield Finding(
            "balancer.sticky",
            Severity.BLOCK,
            subject,
            f"session persistence keeps clients on their old gateway for {seconds} s whatever the weights",
            "by cookie" if "LocationId" in row else "by source address",
            "switch session persistence off for the run",
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
            yield Finding(
                "balancer.check-content",
                Severity.WARN,
                f"listener {_few([name for name, _ in checks])}",
                f"its health check calls {' and '.join(well)} healthy: a gateway without routes, or one that only fails, is "
                "never taken out",
                f"HttpCode {code}: {_few(list(dict.fromkeys(_asked(check) for _, check in checks)))}",
                "accept 2xx and 3xx only, with a path and a domain that the gateways' routes answer",
            )


def _few(names: list[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


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


def quota_of(answer: dict[str, Json]) -> int | None:
    """Give how many targets a layer-4 listener (or a forwarding rule) of this account takes; None where it is not said."""
    rows = (row for row in items(answer, "QuotaSet") if text(row, "QuotaId") == "TOTAL_TARGET_BIND_QUOTA")
    return next((limit for row in rows if (limit := number(row, "QuotaLimit"))), None)

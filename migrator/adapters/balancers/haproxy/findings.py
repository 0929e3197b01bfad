"""What defeats weights or cuts connections in an HAProxy, as findings. Pure: it reads what the process says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from migrator.adapters.balancers.haproxy.rows import Section
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.subjects import listeners_subject

EXACT = ("roundrobin", "random")
OLDEST = (2, 6)
FRESH = 60
NOTHING = "none"
TABLES = "show table"


def of_process(info: Mapping[str, str]) -> Iterable[Finding]:
    """Check the version, and whether it has just been reloaded; say what a reload would do."""
    version = info.get("Version", "")
    if (2, 0) <= _numbers(version) < OLDEST:
        yield block("balancer.version", "haproxy", version=version)
    yield warn("balancer.volatile", "haproxy", pid=info.get("Pid", "?"), uptime=info.get("Uptime_sec", "?"))
    uptime = whole_number(info.get("Uptime_sec", ""))
    if uptime is not None and uptime < FRESH:
        yield warn("balancer.reloaded", "haproxy", uptime=uptime)


def of_section(section: Section, tables: str) -> Iterable[Finding]:
    """Check the balancing algorithm, persistence and backup servers of one backend section."""
    subject = listeners_subject([section.name])
    if section.algorithm not in EXACT:
        yield block("balancer.scheduler:haproxy", subject, algorithm=section.algorithm or None)
    if kept_by(section, tables) != NOTHING:
        yield block("balancer.sticky:haproxy", subject)
    if backups := [server.backend.ref for server in section.servers if server.backup]:
        yield block("balancer.backup", subject, servers=tuple(backups))


def kept_by(section: Section, tables: str) -> str:
    """Say what keeps a client on a server: a stick table, cookies, or nothing."""
    if re.search(rf"^# table: {re.escape(section.name)},", tables, re.MULTILINE):
        return "table"
    return "cookie" if any(server.cookie for server in section.servers) else NOTHING


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(whole_number(part) or 0 for part in re.findall(r"\d+", version)[:2])

"""What defeats weights or cuts connections in an HAProxy, as findings. Pure: it reads what the process says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from migrator.adapters.balancers.haproxy.rows import Section
from migrator.domain.messages.findings import Finding, Severity

EXACT = ("roundrobin", "random")
OLDEST = (2, 6)
FRESH = 60


def of_process(info: Mapping[str, str]) -> Iterable[Finding]:
    """Check the version, and whether it has just been reloaded; say what a reload would do."""
    version = info.get("Version", "")
    if (2, 0) <= _numbers(version) < OLDEST:
        problem = "servers with checks cannot be added at runtime before 2.6"
        yield Finding("balancer.version", Severity.BLOCK, "haproxy", problem, version, "use HAProxy 2.6 or newer")
    yield Finding(
        "balancer.volatile",
        Severity.WARN,
        "haproxy",
        "a reload forgets the servers that the run adds and the weights that it sets",
        f"pid {info.get('Pid', '?')}, up for {info.get('Uptime_sec', '?')} s",
        "do not reload during the run; before Retire, write the new servers into the configuration file",
    )
    uptime = info.get("Uptime_sec", "")
    if uptime.isdigit() and int(uptime) < FRESH:
        problem = "it was started or reloaded within the last minute; somebody may be changing it"
        evidence, remedy = f"up for {uptime} s", "wait until its configuration is at rest"
        yield Finding("balancer.reloaded", Severity.WARN, "haproxy", problem, evidence, remedy)


def of_section(section: Section, tables: str) -> Iterable[Finding]:
    """Check the balancing algorithm, persistence and backup servers of one backend section."""
    subject = f"listener {section.name}"
    if section.algorithm not in EXACT:
        problem = f"its algorithm {section.algorithm or '(unknown)'} does not honour weights exactly"
        yield Finding("balancer.scheduler", Severity.BLOCK, subject, problem, "", "set `balance roundrobin`")
    if re.search(rf"^# table: {re.escape(section.name)},", tables, re.MULTILINE) or any(
        server.cookie for server in section.servers
    ):
        problem = "a stick table or cookie keeps clients on their server, at weight 0 too"
        remedy = "remove `stick on` and `cookie`; waive this when the table only counts"
        yield Finding("balancer.sticky", Severity.BLOCK, subject, problem, "", remedy)
    if backups := [server.backend.ref for server in section.servers if server.backup]:
        problem = "backup servers take no connection while others are up, whatever their weight"
        remedy = "make them ordinary servers, or remove them"
        yield Finding("balancer.backup", Severity.BLOCK, subject, problem, ", ".join(backups[:5]), remedy)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])

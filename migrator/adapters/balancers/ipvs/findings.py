"""What defeats weights or cuts connections on an IPVS machine, as findings. It reads settings of this machine only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.adapters.balancers.ipvs.table import Service
from migrator.domain.messages.findings import Finding, Severity

SUBJECT = "ipvs"


@dataclass(frozen=True, slots=True)
class Host:
    """Where this machine keeps the settings of IPVS, and keepalived its pid."""

    settings: Path = Path("/proc/sys/net/ipv4/vs")
    keepalived: tuple[Path, ...] = (Path("/run/keepalived.pid"), Path("/run/keepalived/keepalived.pid"))

    def setting(self, name: str) -> str:
        """Give a sysctl's value; "" when it cannot be read."""
        try:
            return (self.settings / name).read_text().strip()
        except OSError:
            return ""


def of_host(host: Host | None) -> Iterable[Finding]:
    """Check who owns the table, and the sysctls that decide what happens at weight 0 and at removal."""
    if host is None:
        problem = "sysctls and keepalived of another machine cannot be looked at from here"
        remedy = "check there: no keepalived, net.ipv4.vs.conn_reuse_mode=1, expire_nodest_conn=0"
        yield Finding("balancer.not-looked-at", Severity.WARN, SUBJECT, problem, "", remedy)
        return
    if owner := next((path for path in host.keepalived if path.exists()), None):
        problem = "keepalived owns this table and overwrites what the run sets"
        remedy = "change keepalived's configuration instead, through the exec driver"
        yield Finding("balancer.keepalived", Severity.BLOCK, SUBJECT, problem, str(owner), remedy)
    if host.setting("conn_reuse_mode") == "0":
        problem = "a client port that is used again goes to its old server, even at weight 0"
        remedy = "sysctl -w net.ipv4.vs.conn_reuse_mode=1"
        yield Finding("balancer.reuse", Severity.WARN, SUBJECT, problem, "conn_reuse_mode=0", remedy)
    if host.setting("expire_nodest_conn") == "1":
        problem = "removing a server resets its connections"
        remedy = "sysctl -w net.ipv4.vs.expire_nodest_conn=0"
        yield Finding("balancer.reset-on-removal", Severity.WARN, SUBJECT, problem, "expire_nodest_conn=1", remedy)


def of_thresholds(limited: Sequence[str]) -> Iterable[Finding]:
    """Say that connection thresholds would be lost: an edit of a weight sets them to none."""
    if limited:
        problem = "servers have connection thresholds, which an edit of their weight would remove"
        evidence, remedy = ", ".join(limited[:5]), "remove the thresholds (ipvsadm -e … -x 0 -y 0)"
        yield Finding("balancer.thresholds", Severity.BLOCK, SUBJECT, problem, evidence, remedy)


def of_service(service: Service) -> Iterable[Finding]:
    """Check scheduler and persistence of one service."""
    subject = f"listener {service.name}"
    if service.scheduler != "wrr":
        problem = f"its scheduler {service.scheduler} does not honour weights exactly"
        remedy = f"ipvsadm -E -t {service.name} -s wrr"
        yield Finding("balancer.scheduler", Severity.BLOCK, subject, problem, "", remedy)
    if "persistent" in service.flags:
        problem = "persistence keeps clients on their server, at weight 0 too"
        remedy = "switch persistence off for the run"
        yield Finding("balancer.sticky", Severity.BLOCK, subject, problem, " ".join(service.flags), remedy)

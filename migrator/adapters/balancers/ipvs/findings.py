"""What defeats weights or cuts connections on an IPVS machine, as findings. It reads settings of this machine only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.adapters.balancers.ipvs.table import Service
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.subjects import listeners_subject

SUBJECT = "ipvs"
SWITCHES = ("conn_reuse_mode", "expire_nodest_conn", "expire_quiescent_template")


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


def switches(host: Host | None) -> str:
    """Give the settings that decide what becomes of connections; "" of another machine, which cannot be read."""
    read = {name: host.setting(name) for name in SWITCHES} if host else {}
    return " ".join(f"{name}={value}" for name, value in read.items() if value)


def of_host(host: Host | None) -> Iterable[Finding]:
    """Check who owns the table, and the sysctls that decide what happens at weight 0 and at removal."""
    if host is None:
        yield warn("balancer.not-looked-at", SUBJECT)
        return
    if owner := next((path for path in host.keepalived if path.exists()), None):
        yield block("balancer.keepalived", SUBJECT, pid_file=str(owner))
    if host.setting("conn_reuse_mode") == "0":
        yield warn("balancer.reuse", SUBJECT)
    if host.setting("expire_nodest_conn") == "1":
        yield warn("balancer.reset-on-removal:ipvs", SUBJECT)


def of_thresholds(limited: Sequence[str]) -> Iterable[Finding]:
    """Say that connection thresholds would be lost: an edit of a weight sets them to none."""
    if limited:
        _evidence, _remedy = ", ".join(limited[:5]), "remove the thresholds (ipvsadm -e … -x 0 -y 0)"
        yield block("balancer.thresholds", SUBJECT, servers=tuple(limited))


def of_service(service: Service) -> Iterable[Finding]:
    """Check scheduler and persistence of one service."""
    subject = listeners_subject([service.name])
    if service.scheduler != "wrr":
        yield block("balancer.scheduler:ipvs", subject, scheduler=service.scheduler, service=service.name)
    if "persistent" in service.flags:
        yield block("balancer.sticky:ipvs", subject, flags=tuple(service.flags))

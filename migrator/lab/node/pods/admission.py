"""What a kubelet refuses to run. It looks at the pod alone and changes nothing."""

from dataclasses import dataclass

from migrator.lab.node.documents import Json, at

_SAFE = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a pod is Failed before it started."""

    reason: str
    message: str


def refusal(pod: Json) -> Refusal | None:
    """Return why the pod must not run: `net.*` sysctls with hostNetwork, or sysctls a kubelet calls unsafe."""
    host = bool(at(pod, "spec", "hostNetwork"))
    for sysctl in at(pod, "spec", "securityContext", "sysctls") or ():
        name = str(sysctl["name"])
        if host and name.startswith("net."):
            return Refusal("SysctlForbidden", f'forbidden sysctl: "{name}" not allowed with host net enabled')
        if name not in _SAFE:
            return Refusal("SysctlForbidden", f'forbidden sysctl: "{name}" not allowlisted')
    return None

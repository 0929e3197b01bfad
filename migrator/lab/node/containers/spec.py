"""What a container's spec asks for, read once and resolved: argv, environment, probes, hooks. It starts nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrator.lab.node.documents import Json, at


@dataclass(frozen=True, slots=True)
class HttpGet:
    """Ask over HTTP; 200 to 399 is success."""

    host: str
    port: int
    path: str
    tls: bool
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TcpSocket:
    """Connect; that is all."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Exec:
    """Run a command in the container; exit code 0 is success."""

    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait that many seconds."""

    seconds: float


LOOPBACK = "127.0.0.1"

Action = HttpGet | TcpSocket | Exec | Sleep


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe; durations are seconds, `grace` overrides the pod's when liveness kills."""

    action: Action
    delay: float
    period: float
    timeout: float
    successes: int
    failures: int
    grace: float | None


@dataclass(frozen=True, slots=True)
class Container:
    """One container, ready to be started. `low_ports` says whether it may listen below 1024."""

    name: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: Mapping[str, str]
    low_ports: bool
    startup: Probe | None
    readiness: Probe | None
    liveness: Probe | None
    post_start: Action | None
    pre_stop: Action | None


def read_container(raw: Json, pod: Json, ip: str, host_ip: str, known: Mapping[str, str]) -> Container:
    """Resolve one container of `pod`. `given` is the environment every container gets before its own `env`."""
    env = dict(known)
    for item in raw.get("env") or ():
        env[item["name"]] = expand(_value(item, pod, ip, host_ip), env)
    hooks = raw.get("lifecycle") or {}
    return Container(
        name=raw["name"],
        image=raw.get("image", ""),
        command=tuple(expand(word, env) for word in raw.get("command") or ()),
        args=tuple(_own(expand(word, env), ip) for word in raw.get("args") or ()),
        env=env,
        low_ports=_low_ports(raw, pod),
        startup=_probe(raw.get("startupProbe"), raw, ip),
        readiness=_probe(raw.get("readinessProbe"), raw, ip),
        liveness=_probe(raw.get("livenessProbe"), raw, ip),
        post_start=_action(hooks.get("postStart"), raw, ip),
        pre_stop=_action(hooks.get("preStop"), raw, ip),
    )


def _own(text: str, ip: str) -> str:
    """Read a pod's loopback as its own address: here all nodes are on one loopback."""
    return text.replace(LOOPBACK, ip)


def expand(text: str, env: Mapping[str, str]) -> str:
    """Replace $(NAME) by its value, leave unknown names as they are; $$ is a dollar."""

    def replacement(match: re.Match[str]) -> str:
        return "$" if match[0] == "$$" else env.get(match[1], match[0])

    return re.sub(r"\$\$|\$\(([^)]+)\)", replacement, text)


def _value(item: Json, pod: Json, ip: str, host_ip: str) -> str:
    path = at(item, "valueFrom", "fieldRef", "fieldPath")
    if path is None:
        return str(item.get("value") or "")
    known = {
        "status.podIP": ip,
        "status.podIPs": ip,
        "status.hostIP": host_ip,
        "spec.nodeName": at(pod, "spec", "nodeName") or "",
        "spec.serviceAccountName": at(pod, "spec", "serviceAccountName") or "default",
    }
    if path in known:
        return str(known[path])
    if match := re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path):
        return str(at(pod, "metadata", match[1], match[2]) or "")
    return str(at(pod, *path.split(".")) or "")


def _low_ports(raw: Json, pod: Json) -> bool:
    """Return whether a runtime would let it bind ports below 1024; the pod network's sysctl is not legal on the host's."""
    spec = pod["spec"]
    context = {**(spec.get("securityContext") or {}), **(raw.get("securityContext") or {})}
    added = at(context, "capabilities", "add") or []
    if "NET_BIND_SERVICE" in added or "ALL" in added or context.get("privileged"):
        return True
    if spec.get("hostNetwork"):
        return False
    dropped = at(context, "capabilities", "drop") or []
    sysctls = {sysctl["name"]: sysctl["value"] for sysctl in at(spec, "securityContext", "sysctls") or ()}
    return sysctls.get("net.ipv4.ip_unprivileged_port_start") == "0" or not dropped


def _probe(raw: Json | None, container: Json, ip: str) -> Probe | None:
    action = _action(raw, container, ip)
    if raw is None or action is None:
        return None
    return Probe(
        action=action,
        delay=float(raw.get("initialDelaySeconds") or 0),
        period=float(raw.get("periodSeconds") or 10),
        timeout=float(raw.get("timeoutSeconds") or 1),
        successes=int(raw.get("successThreshold") or 1),
        failures=int(raw.get("failureThreshold") or 3),
        grace=raw.get("terminationGracePeriodSeconds"),
    )


def _action(raw: Json | None, container: Json, ip: str) -> Action | None:
    if not raw:
        return None
    if get := raw.get("httpGet"):
        headers = tuple((header["name"], header["value"]) for header in get.get("httpHeaders") or ())
        port = _port(get["port"], container)
        return HttpGet(
            _own(get.get("host") or ip, ip), port, get.get("path") or "/", get.get("scheme") == "HTTPS", headers
        )
    if tcp := raw.get("tcpSocket"):
        return TcpSocket(tcp.get("host") or ip, _port(tcp["port"], container))
    if command := at(raw, "exec", "command"):
        return Exec(tuple(command))
    return Sleep(float(raw["sleep"]["seconds"])) if "sleep" in raw else None


def _port(value: int | str, container: Json) -> int:
    if isinstance(value, int) or value.isdigit():
        return int(value)
    for port in container.get("ports") or ():
        if port.get("name") == value:
            return int(port["containerPort"])
    raise ValueError(f"container {container['name']} has no port named {value!r}")

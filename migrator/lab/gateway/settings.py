"""What a gateway container is told by its environment. It refuses to guess a pod's address or the config server's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

ADMIN_PORT = 15000
AGENT_PORT = 15020
READY_PORT = 15021
STATS_PORT = 15090
_DRAIN = re.compile(r"terminationDrainDuration[\"']?\s*:\s*[\"']?(\d+(?:\.\d+)?)s")
_GENERATED = re.compile(r"(-[0-9a-f]{6,10})?-[0-9a-z]{5}$")  # ReplicaSet hash and pod suffix


@dataclass(frozen=True, slots=True)
class Settings:
    """One gateway container. Durations are seconds; `istiod` is the config server as (host, port).

    `direction` is the listeners' traffic direction: Istio's gateways have OUTBOUND, other Envoys may have INBOUND.
    """

    pod_ip: str
    pod: str
    namespace: str
    istiod: tuple[str, int]
    workload: str
    drain_seconds: float = 5.0
    minimum_drain_seconds: float = 5.0
    exit_on_zero_connections: bool = False
    concurrency: int = 1
    direction: str = "OUTBOUND"

    @property
    def node_id(self) -> str:
        """Return the Envoy node id of an Istio gateway."""
        return f"router~{self.pod_ip}~{self.pod}.{self.namespace}~{self.namespace}.svc.cluster.local"

    @property
    def node_cluster(self) -> str:
        """Return the Envoy node cluster: workload and namespace."""
        return f"{self.workload}.{self.namespace}"


def read_settings(env: Mapping[str, str]) -> Settings:
    """Read the container's environment. Raise `ValueError` that names a variable that is missing or wrong."""
    pod = _needed(env, "POD_NAME")
    return Settings(
        pod_ip=_needed(env, "POD_IP"),
        pod=pod,
        namespace=_needed(env, "POD_NAMESPACE"),
        istiod=_address(_needed(env, "LAB_ISTIOD")),
        workload=env.get("ISTIO_META_WORKLOAD_NAME") or _GENERATED.sub("", pod),
        drain_seconds=_seconds(env, "DRAIN_SECONDS", _told_to_drain(env)),
        minimum_drain_seconds=_seconds(env, "MINIMUM_DRAIN_DURATION", 5.0),
        exit_on_zero_connections=env.get("EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "false").lower() == "true",
        concurrency=int(_seconds(env, "CONCURRENCY", 1)),
        direction=env.get("LAB_LISTENER_DIRECTION") or "OUTBOUND",
    )


def _needed(env: Mapping[str, str], name: str) -> str:
    if not (value := env.get(name, "")):
        raise ValueError(f"the environment variable {name} is missing")
    return value


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or str(default)
    try:
        return float(text.removesuffix("s"))
    except ValueError as error:
        raise ValueError(f"{name}={text!r} is not a number") from error


def _told_to_drain(env: Mapping[str, str]) -> float:
    """Return terminationDrainDuration of PROXY_CONFIG, where the webhook puts a pod's ProxyConfig; else Istio's default."""
    told = _DRAIN.search(env.get("PROXY_CONFIG", ""))
    return float(told[1]) if told else 5.0


def _address(url: str) -> tuple[str, int]:
    host, separator, port = url.removeprefix("http://").rstrip("/").rpartition(":")
    if not separator or not port.isdigit():
        raise ValueError(f"LAB_ISTIOD={url!r} is not http://host:port")
    return host, int(port)

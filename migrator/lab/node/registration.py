"""A Node object and its heartbeats. It never removes a node, nor labels that somebody else changed."""

import asyncio
import logging
import os
import platform

from migrator.lab.apiclient import STRATEGIC, Api, ApiError, Unanswered
from migrator.lab.node.documents import Json, now, stamp
from migrator.lab.node.host import Host
from migrator.lab.node.kubelet import PORT

log = logging.getLogger(__name__)

LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
_LEASE_SECONDS = 40
_BEAT_SECONDS = 2.0
_STATUS_EVERY = 5  # beats


async def heartbeat(host: Host) -> None:
    """Register the node, then renew its lease and status until cancelled. An unreachable server is asked again."""
    beat = 0
    while True:
        try:
            if beat % _STATUS_EVERY == 0:
                await register(host)
            await _renew(host.api, host.name)
            beat += 1
        except (ApiError, Unanswered) as problem:
            beat = 0  # a node that was out of reach may have been marked lost: say at once that it is back
            log.warning("node %s: no heartbeat: %s", host.name, problem)
        await asyncio.sleep(_BEAT_SECONDS)


async def register(host: Host) -> None:
    """Create the Node if it is not there, and write its status. Raise `ApiError` or `Unanswered`."""
    status = {"status": _status(host)}
    path = f"/api/v1/nodes/{host.name}"
    try:
        await host.api.call("PATCH", f"{path}/status", status, content=STRATEGIC)
    except ApiError as problem:
        if problem.status != 404:
            raise
        await host.api.call("POST", "/api/v1/nodes", _node(host) | status)
        await host.api.call("PATCH", f"{path}/status", status, content=STRATEGIC)


async def _renew(api: Api, node: str) -> None:
    spec = {"holderIdentity": node, "leaseDurationSeconds": _LEASE_SECONDS, "renewTime": stamp(micro=True)}
    try:
        await api.call("PATCH", f"{LEASES}/{node}", {"spec": spec}, content=STRATEGIC)
    except ApiError as problem:
        if problem.status != 404:
            raise
        lease = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease"}
        meta = {"name": node, "namespace": "kube-node-lease"}
        await _create_lease(api, {**lease, "metadata": meta, "spec": spec})


async def _create_lease(api: Api, lease: Json) -> None:
    try:
        await api.call("POST", LEASES, lease)
    except ApiError as problem:
        if problem.status != 404:
            raise
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-node-lease"}}
        await api.call("POST", "/api/v1/namespaces", space)
        await api.call("POST", LEASES, lease)


def _node(host: Host) -> Json:
    labels = {
        "kubernetes.io/hostname": host.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": _architecture(),
        "topology.kubernetes.io/region": "lab",
        "topology.kubernetes.io/zone": f"lab-{'abc'[int(host.ip.rpartition('.')[2]) % 3]}",
        **host.lab.labels,
    }
    taints = [{"key": host.lab.taint, "effect": "NoSchedule"}] if host.lab.taint else []
    spec = {"taints": taints} if taints else {}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": host.name, "labels": labels}, "spec": spec}


def _status(host: Host) -> Json:
    resources = {"cpu": "8", "memory": "16Gi", "pods": "110", "ephemeral-storage": "100Gi"}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [{"type": "InternalIP", "address": host.ip}, {"type": "Hostname", "address": host.name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": PORT}},
        "conditions": [_condition(*condition) for condition in _HEALTHY],
        "nodeInfo": {
            "architecture": _architecture(),
            "bootID": "lab",
            "containerRuntimeVersion": "lab://1",
            "kernelVersion": platform.release(),
            "kubeProxyVersion": "v1.36.3",
            "kubeletVersion": "v1.36.3",
            "machineID": host.name,
            "operatingSystem": "linux",
            "osImage": "lab",
            "systemUUID": host.name,
        },
    }


_HEALTHY = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID"),
    ("Ready", "True", "KubeletReady"),
)
_STARTED = stamp(now())


def _condition(kind: str, status: str, reason: str) -> Json:
    message = "kubelet is posting ready status" if kind == "Ready" else f"kubelet has no {kind}"
    return {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "lastHeartbeatTime": stamp(),
        "lastTransitionTime": _STARTED,
    }


def _architecture() -> str:
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)

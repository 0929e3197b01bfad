"""A container of ours beside the gateway: its preStop asks it, and it answers once the balancer sends nothing new. Pure.

The computed seconds are the safety, and a word may only shorten them. Of the cluster it asks for the gateway's Lease alone, and
only where it sets weights itself: while a run or a follower holds that, it sets none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import pairwise

from migrator.domain.hardening.credential import account_of, grants, mount, volume
from migrator.domain.hardening.values import Ground, Measure, What
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import host_ports, namespace_of, pod_containers, words_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, mapping, text
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec import BalancerSpec

NAME = "migrator-farewell"
"""The container, and the Secret whose keys are the cloud's variables."""

BY_BALANCER = "MIGRATOR_FAREWELL_BALANCER"
"""The variable by which it writes weights itself: the balancer, in the plan file's words."""

PORT = 15099
LOOPBACK = "127.0.0.1"
FOLLOWER = "http://migrator-follow.migrator:9464"


def asked(ground: Ground, wanted: float) -> tuple[Measure, ...]:
    """Give the measures: the container, and the hook that waits for it, at most `wanted` seconds. A hook of somebody stays."""
    companion, container = ground.companion, ground.gateway
    if companion is None:
        return ()
    own, volumes = [_container(ground, companion, wanted)], [volume()] if _weighs(ground) else []
    beside = _measure(What.COMPANION, f"containers[{NAME}]", companion.image, own, volumes)
    hook = mapping(container, "lifecycle", "preStop")
    if hook and "sleep" not in hook:
        return (beside,)
    host: Manifest = {"host": LOOPBACK} if _on_host(ground) else {}
    hooks: Json = {"preStop": {"sleep": None, "httpGet": {"path": "/leave", "port": PORT, **host}}}
    row: Json = {"name": text(container, "name"), "lifecycle": hooks}
    return (_measure(What.PRE_STOP, "lifecycle.preStop.httpGet", f"/leave, at most {wanted:g}s", [row]), beside)


def waits(measures: tuple[Measure, ...], wanted: float) -> float:
    """Give the seconds that the gateway's hook waits at most by these measures; 0 where none of them is a hook."""
    return wanted if any(measure.what is What.PRE_STOP for measure in measures) else 0.0


def remarks(ground: Ground) -> list[Message]:
    """Say what the container needs besides, and what it is worth while it is not there."""
    companion = ground.companion
    if companion is None:
        return []
    own = [say("harden.companion-alone", gateway=ground.product.title)] if ground.product.drain is None else []
    if companion.by is By.BALANCER:
        return [say("harden.companion-secret", name=NAME), *_of_lease(ground), say("harden.companion-raises"), *own]
    return [say("harden.companion-follower", url=companion.follower or FOLLOWER), *own]


def beside(ground: Ground) -> tuple[Manifest, ...]:
    """Give what is to be made besides: the right to read the gateway's Lease, where the container sets weights."""
    if not _weighs(ground) or ground.lease is None:
        return ()
    return grants(NAME, ground.lease, account_of(ground.pod), namespace_of(ground.workload))


def _weighs(ground: Ground) -> bool:
    return ground.companion is not None and ground.companion.by is By.BALANCER and ground.lease is not None


def _of_lease(ground: Ground) -> list[Message]:
    lease = ground.lease
    return [say("harden.companion-lease", lease=f"{lease.namespace}/{lease.name}")] if lease else []


def raising(workload: Manifest, lease: ObjectRef | None = None) -> str:
    """Name the container of a workload that gives its pod's row weight by itself, whatever a run has set; "" where there is
    none. One that waits for a follower's word writes nothing, and one that minds this `lease` writes nothing while that is
    held; None: it may do so when nobody holds any."""
    found = (row for row in pod_containers(mapping(workload, "spec", "template", "spec")) if _raises(row, lease))
    return next((text(row, "name") for row in found), "")


def is_ours(container: Manifest) -> bool:
    """Say whether a container is one of ours beside a gateway, whatever it is called."""
    given = any(text(row, "name") == BY_BALANCER for row in items(container, "env"))
    return given or text(container, "name") == NAME or "farewell" in words_of(container).split()


def own_port(pod_spec: Json) -> set[tuple[str, str, int]]:
    """Give (protocol, address, port) that the container of ours holds on the node of a pod; nothing where it holds none."""
    beside = mapping(pod_spec).get("hostNetwork") is True and any(is_ours(row) for row in pod_containers(pod_spec))
    return {("TCP", LOOPBACK, PORT)} if beside else set()


def _raises(container: Manifest, lease: ObjectRef | None) -> bool:
    words = words_of(container).replace("=", " ").split()
    mine = f"{lease.namespace}/{lease.name}" if lease else ""
    minds = bool(mine) and ("--lease", mine) in pairwise(words)
    return is_ours(container) and not minds and "--follower" not in words


def written(spec: BalancerSpec) -> str:
    """Give the balancer in the plan file's own words, for the container's environment. Nothing of it is secret."""
    listeners: list[Json] = [{"id": row.id, "port": row.port} for row in spec.listeners]
    found: Manifest = {"provider": spec.provider, "id": spec.id, "listeners": listeners}
    found |= {"region": spec.region} if spec.region else {}
    found |= {"endpoint": spec.endpoint} if spec.endpoint else {}
    found |= {"options": dict(spec.options)} if spec.options else {}
    return json.dumps(found, separators=(",", ":"))


def _on_host(ground: Ground) -> bool:
    return mapping(ground.template, "spec").get("hostNetwork") is True


def _container(ground: Ground, companion: CompanionSpec, wanted: float) -> Manifest:
    """Give the container: it may read and write nothing in the cluster, and has no liveness probe, for only the end of the
    pod may send it SIGTERM."""
    at = "status.hostIP" if _on_host(ground) or host_ports(ground.pod) else "status.podIP"
    env: list[Json] = [{"name": "MIGRATOR_FAREWELL_ADDRESS", "valueFrom": {"fieldRef": {"fieldPath": at}}}]
    host: Manifest = {"host": LOOPBACK} if _on_host(ground) else {}
    made: Manifest = {
        "name": NAME,
        "image": companion.image,
        "args": [*_arguments(ground, companion, wanted)],
        "env": env,
        "readinessProbe": {
            "httpGet": {"path": "/ready", "port": PORT, **host},
            "periodSeconds": 2,
            "timeoutSeconds": 3,
        },
        "resources": {"requests": {"cpu": "10m", "memory": "96Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    if companion.by is By.BALANCER and ground.balancer is not None:
        env.append({"name": BY_BALANCER, "value": written(ground.balancer)})
        made["envFrom"] = [{"secretRef": {"name": NAME, "optional": True}}]
    if _weighs(ground):
        made["volumeMounts"] = [mount()]
    return made


def _arguments(ground: Ground, companion: CompanionSpec, wanted: float) -> list[str]:
    listen = f"{LOOPBACK}:{PORT}" if _on_host(ground) else f"0.0.0.0:{PORT}"
    after = 0.0 if ground.product.drain else ground.longest
    said = ["farewell", "--listen", listen, "--within", f"{math.ceil(wanted)}", "--after", f"{after:g}"]
    said += ["--tell", f"http://{LOOPBACK}:{ground.admin}/healthcheck/fail"] if ground.admin else []
    if companion.by is By.FOLLOWER:
        return [*said, "--follower", companion.follower or FOLLOWER]
    said += ["--lease", f"{ground.lease.namespace}/{ground.lease.name}"] if ground.lease else []
    ports = [word for port in ground.dialled or ground.ports for word in ("--port", str(port))]
    return [*said, *ports, *_serves(ground)]


def _serves(ground: Ground) -> list[str]:
    """Say where the gateway tells that it serves: its readiness probe's question, at its own address."""
    probe = mapping(ground.gateway, "readinessProbe") or mapping(dict(ground.probes), "readinessProbe")
    get = mapping(probe, "httpGet")
    port, path = get.get("port"), text(get, "path") or "/"
    return ["--serves", f"{port}{path}"] if isinstance(port, int) else []


def _measure(what: What, place: str, now: Json, containers: Sequence[Json], volumes: Sequence[Json] = ()) -> Measure:
    more: Manifest = {"volumes": [*volumes]} if volumes else {}
    patch: Manifest = {"spec": {"template": {"spec": {"containers": [*containers], **more}}}}
    return Measure(what, place, None, now, say("harden.companion-numbers"), say("harden.companion"), patch)

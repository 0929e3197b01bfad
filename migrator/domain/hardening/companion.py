"""A container of ours beside the gateway: its preStop asks it, and it answers once the balancer sends nothing new. Pure.

The computed seconds are the safety, and a word may only shorten them. It asks the cluster for nothing: no token, no role.
"""

from __future__ import annotations

import json
import math

from migrator.domain.hardening.values import Ground, Measure, What
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import host_ports, pod_containers, words_of
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.model.spec.companion import By, CompanionSpec

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
    beside = _measure(What.COMPANION, f"containers[{NAME}]", companion.image, [_container(ground, companion, wanted)])
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
        return [say("harden.companion-secret", name=NAME), say("harden.companion-raises"), *own]
    return [say("harden.companion-follower", url=companion.follower or FOLLOWER), *own]


def raising(workload: Manifest) -> str:
    """Name the container of a workload that gives its pod's row weight by itself, whatever a run has set; "" where there is
    none. One that waits for a follower's word writes nothing."""
    found = (row for row in pod_containers(mapping(workload, "spec", "template", "spec")) if _raises(row))
    return next((text(row, "name") for row in found), "")


def _raises(container: Manifest) -> bool:
    words = words_of(container).split()
    given = any(text(row, "name") == BY_BALANCER for row in items(container, "env"))
    ours = text(container, "name") == NAME or "farewell" in words
    return given or (ours and not any(word.startswith("--follower") for word in words))


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
    return made


def _arguments(ground: Ground, companion: CompanionSpec, wanted: float) -> list[str]:
    listen = f"{LOOPBACK}:{PORT}" if _on_host(ground) else f"0.0.0.0:{PORT}"
    after = 0.0 if ground.product.drain else ground.longest
    said = ["farewell", "--listen", listen, "--within", f"{math.ceil(wanted)}", "--after", f"{after:g}"]
    said += ["--tell", f"http://{LOOPBACK}:{ground.admin}/healthcheck/fail"] if ground.admin else []
    if companion.by is By.FOLLOWER:
        return [*said, "--follower", companion.follower or FOLLOWER]
    ports = [word for port in ground.ports for word in ("--port", str(port))]
    return [*said, *ports, *_serves(ground)]


def _serves(ground: Ground) -> list[str]:
    """Say where the gateway tells that it serves: its readiness probe's question, at its own address."""
    probe = mapping(ground.gateway, "readinessProbe") or mapping(dict(ground.probes), "readinessProbe")
    get = mapping(probe, "httpGet")
    port, path = get.get("port"), text(get, "path") or "/"
    return ["--serves", f"{port}{path}"] if isinstance(port, int) else []


def _measure(what: What, place: str, now: Json, containers: list[Json]) -> Measure:
    patch: Manifest = {"spec": {"template": {"spec": {"containers": containers}}}}
    return Measure(what, place, None, now, say("harden.companion-numbers"), say("harden.companion"), patch)

"""What was seen of a gateway with three pods, any part of which can be replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Capabilities, Target
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.planning.isolating.ground import Ground

OF_DEPLOYMENT = ObjectRef("apps/v1", "Deployment", "edge", "gw")
OF_DAEMONSET = ObjectRef("apps/v1", "DaemonSet", "edge", "gw-ds")
LABELS = {"app": "gw", "pod-template-hash": "abc", "istio": "ingressgateway"}


def pod(number: int, ready: bool = True) -> Pod:
    ref = PodRef("edge", f"gw-{number}", f"uid-{number}", f"10.0.0.{number}", f"node-{number}")
    return Pod(ref, (), ready, host_ip=f"10.1.0.{number}")


def manifest(host: bool = False, ports: tuple[Manifest, ...] = ({"containerPort": 8080},), **labels: str) -> Manifest:
    meta: Manifest = {"namespace": "edge", "name": "gw-1", "uid": "uid-1", "labels": {**LABELS, **labels}}
    meta["ownerReferences"] = [{"controller": True, "kind": "ReplicaSet", "uid": "u"}]
    spec: Manifest = {"nodeName": "node-1", "hostNetwork": host, "containers": [{"name": "gw", "ports": [*ports]}]}
    return {"metadata": meta, "spec": spec, "status": {"podIP": "10.0.0.1", "hostIP": "10.1.0.1"}}


def target(number: int, weight: int = 100, port: int = 8080, address: str = "") -> Target:
    return Target(Backend("l-1", address or f"10.0.0.{number}", port), weight)


def service(**selector: str) -> Manifest:
    return {"metadata": {"name": "gw"}, "spec": {"selector": {**selector}}}


def budget(allowed: int, **selector: str) -> Manifest:
    spec: Manifest = {"selector": {"matchLabels": {**selector}}}
    return {"metadata": {"name": "calm"}, "spec": spec, "status": {"disruptionsAllowed": allowed}}


def ground(ref: ObjectRef = OF_DEPLOYMENT, **more: Any) -> Ground:
    chosen: Manifest = {"matchLabels": {"app": "gw"}}
    seen = Ground(
        manifest(),
        Workload(ref, "w", wanted=3, ready=3, pods=tuple(pod(n) for n in (1, 2, 3))),
        {"spec": {"selector": chosen}},
        (service(app="gw", istio="ingressgateway"),),
        (),
        (),
        tuple(target(n) for n in (1, 2, 3)),
        Capabilities(),
    )
    return replace(seen, **more)

"""A control plane that is not the lab's: what is there before a lab joins it, and taking away everything that the lab made.

Whatever the lab makes there carries its label, its nodes a taint; nothing without the label is ever changed or deleted.
Written for any API server from Kubernetes 1.28 on.
"""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from kubernetes import config

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import OURS, Scenario
from migrator.lab.ground.manifests import Json
from migrator.lab.process import NotReady
from migrator.lab.starts.start import start_of

log = logging.getLogger(__name__)

LEAVES_WITHIN = 60.0
_LOOK_EVERY = 0.3
_MARKED = {"labelSelector": "=".join(OURS)}
_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"


@dataclass(frozen=True, slots=True)
class Met:
    """A control plane as it was found: the kubeconfig's context, the server, and its nodes that are no lab's."""

    context: str
    server: str
    version: str
    foreign: tuple[str, ...]


def meet(path: Path) -> Met:
    """Look at a control plane without changing anything; `NotReady` where it gives no answer."""
    try:
        context: dict[str, Any] = config.list_kube_config_contexts(str(path))[1]  # type: ignore[no-untyped-call]
        with kubeconfig.connect(path) as http:
            cluster = Cluster(http)
            version = str(cluster.get("/version").get("gitVersion", "?"))
            foreign = tuple(node["metadata"]["name"] for node in cluster.nodes() if not is_ours(node))
            return Met(str(context["name"]), str(http.base_url).rstrip("/"), version, foreign)
    except (httpx.HTTPError, config.ConfigException, OSError) as error:
        raise NotReady(f"the control plane of {path} does not answer: {error}") from error


def is_ours(thing: Json) -> bool:
    """Return whether a lab made an object."""
    return (thing["metadata"].get("labels") or {}).get(OURS[0]) == OURS[1]


def refuse_taken(path: Path, scenario: Scenario) -> None:
    """Raise `NotReady` where names that a lab needs are taken, by somebody else or by a lab that was not taken down."""
    names = [
        thing["metadata"]["name"] for thing in start_of(scenario).objects(scenario) if thing["kind"] == "Namespace"
    ]
    with kubeconfig.connect(path) as http:
        cluster = Cluster(http)
        spaces = {space["metadata"]["name"] for space in cluster.get("/api/v1/namespaces")["items"]}
        nodes = {node["metadata"]["name"] for node in cluster.nodes()}
    taken = [f"namespace {name}" for name in names if name in spaces and name != "kube-system"]
    taken += [f"node {name}" for name in scenario.node_names if name in nodes]
    if taken:
        text = (
            "already has {}: another lab's (`migrator lab down` takes it away), or somebody else's; nothing was changed"
        )
        raise NotReady(f"the control plane {text.format(', '.join(taken))}")


def leave(path: Path) -> None:
    """Take away everything that a lab made; `NotReady` says what is left. The lab's node agent may be gone already."""
    deadline = time.monotonic() + LEAVES_WITHIN
    with kubeconfig.connect(path) as http:
        cluster = Cluster(http)
        _empty(cluster, deadline)
        for name in _ours(cluster, _DEFINITIONS):
            _drop_definition(cluster, name)
        for name in _ours(cluster, "/api/v1/nodes"):
            cluster.delete(f"/api/v1/nodes/{name}")
            cluster.delete(f"{_LEASES}/{name}")
        for name in _ours(cluster, "/api/v1/namespaces/kube-system/configmaps"):
            cluster.delete(f"/api/v1/namespaces/kube-system/configmaps/{name}")


def _empty(cluster: Cluster, deadline: float) -> None:
    """Delete the lab's namespaces; their pods are forgotten at once, since nobody may be left to stop them."""
    for name in _ours(cluster, "/api/v1/namespaces"):
        cluster.delete(f"/api/v1/namespaces/{name}")
    while spaces := _ours(cluster, "/api/v1/namespaces"):
        if time.monotonic() > deadline:
            raise NotReady(f"namespaces {', '.join(spaces)} are not gone after {LEAVES_WITHIN:g} s; repeat `lab down`")
        for space in spaces:
            for pod in cluster.get(f"/api/v1/namespaces/{space}/pods")["items"]:
                cluster.delete(f"/api/v1/namespaces/{space}/pods/{pod['metadata']['name']}", gracePeriodSeconds=0)
        time.sleep(_LOOK_EVERY)


def _drop_definition(cluster: Cluster, name: str) -> None:
    """Delete a definition that the lab made, unless somebody else has come to use it."""
    definition = cluster.get(f"{_DEFINITIONS}/{name}")["spec"]
    version = next(row["name"] for row in definition["versions"] if row["storage"])
    objects = cluster.get(f"/apis/{definition['group']}/{version}/{definition['names']['plural']}")["items"]
    if objects:
        log.warning("definition stays, others use it name=%s objects=%s", name, len(objects))
        return
    cluster.delete(f"{_DEFINITIONS}/{name}")


def _ours(cluster: Cluster, path: str) -> list[str]:
    answer = cluster.http.get(path, params=_MARKED).raise_for_status().json()
    return [item["metadata"]["name"] for item in answer["items"]]

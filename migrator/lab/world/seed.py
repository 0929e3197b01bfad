"""Fill a fresh world: objects, labels, backends on the balancer. Done when the VIP answers; every wait is bounded."""

import logging
import time
from collections.abc import Callable
from functools import partial

import httpx

from migrator.lab.balancer.settings import HealthSpec
from migrator.lab.controllers.services.tke.controller import WEIGHT
from migrator.lab.ground import kubeconfig, manifests
from migrator.lab.ground.cloud import Cloud
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import (
    GATEWAY_PORT,
    HAPROXY,
    LAYER_7,
    LISTENER_ID,
    OURS,
    RULES,
    TKE,
    TWO_CLUSTERS,
    Address,
    Scenario,
)
from migrator.lab.ground.manifests import MEMBER, Json
from migrator.lab.haproxy import config, runtime
from migrator.lab.process import NotReady
from migrator.lab.starts.start import Start, start_of
from migrator.lab.world.parts import Workspace

log = logging.getLogger(__name__)

PODS_WITHIN = 40.0
VIP_WITHIN = 20.0
LOOK_EVERY = 0.1


def fill(workspace: Workspace) -> None:
    """Create what a lab starts with, as far as its parts allow; raise `NotReady` for what did not come true in time."""
    scenario = workspace.scenario
    if not (scenario.strangers or scenario.has("api")):
        return
    start = start_of(scenario)
    if start.defines:
        define(workspace)
    if scenario.way == TWO_CLUSTERS:
        with kubeconfig.connect(workspace.beside) as http:
            _furnish(Cluster(http), scenario, manifests.shared(scenario))
    with kubeconfig.connect(workspace.kubeconfig) as http:
        cluster = Cluster(http)
        _furnish(cluster, scenario, start.objects(scenario))
        if not scenario.has("node"):
            return
        pods = _serving(cluster, start, scenario)
        join(cluster, pods, scenario)
    if scenario.has("balancer"):
        register(workspace, [pod["status"]["podIP"] for pod in pods])


def _furnish(cluster: Cluster, scenario: Scenario, things: list[Json]) -> None:
    """Label a cluster's nodes and create what it holds at the start."""
    if scenario.has("node"):
        names = set(scenario.node_names)
        wait_for(lambda: names <= _names(cluster.nodes()), 10.0, f"{scenario.nodes} nodes in the cluster")
        for number, name in enumerate(scenario.node_names, 1):
            cluster.label_node(name, start_of(scenario).labels(scenario, number))
    for thing in things:
        fresh = cluster.create(_marked(thing) if scenario.strangers else thing)
        log.info("created kind=%s name=%s fresh=%s", thing["kind"], thing["metadata"]["name"], fresh)


def _serving(cluster: Cluster, start: Start, scenario: Scenario) -> list[Json]:
    """Wait for the gateways that are to be there at the start; return the pods of those that serve."""
    counted = [(start.serving, scenario.replicas), (start.standing, scenario.nodes)]
    for labels, count in counted if start.standing else counted[:1]:
        ready = partial(_are_ready, cluster, start.namespace, labels, count)
        wait_for(ready, PODS_WITHIN, f"{count} ready gateway pods")
    return cluster.ready_pods(start.namespace, start.serving)


def _are_ready(cluster: Cluster, namespace: str, labels: dict[str, str], count: int) -> bool:
    return len(cluster.ready_pods(namespace, labels)) >= count


def define(workspace: Workspace) -> None:
    """Give a control plane the definitions that it lacks, and wait until they are served."""
    with kubeconfig.connect(workspace.kubeconfig) as http:
        cluster = Cluster(http)
        for definition in start_of(workspace.scenario).definitions():
            fresh = cluster.create(_marked(definition))
            log.info("created definition name=%s fresh=%s", definition["metadata"]["name"], fresh)
            spec = definition["spec"]
            path = f"/apis/{spec['group']}/{spec['versions'][0]['name']}/{spec['names']['plural']}"
            wait_for(partial(_serves, http, path), 10.0, f"{path} to be served")


def _serves(http: httpx.Client, path: str) -> bool:
    return http.get(path, params={"limit": 1}).status_code == httpx.codes.OK


def _marked(thing: Json) -> Json:
    meta = thing["metadata"]
    return {**thing, "metadata": {**meta, "labels": {**meta.get("labels", {}), **dict([OURS])}}}


def _names(things: list[Json]) -> set[str]:
    return {thing["metadata"]["name"] for thing in things}


def join(cluster: Cluster, pods: list[Json], scenario: Scenario) -> None:
    """Make the pods members of TKE's Service, where there is one; say where the Service is reached that has the balancer."""
    start = start_of(scenario)
    if start.balancing:
        path = f"/api/v1/namespaces/{start.namespace}/services/{start.balancing}/status"
        cluster.merge(path, {"status": {"loadBalancer": {"ingress": [{"ip": scenario.layout.vip.host}]}}})
    for pod in pods if scenario.balancer == TKE else ():
        notes = {WEIGHT: str(scenario.weight)}
        cluster.label_pod(pod["metadata"]["namespace"], pod["metadata"]["name"], MEMBER, notes)


def register(workspace: Workspace, addresses: list[str]) -> None:
    """Put the pods behind the VIP at the scenario's weight and wait until it answers."""
    where, scenario = workspace.scenario.layout, workspace.scenario
    backends = [Address(host, GATEWAY_PORT) for host in addresses]
    if scenario.balancer == HAPROXY:
        check = config.check(HealthSpec(interval_s=scenario.health_interval))
        runtime.add(where.balancer, LISTENER_ID, backends, scenario.weight, check)
    elif scenario.balancer != TKE:  # there the controller registers, by the pods' labels
        for rule in RULES if scenario.balancer == LAYER_7 else ("",):
            Cloud(where.balancer, rule=rule).register(dict.fromkeys(backends, scenario.weight))
    for path in (
        RULES.values() if scenario.balancer == LAYER_7 else ("/",)
    ):  # each rule has targets of its own, in its own time
        url = f"http://{where.vip}{path}?s=0"  # at once, where the answer is slow by nature
        wait_for(partial(answers, url), VIP_WITHIN, f"an answer from the VIP at {url}")


def answers(url: str) -> bool:
    """Return whether `url` gives a 200 now."""
    return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK


def wait_for(happened: Callable[[], bool], within: float, what: str) -> None:
    """Look until `happened`; after `within` seconds raise `NotReady` naming `what`. Silence counts as not yet."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if happened():
                return
        except httpx.TransportError:
            pass
        time.sleep(LOOK_EVERY)
    raise NotReady(f"waited {within:g} s in vain for {what}")

"""What `migrator plan` costs on a big cluster behind a real API server: 1,000 nodes, 5,000 pods, 2,000 Istio objects.

The lab's API server and its balancer are processes of their own. Beside the command a bare reader takes the same answers off
the wire and throws them away: that is the API server's own time. Goals: 3 s of CPU, parsing and the start of Python included,
and 200 MB at the most. On a shared machine the wall clock says little.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from migrator.app.plan.looking.listing import kinds
from migrator.domain.gateways import PROFILES
from migrator.domain.planning.rbac import plural
from migrator.lab.process import ready_line, spawn, stop
from tests.bench.before import COMMIT, PLAN_MB
from tests.bench.bench_plan import ISTIO, NODES, PAGE, PODS, istio, nodes, pods
from tests.domain.planning.checks.ground import OLD, SHARED, SPACE, deployment, pod, service, thing
from tests.lab.clouds.world import SECRET, Process

TOKEN = "bench"
GATEWAYS = 3
AT_ONCE = 8
RUNS = 3
GOAL_S, GOAL_MB = 3.0, 200.0
COUNTS = {"VirtualService": 1000, "DestinationRule": 400, "AuthorizationPolicy": 400, "EnvoyFilter": 200}
assert sum(COUNTS.values()) == ISTIO

PLAN = """
apiVersion: migrator/v1
kind: Migration
metadata: {{name: bench}}
spec:
  cluster: {{kubeconfig: {kubeconfig}, context: bench, namespace: {space}}}
  source: {{kind: Deployment, name: {old}}}
  target:
    name: {old}-ds
    nodeSelector: {{node-role: gateway}}
    ports: {{"8080": 18080}}
    labels: {{version: v2}}
  gateway: {{kind: istio}}
  loadBalancer:
    provider: tencent
    region: lab
    endpoint: http://{cloud}
    id: {balancer}
    listeners: [{{id: lbl-1, port: 80}}]
  traffic: {{shares: [10, 50, 100], soak: 10m}}
  judge: {{scrape: {{}}}}
  after: manual
"""


class Server:
    """The lab's API server, and one connection a thread to it."""

    def __init__(self) -> None:
        argv = ["-m", "migrator.lab.kube", "--host", "127.0.0.1", "--port", "0", "--token", TOKEN]
        self.process = spawn([sys.executable, *argv])
        self.url: str = ready_line(self.process, 15)["url"]
        self._kept = threading.local()

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> bytes:
        """Give the answer's bytes; a refusal ends the benchmark."""
        if not hasattr(self._kept, "link"):
            self._kept.link = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        self._kept.link.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._kept.link.getresponse()
        found: bytes = answer.read()
        if answer.status == 404 and method == "GET":  # a kind that this server does not have: planning asks it, too
            return b""
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {found[:300]!r}")
        return found

    def create(self, made: Any) -> Any:
        """Post one object."""
        return json.loads(self.ask("POST", path_of(made["apiVersion"], made["kind"], made["metadata"]), made))


def path_of(version: str, kind: str, meta: Any) -> str:
    """Give the collection of an object."""
    home = f"api/{version}" if "/" not in version else f"apis/{version}"
    space = f"/namespaces/{meta['namespace']}" if meta.get("namespace") else ""
    return f"/{home}{space}/{plural(kind)}"


def without_uid(made: Any) -> Any:
    """Give an object as a client would post it."""
    made["metadata"].pop("uid", None)
    return made


def address(index: int) -> str:
    """Give a node's address: loopback, so that a kubelet that is not there refuses at once."""
    return f"127.90.{index // 250}.{index % 250 + 1}"


def objects() -> Iterator[Any]:
    """Give everything that needs no other object, namespaces first."""
    for space in (SPACE, *(f"team-{index}" for index in range(50))):
        yield thing("Namespace", space, space="")
    for index, made in enumerate(nodes(range(NODES))):
        made["metadata"]["labels"] = {"node-role": "gateway"} if index < NODES // 10 else {"node-role": "app"}
        made["status"]["addresses"] = [{"type": "InternalIP", "address": address(index)}]
        yield made
    yield from pods(range(PODS - GATEWAYS))
    apis = {"AuthorizationPolicy": "security.istio.io/v1", "EnvoyFilter": "networking.istio.io/v1alpha3"}
    for kind, count in COUNTS.items():
        for made in istio(kind, count):
            yield {**made, "apiVersion": apis.get(kind, "networking.istio.io/v1")}
    gateway = {"selector": {"istio": "ingressgateway"}, "servers": []}
    yield thing("Gateway", "public", gateway, api="networking.istio.io/v1")
    yield service()


def seed(server: Server) -> None:
    """Fill the server: the crowd several at a time, then the gateway and its pods, which hang together by uid."""
    for first in (rows := list(objects()))[:51]:
        server.create(without_uid(first))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda made: posted(server, made), rows[51:]))
    source = server.create(without_uid(deployment()))
    owner = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": OLD,
        "uid": source["metadata"]["uid"],
        "controller": True,
    }
    template = {**source["spec"]["template"], "metadata": {"labels": {**SHARED, "pod-template-hash": "h"}}}
    wanted = {"replicas": GATEWAYS, "selector": {"matchLabels": dict(SHARED)}, "template": template}
    replicas = thing("ReplicaSet", f"{OLD}-h", wanted, api="apps/v1", labels=dict(SHARED), ownerReferences=[owner])
    hashed = server.create(without_uid(replicas))["metadata"]["uid"]
    ready = [{"type": "Ready", "status": "True"}]
    for index in range(GATEWAYS):
        made: Any = pod(f"{OLD}-h-{index}", dict(SHARED), f"{OLD}-h", where=f"node-{NODES - 1 - index}")
        made["metadata"]["ownerReferences"][0] |= {"apiVersion": "apps/v1", "uid": hashed}
        made["spec"]["containers"] = template["spec"]["containers"]
        posted(server, made, {"phase": "Running", "podIP": address(9000 + index), "conditions": ready})
    counts = {"replicas": GATEWAYS, "readyReplicas": GATEWAYS, "updatedReplicas": GATEWAYS, "observedGeneration": 1}
    patch_status(server, source, counts)


def posted(server: Server, made: Any, status: Any = None) -> None:
    """Post an object and, where it has one, its status, which a create leaves out."""
    status = status or made.get("status")
    found = server.create(without_uid(made))
    if status and made["kind"] in ("Node", "Pod"):
        patch_status(server, found, status)


def patch_status(server: Server, found: Any, status: Any) -> None:
    """Write an object's status."""
    path = path_of(found["apiVersion"], found["kind"], found["metadata"]) + f"/{found['metadata']['name']}/status"
    server.ask("PATCH", path, {"status": status}, "application/merge-patch+json")


def bare(server: Server) -> tuple[float, float]:
    """Read every list that planning reads, as many at once and by the same pages; give seconds and megabytes."""
    asked = [
        path_of(version, row.kind, {"namespace": row.namespace})
        for row in kinds(SPACE, PROFILES["istio"].lists, clouds=())
        for version in row.versions[:1]
        if row.kind not in ("Application", "Kustomization", "HelmRelease") and row.key != "GatewayAPI"
    ]
    asked += [path_of("v1", "Node", {}), path_of("v1", "Pod", {"namespace": SPACE})]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sizes = list(pool.map(lambda path: drained(server, path), asked))
    return time.perf_counter() - began, sum(sizes) / 1e6


def drained(server: Server, path: str) -> int:
    """Read a list page by page and keep nothing; give its bytes."""
    size, token = 0, ""
    for _ in range(100):
        answer = server.ask("GET", f"{path}?limit={PAGE}" + (f"&continue={token}" if token else ""))
        size += len(answer)
        found = re.search(rb'"continue":\s*"([^"]+)"', answer)
        if found is None:
            return size
        token = found[1].decode()
    raise SystemExit(f"{path} has no end")


def planned(file: Path, store: Path) -> tuple[float, float, float, str]:
    """Run the command; give its wall and CPU seconds, the most memory it held in MB, and what it printed."""
    env = {**os.environ, "TENCENTCLOUD_SECRET_ID": SECRET[0], "TENCENTCLOUD_SECRET_KEY": SECRET[1]}
    argv = [sys.executable, "-m", "migrator", "plan", str(file), "--store", str(store), "--output", "json"]
    began = time.perf_counter()
    child = subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert child.stdout is not None
    said = child.stdout.read().decode()
    _, code, spent = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode not in (0, 2):  # 2: a finding blocks; it is a plan all the same
        raise SystemExit(f"migrator plan ended with {child.returncode}:\n{said[-3000:]}")
    return time.perf_counter() - began, spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024, said


def kubeconfig(server: Server, folder: Path) -> Path:
    """Write the kubeconfig of the server."""
    made = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "bench", "cluster": {"server": server.url}}],
        "users": [{"name": "bench", "user": {"token": TOKEN}}],
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench"}}],
        "current-context": "bench",
    }
    (folder / "kubeconfig").write_text(json.dumps(made))
    return folder / "kubeconfig"


def report(server: Server, folder: Path) -> None:
    """Seed, plan, and print the table."""
    began = time.perf_counter()
    seed(server)
    print(f"{NODES} nodes, {PODS} pods, {ISTIO} Istio objects; seeded in {time.perf_counter() - began:.0f} s")
    cloud = Process()
    rows = [{"address": address(9000 + index), "port": 8080, "weight": 10} for index in range(GATEWAYS)]
    balancer = cloud.balancer({"targets": rows})
    file = folder / "plan.yaml"
    names = {"space": SPACE, "old": OLD, "cloud": cloud.control, "balancer": balancer.id}
    file.write_text(PLAN.format(kubeconfig=kubeconfig(server, folder), **names))
    print(f"{'':10} {'wall s':>8} {'server s':>9} {'own s':>7} {'cpu s':>7} {'MB':>6}")
    for _ in range(RUNS):
        waited, size = bare(server)
        wall, cpu, most, said = planned(file, folder / "store.db")
        print(f"{'plan':10} {wall:8.2f} {waited:9.2f} {wall - waited:7.2f} {cpu:7.2f} {most:6.0f}")
    print(f"{'goal':10} {'':8} {'':9} {'':7} {GOAL_S:7.2f} {GOAL_MB:6.0f}   ({size:.0f} MB of JSON)")
    print(f"{COMMIT:10} {'':8} {'':9} {'':7} {'':7} {PLAN_MB:6.0f}")
    print("findings:", ", ".join(codes(json.loads(said))))
    cloud.close()


def codes(said: Any) -> Iterable[str]:
    """Give the codes of the plan's findings."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()
    found.put(said)
    names: dict[str, None] = {}
    while not found.empty():
        each = found.get()
        for inner in each.values() if isinstance(each, dict) else each if isinstance(each, list) else ():
            found.put(inner)
        if isinstance(each, dict) and "severity" in each:
            names[f"{each['code']} {each['severity']}"] = None
    return names


def main() -> None:
    """Measure and print."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder:
            report(server, Path(folder))
    finally:
        stop(server.process)


if __name__ == "__main__":
    main()

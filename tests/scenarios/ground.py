"""A gateway of its own for one test in a shared lab: namespace, Deployment, balancer, clients. Nothing is restarted.

It knows the lab's doors only; of migrator it imports the lab and nothing else.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import httpx

from migrator.lab.demo.loading import Load
from migrator.lab.demo.processes import envoys_of
from migrator.lab.demo.shares import Achieved, Split, achieved, split_of
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, LISTENER_ID, REGION, USUAL_PARTS, Address, Layout, Scenario
from migrator.lab.ground.manifests import SELECTOR, everything, shared
from migrator.lab.process import ready_line, spawn, stop
from migrator.lab.world import seed
from migrator.lab.world.parts import LOAD_FINISHES, Workspace, command
from migrator.lab.world.record import Record

Json = dict[str, Any]
T = TypeVar("T")

PLANS = Path(__file__).parents[2] / "plans"
PARTS = USUAL_PARTS
"""What a ground needs of a lab, and Prometheus where there is one; clients are each test's own."""

GONE_WITHIN = 30.0
COUNT_EVERY = 0.25
OLD_WEIGHT = 100
_DOOMED = (
    ("/apis/apps/v1", "deployments"),
    ("/apis/apps/v1", "daemonsets"),
    ("/api/v1", "services"),
    ("/apis/networking.istio.io/v1", "gateways"),
    ("/apis/networking.istio.io/v1", "virtualservices"),
)


def eventually(what: str, happened: Callable[[], bool], within: float) -> None:
    """Look until `happened`; fail naming `what` after `within` seconds. Silence of the lab counts as not yet."""
    seed.wait_for(happened, within, what)


@dataclass(frozen=True, slots=True)
class Ground:
    """One test's part of the lab. `new_port` is the host port of its DaemonSet; times in `log` are the wall clock."""

    record: Record
    folder: Path
    namespace: str
    balancer: str
    vip: Address
    cluster: Cluster
    admin: httpx.Client
    old: tuple[Address, ...]
    new_port: int = 18080
    template: Path = PLANS / "lab.yaml"

    @property
    def layout(self) -> Layout:
        return Layout(self.record.net)

    @property
    def known(self) -> str:
        """The kubeconfig of the plan file."""
        return self.record.kubeconfig

    @property
    def arrives_at(self) -> str:
        """How the addresses of the new side's targets begin."""
        return f"{self.record.net}.1."

    @property
    def workspace(self) -> Workspace:
        """Where the test's own files are; its load aims at the test's own VIP."""
        return Workspace(Scenario(net=self.record.net), self.folder)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The addresses of all nodes, which are those of the new gateways."""
        return tuple(self.layout.node(number) for number in range(1, 6))

    # --- what the balancer says -----------------------------------------------------------------------------------

    def weights(self) -> dict[str, int]:
        """Every target's weight in the API, by `address:port`."""
        found = self.admin.get(f"/balancers/{self.balancer}").raise_for_status().json()
        return {f"{row['address']}:{row['port']}": row["weight"] for row in found["listeners"][0]["targets"]}

    def log(self, *kinds: str) -> list[Json]:
        """The balancer's own record of this test, in order."""
        asked = {"balancer": self.balancer, "kind": ",".join(kinds)}
        return list(self.admin.get("/log", params=asked).raise_for_status().json()["events"])

    def share(self) -> float:
        """The new side's percent of the weights in the API; 0 where nothing has weight."""
        return self.share_of(self.weights())

    def effective_shares(self) -> list[tuple[float, float]]:
        """When each change reached the data plane, and the new side's percent after it."""
        weights = dict.fromkeys(map(str, self.old), OLD_WEIGHT)  # what a balancer begins with makes no event
        found = []
        for event in self.log("effective"):
            if event["verb"] == "deregister":
                weights.pop(event["target"], None)
            else:
                weights[event["target"]] = event["weight"]
            found.append((event["at"], self.share_of(weights)))
        return found

    @contextmanager
    def counting(self) -> Iterator[Callable[[], list[Achieved]]]:
        """Watch the balancer's counters for the length of a block; the call gives what came at each share."""
        splits: list[Split] = []
        ended = Event()

        def look() -> None:
            with httpx.Client(base_url=self.admin.base_url, timeout=5, trust_env=False) as http:
                while not ended.wait(COUNT_EVERY):
                    found = http.get("/stats", params={"balancer": self.balancer}).raise_for_status().json()
                    listener = found["balancers"][self.balancer]["listeners"][LISTENER_ID]
                    splits.append(split_of(listener, self.arrives_at, time.time()))

        thread = Thread(target=look)
        thread.start()
        try:
            yield lambda: achieved(splits)
        finally:
            ended.set()
            thread.join(10.0)

    def asked_shares(self) -> list[float]:
        """The new side's percent after each row that was written to the cloud API, in order."""
        weights = dict.fromkeys(map(str, self.old), OLD_WEIGHT)
        found = []
        for call in self.log("call"):
            for row in call["rows"]:
                if call["action"] == "BatchDeregisterTargets":
                    weights.pop(row["target"], None)
                else:
                    weights[row["target"]] = row["weight"]
                found.append(self.share_of(weights))
        return found

    def active(self, new: bool) -> int:
        """The live connections of one side's targets."""
        found = self.admin.get("/stats", params={"balancer": self.balancer}).raise_for_status().json()
        targets = found["balancers"][self.balancer]["listeners"][LISTENER_ID]["targets"]
        return sum(row.get("active", 0) for target, row in targets.items() if self.is_new(target) is new)

    def is_new(self, target: str) -> bool:
        return target.startswith(self.arrives_at)

    def share_of(self, weights: dict[str, int]) -> float:
        total = sum(weights.values())
        return 100 * sum(w for target, w in weights.items() if self.is_new(target)) / total if total else 0.0

    # --- what goes wrong on purpose --------------------------------------------------------------------------------

    def break_balancer(self, **order: Any) -> None:
        """Ask the balancer for faults (see its `Order`)."""
        self.admin.post("/faults", json={"balancer": self.balancer, **order}).raise_for_status()

    def break_api(self, **fault: Any) -> None:
        """Make the API server fail as ordered, until `mend_api`."""
        self.cluster.http.post("/lab/faults", json=fault).raise_for_status()

    def shut_api(self, status: int | str, seconds: float = 0.0, path: str = "/", cut: bool = False) -> None:
        """Make the API server fail for migrator alone: the lab's controllers go on. Its tunnels send no User-Agent.

        `cut`: the tunnels that are open end, too, as they do when a server is gone.
        """
        match = {"agents": ["python-urllib3", ""], "path_prefix": path}
        self.break_api(status=status, seconds=seconds, match=match, cut=cut)

    def mend_api(self) -> None:
        self.cluster.http.delete("/lab/faults").raise_for_status()

    # --- what the cluster holds ------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Say whether an object of this test's namespace exists; `path` is such as `apps/v1/deployments/name`."""
        return self.cluster.http.get(self._url(path)).status_code == httpx.codes.OK

    def get(self, path: str) -> Json:
        return self.cluster.get(self._url(path))

    def ready_pods(self, labels: dict[str, str]) -> list[Json]:
        return self.cluster.ready_pods(self.namespace, labels)

    def _url(self, path: str) -> str:
        group, _, rest = path.rpartition("v1/")
        root = f"/apis/{group}v1" if group else "/api/v1"
        return f"{root}/namespaces/{self.namespace}/{rest}"

    # --- clients ---------------------------------------------------------------------------------------------------

    @contextmanager
    def clients(self, mix: str = "demo") -> Iterator[Load]:
        """Load the test's VIP for the length of a block."""
        where = ["--target", str(self.vip), "--out", str(self.workspace.ledger), "--mix", mix]
        usual = command("load", self.workspace)
        argv = [*usual[: usual.index("-m") + 2], *where, "--finish", f"{LOAD_FINISHES:g}"]
        with (self.folder / "load.log").open("wb") as log:
            popen = spawn(argv, stderr=log)
        try:
            ready_line(popen, 30.0)
            yield Load(popen, self.workspace.ledger)
        finally:
            stop(popen, LOAD_FINISHES + 5.0)


@contextmanager
def ground(
    record: Record, folder: Path, number: int, interval: float = 0.5, template: Path = PLANS / "lab.yaml", **more: Any
) -> Iterator[Ground]:
    """Make the `number`th ground of a lab, its old gateways behind its VIP; remove all of it afterwards.

    `interval` is that of the balancer's health check, in seconds; `more` is what else is said of the balancer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    layout = Layout(record.net)
    namespace, vip = f"gateways-{number}", Address(f"{record.net}.0.{9 + number}", layout.vip.port)
    with ExitStack() as stack:
        cluster = Cluster(stack.enter_context(kubeconfig.connect(Path(record.kubeconfig))))
        admin = httpx.Client(base_url=f"http://{layout.balancer_admin}", timeout=5, trust_env=False)
        stack.callback(admin.close)
        stack.callback(clear, cluster, namespace, record)
        populate(cluster, namespace, record.net)
        old = tuple(Address(pod["status"]["podIP"], 8080) for pod in cluster.ready_pods(namespace, SELECTOR))
        admin.post("/balancers", json=balancer(f"lb-{number}", vip, old, interval) | more).raise_for_status()
        stack.callback(admin.delete, f"/balancers/lb-{number}")
        eventually(f"an answer from {vip}", lambda: seed.answers(f"http://{vip}/"), 20.0)
        yield Ground(record, folder, namespace, f"lb-{number}", vip, cluster, admin, old, template=template)


def balancer(name: str, vip: Address, old: tuple[Address, ...], interval: float = 0.5) -> Json:
    """A balancer like the lab's own, with these gateways as its targets from the start."""
    targets = [{"address": at.host, "port": at.port, "weight": OLD_WEIGHT} for at in old]
    return {
        "id": name,
        "vip": vip.host,
        "region": REGION,
        "listeners": [{"id": LISTENER_ID, "port": vip.port, "targets": targets}],
        "timings": {"propagation_s": 0.5, "jitter_s": 0.1, "delay_up_s": 0.005, "delay_down_s": 0.005},
        "health": {"interval_s": interval, "timeout_s": min(2.0, interval)},
    }


def populate(cluster: Cluster, namespace: str, net: str) -> None:
    """Create what a lab starts with in a namespace of its own, and wait for the old gateways."""
    create(cluster, namespace, everything(Scenario(net=net)))
    eventually("3 old gateways", lambda: len(cluster.ready_pods(namespace, SELECTOR)) == 3, 60.0)


def furnish(cluster: Cluster, namespace: str, scenario: Scenario) -> None:
    """Create in a second cluster what gateways need around them, and no gateway."""
    create(cluster, namespace, shared(scenario))


def create(cluster: Cluster, namespace: str, things: list[Json]) -> None:
    """Create a lab's objects in a namespace instead of the lab's own."""
    for thing in json.loads(json.dumps(things).replace(GATEWAY_NAMESPACE, namespace)):
        cluster.create(thing)


def clear(cluster: Cluster, namespace: str, record: Record) -> None:
    """Remove a namespace's gateways at once and see their Envoys gone."""
    cluster.http.delete("/lab/faults").raise_for_status()
    pods = cluster.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
    addresses = tuple(pod["status"].get("podIP", "") for pod in pods)
    for root, plural in _DOOMED:
        for thing in cluster.get(f"{root}/namespaces/{namespace}/{plural}")["items"]:
            cluster.delete(f"{root}/namespaces/{namespace}/{plural}/{thing['metadata']['name']}")

    def empty() -> bool:
        for pod in cluster.get(f"/api/v1/namespaces/{namespace}/pods")["items"]:
            path = f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}"
            cluster.delete(path, gracePeriodSeconds=0)
        return not envoys_of(record.supervisor.pid, addresses)

    eventually(f"the end of the gateways of {namespace}", empty, GONE_WITHIN)
    cluster.delete(f"/api/v1/namespaces/{namespace}")


def stays(seen: Callable[[], T], seconds: float) -> set[T]:
    """Look for so long and give every value that was seen: one, if it stayed as it was."""
    deadline, found = time.monotonic() + seconds, set[T]()
    while time.monotonic() < deadline:
        found.add(seen())
        time.sleep(COUNT_EVERY)
    return found


def in_order(numbers: list[float], slack: float = 0.0) -> bool:
    """Say whether no number is lower than an earlier one, by more than `slack`."""
    highest = float("-inf")
    for number in numbers:
        if number < highest - slack:
            return False
        highest = max(highest, number)
    return True

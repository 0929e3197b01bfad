"""Carry it out: each way in a lab of its own, hardened by migrator's own command line, each event under the same load."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from migrator.lab.demo import demonstration
from migrator.lab.demo.command_line import Production, Unexpected, fresh_store, plan_for
from migrator.lab.demo.loading import loaded
from migrator.lab.endings.gateways import SEEN_WITHIN, Gateways
from migrator.lab.endings.way import DELAY, INTERVAL, SEEN, Event, Json, Result, Way
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cloud import Cloud, CloudError
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, GATEWAY_PORT, SECRETS, Address, Scenario
from migrator.lab.process import NotReady, stop
from migrator.lab.rivals.stage import NEW_NAME, Stage
from migrator.lab.world import lifecycle
from migrator.lab.world.parts import Workspace
from migrator.lab.world.record import Record
from migrator.lab.world.seed import wait_for

PARTS = ("api", "app", "balancer", "controllers", "istiod", "node")
MIX, IMAGE = "compare", "lab/migrator"
NODES = 2
AT_ONCE = 2
WARM_UP, AFTERWARDS = 3.0, 3.0
_BEGINS_WITHIN, _ENDS_WITHIN, _ANSWERS_WITHIN = 60.0, 10.0, 60.0

Say = Callable[[str], None]


def prove(net: str, folder: Path, ways: Sequence[Way], say: Say) -> list[Result]:
    """Let each event happen in each way; a way has a lab in a folder of its own, two at a time where `net` is `auto`."""
    with ThreadPoolExecutor(AT_ONCE if net == "auto" else 1) as pool:
        rows = pool.map(lambda way: list(_one(way, net, folder / way.name, say)), ways)
        return [row for each in rows for row in each]


def _one(way: Way, net: str, folder: Path, say: Say) -> Iterator[Result]:
    done = 0
    try:
        with standing(way, net, folder, say) as (workspace, gateways):
            for event in Event:
                yield _counted(way, event, workspace, gateways)
                done += 1
                say(f"{way.name}: {event} is over")
                time.sleep(SEEN_WITHIN)
    except (NotReady, lifecycle.AlreadyUp, Unexpected, CloudError, OSError, httpx.HTTPError) as error:
        yield Result(way, list(Event)[min(done, len(Event) - 1)], problem=f"{type(error).__name__}: {error}")


@contextmanager
def standing(way: Way, net: str, folder: Path, say: Say) -> Iterator[tuple[Workspace, Gateways]]:
    """Start a lab whose DaemonSet stands alone behind the balancer, made ready as the way says."""
    scenario = Scenario(net=net, nodes=NODES, replicas=1, delay=DELAY, health_interval=INTERVAL, mix=MIX, parts=PARTS)
    say(f"{way.name}: {way.title}")
    with ExitStack() as stack:
        record = stack.enter_context(lifecycle.running(scenario, folder))
        workspace = Workspace(replace(scenario, net=record.net), folder)
        cluster = Cluster(stack.enter_context(kubeconfig.connect(Path(record.kubeconfig))))
        gateways = Gateways(Stage(workspace.scenario, folder, cluster, Cloud(workspace.scenario.layout.balancer)))
        production = Production(fresh_store(folder / "endings.db"), folder / "migrator.log")
        gateways.stand()
        plan = _plan(record, folder)
        if way.options is not None:
            patch, rights = _hardening(production, record, way, plan)
            for made in (_secret(), *rights):
                cluster.create(made)
            gateways.patch(patch)
        if way.follows:
            stack.enter_context(_following(production, record, plan))
        yield workspace, gateways


def _hardening(production: Production, record: Record, way: Way, plan: Path) -> tuple[Json, list[Json]]:
    """Ask migrator what to change in the DaemonSet, as an operator does; give the patch, and the rights to be made first."""
    where = ("-n", GATEWAY_NAMESPACE, "--kubeconfig", record.kubeconfig, "--port", str(GATEWAY_PORT))
    beside = ("--image", IMAGE, "--by", way.beside, "--plan", str(plan), "--follower", f"http://{_follower(record)}")
    asked = ("harden", f"daemonset/{NEW_NAME}", *where, *SEEN, *(way.options or ()), *(beside if way.beside else ()))
    code, said = production.tried(*asked, within=_ANSWERS_WITHIN)
    if code != 0:
        raise Unexpected(f"`migrator harden` ended with exit code {code}: {said}")
    patch: Json = said["hardening"]["patch"]
    return patch, [row for row in said["hardening"]["objects"] if row["kind"] in ("Role", "RoleBinding")]


def _secret() -> Json:
    """Give the Secret from which the container beside a gateway has the cloud's variables."""
    meta = {"name": "migrator-farewell", "namespace": GATEWAY_NAMESPACE}
    data = {name: base64.b64encode(value.encode()).decode() for name, value in SECRETS.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": data}


def _plan(record: Record, folder: Path) -> Path:
    """Write the plan file of the gateway as it stands."""
    text = demonstration.PLANS["tencent"].read_text(encoding="utf-8")
    template = folder / "template.yaml"
    template.write_text(
        text.replace('"8080": 18080', '"8080": 8080').replace("after: manual", "after: migrator"), "utf-8"
    )
    return plan_for(record.net, Path(record.kubeconfig), template, folder / "plan.yaml")


def _follower(record: Record) -> Address:
    return Address(f"{record.net}.0.8", 9464)


@contextmanager
def _following(production: Production, record: Record, plan: Path) -> Iterator[None]:
    """Let `migrator follow` look after the DaemonSet for the length of a block."""
    process = production.begin("follow", str(plan), "--metrics", str(_follower(record)))
    try:
        wait_for(lambda: _is_followed(production), _BEGINS_WITHIN, f"a follower; see {production.log}")
        yield
    finally:
        stop(process, _ENDS_WITHIN)


def _is_followed(production: Production) -> bool:
    try:
        return bool(production.read("status").get("run", {}).get("state") == "running")
    except Unexpected:
        return False


def _counted(way: Way, event: Event, workspace: Workspace, gateways: Gateways) -> Result:
    """Let one event happen under load."""
    with loaded(workspace) as load:
        time.sleep(WARM_UP)
        began = time.monotonic()
        gateways.strike(event)
        took = round(time.monotonic() - began, 1)
        time.sleep(AFTERWARDS)
        load.finish()
        totals = load.end()["totals"]
    sent, lost, bad, cut = (int(totals[name]) for name in ("sent", "lost", "bad", "cut"))
    return Result(way, event, took, sent, lost, bad, cut)

"""What rounds are done on: a fresh lab under migrator's command line, and the plan for it."""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.lab.demo.command_line import Production, fresh_store, plan_for
from migrator.lab.demo.demonstration import PARTS, PLANS
from migrator.lab.demo.shares import Watch
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import Layout, Scenario
from migrator.lab.soak.events import EVENTS, World
from migrator.lab.soak.rounds import Ground
from migrator.lab.world import lifecycle
from migrator.lab.world.parts import Workspace

MIX = "soak"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: how many rounds, at least how many requests in each, and the seed of the events."""

    rounds: int = 10
    least: int = 100_000
    seed: int = 1
    net: str = "auto"
    balancer: str = "tencent"
    events: Sequence[str] = tuple(EVENTS)


def planned(ground: Ground, order: Order, folder: Path) -> Callable[[], object]:
    """Return what plans the way there."""
    scenario = ground.workspace.scenario
    template = PLANS[order.balancer]
    file = plan_for(scenario.net, ground.workspace.kubeconfig, template, folder / "plan.yaml")
    return lambda: ground.production.plan(file)


@contextmanager
def lab(order: Order, folder: Path, say: Say) -> Iterator[Ground]:
    """Start a fresh lab in a fresh folder; end it."""
    shutil.rmtree(folder, ignore_errors=True)
    scenario = Scenario(net=order.net, balancer=order.balancer, parts=PARTS, mix=MIX)
    with ExitStack() as stack:
        record = stack.enter_context(lifecycle.running(scenario, folder))
        workspace = Workspace(replace(scenario, net=record.net), folder)
        cluster = Cluster(stack.enter_context(kubeconfig.connect(Path(record.kubeconfig))))
        watch = Watch(Layout(record.net))
        stack.callback(watch.close)
        dice = random.Random(f"{order.seed}/{folder.name}")
        say(f"a lab is up at {record.net} in {folder}")
        production = Production(fresh_store(folder / "soak.db"), folder / "run.log")
        yield Ground(workspace, World(Layout(record.net), cluster, record.supervisor.pid, dice), watch, production)

"""`python -m migrator.lab.controllers`: the lab's controller manager and scheduler in one process.

It serves no port, and collects no garbage: the lab's API server does that itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

from migrator.lab.apiclient import Access, Api, read_kubeconfig
from migrator.lab.controllers import accounts
from migrator.lab.controllers.engine.loop import Controller, Loop
from migrator.lab.controllers.nodes import nodes, scheduler, stranded
from migrator.lab.controllers.services import endpointslices
from migrator.lab.controllers.workloads import budgets, daemonset, deployment, replicaset
from migrator.lab.process import die_with_parent


def controllers(node_grace: float) -> list[Controller]:
    """Return all the controllers of a lab; `node_grace` is the silence (seconds) after which a node is lost."""
    return [
        Controller("deployment", deployment.WATCHES, deployment.sync),
        Controller("replicaset", replicaset.WATCHES, replicaset.sync),
        Controller("daemonset", daemonset.WATCHES, daemonset.sync),
        Controller("scheduler", scheduler.WATCHES, scheduler.Scheduler().sync),
        Controller("endpointslice", endpointslices.WATCHES, endpointslices.sync),
        Controller("disruption", budgets.WATCHES, budgets.sync),
        Controller("serviceaccount", accounts.WATCHES, accounts.sync),
        Controller("podgc", stranded.WATCHES, stranded.StrandedPods(2 * node_grace).sync),
        Controller("nodelifecycle", nodes.WATCHES, nodes.NodeLifecycle(node_grace).sync),
    ]


async def serve(access: Access, node_grace: float) -> None:
    """Control the cluster until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    async with Api(access) as api:
        running = asyncio.create_task(Loop(api, controllers(node_grace)).run(lambda: _say_ready(access)))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            logging.getLogger(__name__).info("stopped")


def _say_ready(access: Access) -> None:
    print(json.dumps({"ready": True, "part": "controllers", "server": access.server}), flush=True)  # noqa: T201


def main() -> int:
    """Parse the command line and serve."""
    die_with_parent()
    parser = argparse.ArgumentParser(prog="python -m migrator.lab.controllers", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--node-grace", type=float, default=8.0, help="seconds of silence after which a node is lost")
    parser.add_argument("--log-level", default="WARNING")
    parser.add_argument("--net", help="accepted for uniformity; the controllers listen on nothing")
    options = parser.parse_args()
    logging.basicConfig(level=options.log_level, stream=sys.stderr, format="controllers %(levelname)s %(message)s")
    asyncio.run(serve(read_kubeconfig(options.kubeconfig), options.node_grace))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Run all nodes of a lab in one process: `python -m migrator.lab.node --kubeconfig FILE --net 127.77 --nodes 5`."""

import argparse
import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from migrator.lab.apiclient import Api, read_kubeconfig
from migrator.lab.node.agent import Node
from migrator.lab.node.events import Events
from migrator.lab.node.host import Host, Lab, PodAddresses
from migrator.lab.node.nodeports import NodePorts
from migrator.lab.process import die_with_parent

_SCRATCH = "lab-node-"
_COMMANDS = {
    "pilot-agent": "gateway.pilot_agent",
    "envoy": "gateway.envoy_command",
    "contour": "contour.command",
    "envoy-gateway": "envoygateway.proxy.manager",
}
"""What the images of gateways have in them, by name, and the module that stands for it."""


async def run(options: argparse.Namespace, scratch: Path) -> None:
    """Run the nodes until SIGTERM; then kill their containers, as a power cut would."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    istiod = options.istiod or f"http://{options.net}.0.2:15010"
    lab = Lab(options.net, istiod, options.labels, scratch, options.taint, options.cluster)
    starts = asyncio.Semaphore(options.parallel_starts)
    async with Api(read_kubeconfig(options.kubeconfig), "kubelet/lab") as api:
        hosts = [_host(lab, number, api, starts) for number in range(1, options.nodes + 1)]
        nodes = [Node(host) for host in hosts]
        serving = [asyncio.Event() for _ in nodes]
        tasks = [asyncio.create_task(node.run(event)) for node, event in zip(nodes, serving, strict=True)]
        tasks.append(asyncio.create_task(NodePorts(api, {host.name: host.ip for host in hosts}).run()))
        ready = asyncio.create_task(_all(serving))
        await asyncio.wait((ready, *tasks), return_when=asyncio.FIRST_COMPLETED)
        _say_ready(lab, options.nodes)
        told_to_stop = asyncio.create_task(_all([stopped]))
        await asyncio.wait((told_to_stop, *tasks), return_when=asyncio.FIRST_COMPLETED)
        for node in nodes:
            node.kill()
        failed = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=1.0)
        for task in failed:
            task.result()


async def _all(events: list[asyncio.Event]) -> None:
    for event in events:
        await event.wait()


def _host(lab: Lab, number: int, api: Api, starts: asyncio.Semaphore) -> Host:
    name = f"node-{number}"
    return Host(
        name=name,
        ip=f"{lab.net}.{lab.cluster}.{number}",
        addresses=PodAddresses(f"{lab.net}.{100 * lab.cluster - 90 + number}"),
        api=api,
        events=Events(api, name),
        starts=starts,
        lab=lab,
    )


def _say_ready(lab: Lab, count: int) -> None:
    nodes = {f"node-{number}": f"{lab.net}.{lab.cluster}.{number}" for number in range(1, count + 1)}
    print(json.dumps({"ready": True, "part": "node", "nodes": nodes}), flush=True)  # noqa: T201


def _labels(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    return {name: value for name, _, value in pairs}


def _sweep(parent: Path) -> None:
    """Remove what node agents left behind that were killed."""
    for left in parent.glob(f"{_SCRATCH}*-*"):
        owner = left.name.removeprefix(_SCRATCH).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)


def _furnish(scratch: Path) -> None:
    """Make the directories containers use, and put the commands that they may call on their PATH."""
    (scratch / "tmp").mkdir()
    (scratch / "bin").mkdir()
    for name, module in _COMMANDS.items():
        tool = scratch / "bin" / name
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m migrator.lab.{module} "$@"\n')
        tool.chmod(0o755)


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="migrator.lab.node", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--net", default="127.77")
    parser.add_argument("--nodes", type=int, default=5)
    parser.add_argument("--labels", type=_labels, default={"node-role": "gateway"})
    parser.add_argument("--taint", default="", help="the key of a NoSchedule taint that every node gets")
    parser.add_argument("--parallel-starts", type=int, default=4)
    parser.add_argument("--cluster", type=int, default=1, help="which of the lab's clusters they are nodes of")
    parser.add_argument("--istiod", default="", help="URL of the config server; default http://NET.0.2:15010")
    options = parser.parse_args()
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True) as scratch:
        _furnish(Path(scratch))
        asyncio.run(run(options, Path(scratch)))


if __name__ == "__main__":
    main()

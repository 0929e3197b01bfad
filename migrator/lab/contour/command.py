"""The command `contour` in a pod of Envoy's: `bootstrap`, `envoy shutdown-manager` and `envoy shutdown`.

`shutdown` is the manager's own preStop: Envoy's health check is made to fail, then it waits until no connection of a client
is open, however long that takes. Envoy's preStop asks the manager, which answers then. Source: projectcontour/contour
cmd/contour (bootstrap.go, shutdownmanager.go).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.contour.bootstrap import bootstrap
from migrator.lab.contour.ports import ADMIN_SOCKET, MANAGER_PORT, READY_FILE
from migrator.lab.gateway.shutdown import manage
from migrator.lab.ground.layout import seconds
from migrator.lab.ground.volumes import in_pod
from migrator.lab.http1.client import fetch
from migrator.lab.process import die_with_parent

log = logging.getLogger(__name__)
_CONNECTIONS = r"^http\.ingress_https?\.downstream_cx_active$"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pod ends: seconds before Envoy is told, before a first count, between two counts; how many may stay."""

    drain_delay: float
    check_delay: float
    check_interval: float
    least: int


def write_bootstrap(options: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Write the file that Envoy is started with, and make room for the socket of its admin interface."""
    admin, file = in_pod(env, options.admin_address), in_pod(env, options.path)
    for each in (admin, file):
        each.parent.mkdir(parents=True, exist_ok=True)
    content = bootstrap(env["CONTOUR_NAMESPACE"], admin, (options.xds_address, options.xds_port))
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return 0


async def shut_down(admin: Path, ready: Path, ending: Ending) -> int:
    """Let Envoy's health check fail, wait until so few connections are left, and say so by a file."""
    await asyncio.sleep(ending.drain_delay)
    try:
        await fetch(admin, "/healthcheck/fail", method="POST")
    except OSError as error:
        log.error("envoy does not answer: %s", error)
    await asyncio.sleep(ending.check_delay)
    while await _still(admin, ending.least):
        await asyncio.sleep(ending.check_interval)
    ready.touch()
    return 0


async def _still(admin: Path, least: int) -> bool:
    """Say whether there are more connections than `least`: none where there is no Envoy any more, unknown where it is slow."""
    try:
        return await connections(admin) > least
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    except OSError as error:
        log.warning("envoy does not answer: %s", error)
        return True


async def connections(admin: Path) -> int:
    """Return how many connections of clients are open. Raise `OSError` where Envoy does not say."""
    _, body = await fetch(admin, f"/stats?format=json&filter={_CONNECTIONS}")
    return sum(int(row["value"]) for row in json.loads(body)["stats"] if "name" in row)


def arguments(argv: list[str]) -> argparse.Namespace:
    """Read the command line; what is about TLS to Contour means nothing to the lab and is passed by."""
    parser = argparse.ArgumentParser(prog="contour", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    first = commands.add_parser("bootstrap")
    first.add_argument("path")
    first.add_argument("--xds-address", required=True)
    first.add_argument("--xds-port", type=int, required=True)
    first.add_argument("--admin-address", default=ADMIN_SOCKET)
    beside = commands.add_parser("envoy").add_subparsers(dest="part", required=True)
    manager, shutdown = beside.add_parser("shutdown-manager"), beside.add_parser("shutdown")
    manager.add_argument("--serve-port", type=int, default=MANAGER_PORT)
    for each in (manager, shutdown):
        each.add_argument("--ready-file", default=READY_FILE)
    shutdown.add_argument("--admin-address", default=ADMIN_SOCKET)
    shutdown.add_argument("--drain-delay", type=seconds, default=0.0)
    shutdown.add_argument("--check-delay", type=seconds, default=0.0)
    shutdown.add_argument("--check-interval", type=seconds, default=5.0)
    shutdown.add_argument("--min-open-connections", type=int, default=0)
    return parser.parse_known_args(argv)[0]


def main() -> int:
    """Do what the command line says."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s contour %(levelname)s %(message)s")
    options, env = arguments(sys.argv[1:]), os.environ
    if options.command == "bootstrap":
        return write_bootstrap(options, env)
    ready = in_pod(env, options.ready_file)
    if options.part == "shutdown-manager":
        return asyncio.run(manage(env["POD_IP"], options.serve_port, "/shutdown", ready))
    ending = Ending(options.drain_delay, options.check_delay, options.check_interval, options.min_open_connections)
    return asyncio.run(shut_down(in_pod(env, options.admin_address), ready, ending))


if __name__ == "__main__":
    sys.exit(main())

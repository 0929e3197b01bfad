"""The command `envoy-gateway envoy shutdown-manager` and `envoy-gateway envoy shutdown`: how a pod ends.

`shutdown` is the manager's own preStop: Envoy's health check is made to fail, then it waits for its connections to end.
Envoy's preStop asks the manager, which answers once that is done. Source: envoyproxy/gateway internal/cmd/envoy.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from migrator.lab.envoygateway.proxy.ports import ADMIN_PORT, MANAGER_PORT, OWN
from migrator.lab.gateway.shutdown import LOOK_EVERY, manage
from migrator.lab.ground.layout import seconds
from migrator.lab.ground.volumes import in_pod
from migrator.lab.http1.client import fetch
from migrator.lab.process import die_with_parent

log = logging.getLogger(__name__)
_CONNECTIONS = r"^listener\.[0-9.]+_[0-9]+\.downstream_cx_active$"


def done(env: Mapping[str, str]) -> Path:
    """Return the file by which `shutdown` tells the manager of this pod that it is done."""
    return in_pod(env, "/tmp/shutdown-ready")


async def shut_down(ip: str, file: Path, least: float, most: float) -> int:
    """Let Envoy's health check fail, and wait for its connections: at least `least` seconds, at most `most`."""
    began = time.monotonic()
    try:
        await fetch((ip, ADMIN_PORT), "/healthcheck/fail", method="POST", timeout=5)
        while (passed := time.monotonic() - began) < most:
            if passed >= least and not await connections(ip):
                break
            await asyncio.sleep(LOOK_EVERY)
    except OSError as error:
        log.error("envoy does not answer: %s", error)
    file.touch()
    return 0


async def connections(ip: str) -> int:
    """Return how many connections of clients are open."""
    _, body = await fetch((ip, ADMIN_PORT), f"/stats?format=json&filter={_CONNECTIONS}", timeout=5)
    rows = [row for row in json.loads(body)["stats"] if "name" in row]
    own = tuple(f"_{port}.downstream_cx_active" for port in OWN)
    return sum(int(row["value"]) for row in rows if not row["name"].endswith(own))


def main() -> None:
    """Do what the command line says."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s shutdown-manager %(levelname)s %(message)s")
    parser = argparse.ArgumentParser(prog="envoy-gateway", description=__doc__)
    parser.add_argument("part", choices=["envoy"])
    parser.add_argument("command", choices=["shutdown-manager", "shutdown"])
    parser.add_argument("--drain-timeout", type=seconds, default=60.0)
    parser.add_argument("--min-drain-duration", type=seconds, default=10.0)
    options = parser.parse_args()
    ip, file = os.environ["POD_IP"], done(os.environ)
    if options.command == "shutdown-manager":
        sys.exit(asyncio.run(manage(ip, MANAGER_PORT, "/shutdown/ready", file)))
    sys.exit(asyncio.run(shut_down(ip, file, options.min_drain_duration, options.drain_timeout)))


if __name__ == "__main__":
    main()

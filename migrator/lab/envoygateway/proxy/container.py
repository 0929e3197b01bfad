"""The command `envoy` in a pod of Envoy Gateway: a real Envoy, for which this process fetches the configuration.

The server is the one that the given bootstrap calls `xds_cluster`. SIGTERM ends Envoy at once, as it does without a parent.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from migrator.lab.envoy.program import Envoy
from migrator.lab.envoygateway.proxy.bootstrap import bootstrap
from migrator.lab.envoygateway.proxy.ports import ADMIN_PORT
from migrator.lab.gateway.following import Following
from migrator.lab.process import die_with_parent


@dataclass(frozen=True, slots=True)
class Settings:
    """What the container was told: who it is, where its configuration is, and Envoy's own flags."""

    ip: str
    namespace: str
    pod: str
    cluster: str
    xds: tuple[str, int]
    flags: tuple[str, ...]


def read_settings(argv: list[str], env: dict[str, str]) -> Settings:
    """Read Envoy's command line; what is not about its configuration goes to Envoy as it is."""
    parser = argparse.ArgumentParser(prog="envoy", description=__doc__, allow_abbrev=False)
    parser.add_argument("--service-cluster", required=True)
    parser.add_argument("--service-node", required=True)
    parser.add_argument("--config-yaml", required=True)
    parser.add_argument("--log-level", default="info")  # the lab's Envoys say warnings alone
    known, flags = parser.parse_known_args(argv)
    clusters = yaml.safe_load(known.config_yaml)["static_resources"]["clusters"]
    loads = next(one["load_assignment"] for one in clusters if one["name"] == "xds_cluster")
    address = loads["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
    xds = (str(address["address"]), int(address["port_value"]))
    return Settings(env["POD_IP"], env["POD_NAMESPACE"], known.service_node, known.service_cluster, xds, tuple(flags))


async def run(settings: Settings, directory: Path) -> int:
    """Run Envoy from its first configuration to its end; return the exit code."""
    following = Following(settings.xds, f"{settings.namespace}/{settings.pod}", settings.ip, directory, "UNSPECIFIED")
    envoy = Envoy(directory, (settings.ip, ADMIN_PORT))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    told, taking = asyncio.create_task(stopped.wait()), asyncio.create_task(following.run())
    first = asyncio.create_task(following.configured.wait())
    await asyncio.wait((told, first), return_when=asyncio.FIRST_COMPLETED)
    if told.done():
        return 0
    config = bootstrap(settings.ip, settings.pod, settings.cluster, directory)
    envoy.start(config, "--concurrency", "1", *settings.flags)
    ended = asyncio.create_task(envoy.exited())
    await asyncio.wait((told, ended), return_when=asyncio.FIRST_COMPLETED)
    taking.cancel()
    if ended.done():
        return 1
    envoy.kill()
    await ended
    return 0


def main() -> None:
    """Read the command line and the environment, and run."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s envoy %(levelname)s %(message)s")
    settings = read_settings(sys.argv[1:], dict(os.environ))
    with tempfile.TemporaryDirectory(prefix="lab-envoy-") as directory:
        code = asyncio.run(run(settings, Path(directory)))
    sys.exit(code)


if __name__ == "__main__":
    main()

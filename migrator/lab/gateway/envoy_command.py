"""The command `envoy` in a pod: a real Envoy with the bootstrap that it is given, for which this process fetches the rest.

In place of xDS, listeners, clusters and routes are polled from the server that the bootstrap calls `xds_cluster` (Envoy
Gateway's) or `contour`. SIGTERM ends Envoy at once, as it does without a parent.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from migrator.lab.envoy.config import Json, file_source
from migrator.lab.envoy.program import Envoy
from migrator.lab.gateway.following import Following
from migrator.lab.ground.volumes import in_pod
from migrator.lab.process import die_with_parent

SERVERS = ("xds_cluster", "contour")
"""What a bootstrap calls the cluster of the server that has the configuration."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the container was told: who it is, its bootstrap, where its configuration is, and Envoy's own flags."""

    ip: str
    key: str
    bootstrap: Json
    xds: tuple[str, int]
    flags: tuple[str, ...]


def read_settings(argv: Sequence[str], env: Mapping[str, str]) -> Settings:
    """Read Envoy's command line; what is not about its bootstrap goes to Envoy as it is."""
    parser = argparse.ArgumentParser(prog="envoy", description=__doc__, allow_abbrev=False)
    parser.add_argument("--service-cluster", required=True)
    parser.add_argument("--service-node", required=True)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--config-yaml")
    given.add_argument("-c", "--config-path")
    parser.add_argument("--log-level", default="info")  # the lab's Envoys say warnings alone
    known, flags = parser.parse_known_args(argv)
    text = known.config_yaml or in_pod(env, known.config_path).read_text(encoding="utf-8")
    bootstrap: Json = yaml.safe_load(text)
    bootstrap["node"] = {"id": known.service_node, "cluster": known.service_cluster}
    key = f"{env['POD_NAMESPACE']}/{known.service_node}"
    return Settings(env["POD_IP"], key, bootstrap, server_of(bootstrap), tuple(flags))


def server_of(bootstrap: Json) -> tuple[str, int]:
    """Return where the server of the configuration is."""
    clusters: list[Json] = bootstrap["static_resources"]["clusters"]
    loads = next(one["load_assignment"] for one in clusters if one["name"] in SERVERS)
    address = loads["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
    return str(address["address"]), int(address["port_value"])


def with_files(bootstrap: Json, directory: Path) -> Json:
    """Return a bootstrap whose listeners and clusters are read from `lds.json` and `cds.json` in `directory`."""
    sources = {f"{kind}_config": file_source(directory, f"{kind}.json") for kind in ("lds", "cds")}
    return {**bootstrap, "dynamic_resources": sources}


async def run(settings: Settings, directory: Path) -> int:
    """Run Envoy from its first configuration to its end; return the exit code."""
    following = Following(settings.xds, settings.key, settings.ip, directory, "UNSPECIFIED")
    envoy = Envoy(directory)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    told, taking = asyncio.create_task(stopped.wait()), asyncio.create_task(following.run())
    first = asyncio.create_task(following.configured.wait())
    await asyncio.wait((told, first), return_when=asyncio.FIRST_COMPLETED)
    if told.done():
        return 0
    envoy.start(with_files(settings.bootstrap, directory), "--concurrency", "1", *settings.flags)
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
    settings = read_settings(sys.argv[1:], os.environ)
    with tempfile.TemporaryDirectory(prefix="lab-envoy-") as directory:
        code = asyncio.run(run(settings, Path(directory)))
    sys.exit(code)


if __name__ == "__main__":
    main()

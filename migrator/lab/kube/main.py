"""The server process: options, the listening socket, the ready line, the end. It decides nothing about requests."""

import argparse
import asyncio
import base64
import gc
import json
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from migrator.lab.certificates import self_signed, serving
from migrator.lab.kube.api.catalog import known_kinds
from migrator.lab.kube.api.registry import Registry
from migrator.lab.kube.objects.cluster import Cluster
from migrator.lab.kube.objects.collector import Collector
from migrator.lab.kube.objects.namespaces import seed
from migrator.lab.kube.objects.storage import Store
from migrator.lab.kube.serving.auth import Gate, read_users
from migrator.lab.kube.serving.serve import Api
from migrator.lab.process import die_with_parent


def arguments(argv: list[str]) -> argparse.Namespace:
    """Return the options; exits with 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m migrator.lab.kube",
        description="The lab's Kubernetes API server. It prints one JSON line when it serves.",
    )
    parser.add_argument("--host", default="127.77.0.1")
    parser.add_argument("--port", type=int, default=6443, help="0 takes a free one")
    parser.add_argument("--token", required=True, help="the bearer token that may do everything")
    parser.add_argument(
        "--users", help="JSON file: {token: {name, rules: [{apiGroups, resources, verbs, namespaces}]}}"
    )
    parser.add_argument(
        "--require-token", action="store_true", help="401 without a token (kubectl sends none over http)"
    )
    parser.add_argument("--watch-window", type=int, default=10_000, help="changes per kind that a watch can replay")
    parser.add_argument(
        "--strangers",
        type=Path,
        metavar="KUBECONFIG",
        help="be a fresh control plane of somebody else's: TLS, no custom kinds, no loopback addresses behind Services;"
        " its administrator's kubeconfig is written there",
    )
    parser.add_argument("--net", help="accepted like every part does; the address is --host")
    return parser.parse_args(argv)


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    strangers: Path | None = options.strangers
    cluster = Cluster(
        Store(options.watch_window), Registry(known_kinds(bare=strangers is not None)), strangers is not None
    )
    Collector(cluster)
    seed(cluster)
    api = Api(cluster, Gate(options.token, read_users(options.users), options.require_token, cluster.store))
    server = web.Server(api.handle, handler_cancellation=True, access_log=None)
    certificate, key = self_signed("kube-apiserver", options.host) if strangers else (b"", b"")
    tls = serving(certificate, key) if strangers else None
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(server, options.host, options.port, backlog=1024, ssl=tls)
    host, port = listening.sockets[0].getsockname()[:2]
    url = f"http{'s' if tls else ''}://{host}:{port}"
    if strangers:
        write_kubeconfig(strangers, url, certificate, options.token)
    print(json.dumps({"ready": True, "part": "kube", "url": url}), flush=True)  # noqa: T201
    stopped = asyncio.Event()
    for word in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(word, stopped.set)
    await stopped.wait()
    listening.close()
    await server.shutdown(0.5)


def write_kubeconfig(path: Path, url: str, authority: bytes, token: str) -> None:
    """Write the kubeconfig of a strangers' administrator: one context, `strangers`."""
    cluster = {"server": url, "certificate-authority-data": base64.b64encode(authority).decode()}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "strangers",
        "clusters": [{"name": "strangers", "cluster": cluster}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "strangers", "context": {"cluster": "strangers", "user": "admin"}}],
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2))


def run() -> None:
    """Run the server until it is told to stop."""
    die_with_parent()
    options = arguments(sys.argv[1:])
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # objects live long: frequent collections cost most of the time
    asyncio.run(serve(options))
    sys.stdout.flush()
    os._exit(0)  # nothing is worth keeping, and freeing a full store would outlast the two seconds of a SIGTERM

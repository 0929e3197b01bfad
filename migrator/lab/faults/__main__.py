"""Open the doors: `python -m migrator.lab.faults --config FILE.json`. One ready line on stdout.

The file names each door, where it listens and what is behind it, and where orders are taken:
{"admin": "host:port", "doors": [{"name", "listen", "host", "port", "http", "tls": {...}|null, "serve": {...}|null}]}.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import ssl
import sys
from pathlib import Path
from typing import Any

from migrator.lab.faults.link import Behind, Link
from migrator.lab.faults.orders import BadOrder, Faults
from migrator.lab.faults.requests import HEAD_LIMIT
from migrator.lab.http1.messages import Request, Response, json_response
from migrator.lab.http1.server import serve
from migrator.lab.process import die_with_parent

PATH = "/faults"


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    die_with_parent()
    parser = argparse.ArgumentParser(prog="python -m migrator.lab.faults", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    options = parser.parse_args()
    try:
        asyncio.run(_serve(json.loads(options.config.read_text())))
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"faults: {error}")


def obeyed(faults: Faults, request: Request) -> Response:
    """Answer the lab's own interface: GET lists, POST orders one, DELETE takes back those of `?target=`, or all."""
    if request.path != PATH:
        return json_response({"error": f"only {PATH} is here"}, 404)
    if request.method == "POST":
        try:
            body = json.loads(request.body)
            if not isinstance(body, dict):
                raise BadOrder("an object is needed")
            faults.order(body)
        except ValueError as error:
            return json_response({"error": str(error)}, 400)
    elif request.method == "DELETE":
        faults.clear(request.query.get("target", ""))
    return json_response(faults.shown)


async def opened(door: dict[str, Any], faults: Faults) -> asyncio.Server:  # Any: JSON
    """Open a door. Raise `OSError` where it cannot listen."""
    behind = Behind(door["host"], door["port"], _to(door.get("tls")), door.get("server", ""), door["http"])

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            asyncio.CancelledError
        ):  # asyncio's own callback cannot bear a task that was cancelled
            await Link(door["name"], behind, faults, reader, writer).serve()

    host, _, port = door["listen"].rpartition(":")
    return await asyncio.start_server(come, host, int(port), ssl=_as(door.get("serve")), limit=HEAD_LIMIT, backlog=1024)


async def _serve(config: dict[str, Any]) -> None:  # Any: JSON
    end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    faults = Faults({door["name"]: door["http"] for door in config["doors"]})
    host, _, port = config["admin"].rpartition(":")
    servers = [await opened(door, faults) for door in config["doors"]]
    servers.append(await serve(lambda request: obeyed(faults, request), host, int(port)))
    where = {door["name"]: door["listen"] for door in config["doors"]}
    print(json.dumps({"ready": True, "part": "faults", "doors": where}), flush=True)  # noqa: T201  the contract between parts
    await end.wait()
    for server in servers:
        server.close()


def _to(files: dict[str, str] | None) -> ssl.SSLContext | None:
    """The context towards what is behind: its CA, and the certificate that a kubeconfig has for us."""
    if files is None:
        return None
    context = ssl.create_default_context(cafile=files.get("ca"))
    if files.get("cert"):
        context.load_cert_chain(files["cert"], files.get("key"))
    return context


def _as(files: dict[str, str] | None) -> ssl.SSLContext | None:
    """The context towards clients."""
    if files is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["cert"], files["key"])
    return context


if __name__ == "__main__":
    main()

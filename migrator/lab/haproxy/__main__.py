"""Start HAProxy as the lab's balancer: `python -m migrator.lab.haproxy --config FILE.json`. One ready line.

HAProxy is a child of this process: it ends with it, however that ends, and this process ends when HAProxy does.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from migrator.lab.balancer.settings import BadSpec, BalancerSpec, read
from migrator.lab.haproxy import program
from migrator.lab.haproxy.admin import admin
from migrator.lab.haproxy.config import config
from migrator.lab.haproxy.runtime import ask
from migrator.lab.process import die_with_parent, spawn, stop

ANSWERS_WITHIN = 5.0
LOOK_EVERY = 0.05

Where = tuple[str, int]


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    die_with_parent()
    parser = argparse.ArgumentParser(prog="python -m migrator.lab.haproxy", description=__doc__)
    parser.add_argument(
        "--net", default="127.77", help="loopback prefix: runtime API NET.0.5:8080, admin API NET.0.5:8081"
    )
    parser.add_argument(
        "--config", type=Path, required=True, help='JSON {"balancers": [one]}; haproxy.cfg goes beside it'
    )
    options = parser.parse_args()
    try:
        if reason := program.missing():
            raise BadSpec(reason)
        spec = _only(json.loads(options.config.read_text()))
        with running(spec, (f"{options.net}.0.5", 8080), options.config.with_name("haproxy.cfg")) as popen:
            asyncio.run(_serve(spec, options.net, popen))
    except (BadSpec, OSError, json.JSONDecodeError) as error:
        sys.exit(f"haproxy: {error}")


@contextmanager
def running(spec: BalancerSpec, where: Where, file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run HAProxy for the length of a block; its runtime API answers at `where`. BadSpec says why it does not."""
    file.write_text(config(spec, f"{where[0]}:{where[1]}"))
    haproxy = program.path()
    assert haproxy is not None, "looked for before"
    popen = spawn([haproxy, "-db", "-f", str(file)], stdout=subprocess.DEVNULL)
    try:
        _await(popen, where)
        yield popen
    finally:
        stop(popen)


def _await(popen: "subprocess.Popen[bytes]", where: Where) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < deadline:
        if popen.poll() is not None:
            raise BadSpec(f"HAProxy ended at once, exit code {popen.returncode}; it says why above")
        try:
            if f"Pid: {popen.pid}" in ask(where, "show info"):  # not somebody else's
                return
        except OSError:
            pass
        time.sleep(LOOK_EVERY)
    raise BadSpec(f"HAProxy did not answer at {where[0]}:{where[1]} within {ANSWERS_WITHIN:g} s")


async def _serve(spec: BalancerSpec, net: str, popen: "subprocess.Popen[bytes]") -> None:
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    runner = web.AppRunner(
        admin(spec, (f"{net}.0.5", 8080)), access_log=None, shutdown_timeout=0.2, handle_signals=False
    )
    await runner.setup()
    await web.TCPSite(runner, f"{net}.0.5", 8081).start()
    ready = {"ready": True, "part": "balancer", "runtime": f"{net}.0.5:8080", "admin": f"{net}.0.5:8081"}
    print(json.dumps(ready | {"haproxy": popen.pid}), flush=True)  # noqa: T201  the contract between parts
    while not end.is_set():
        if popen.poll() is not None:
            raise BadSpec(f"HAProxy ended, exit code {popen.returncode}")
        await asyncio.sleep(LOOK_EVERY)
    await runner.cleanup()


def _only(raw: object) -> BalancerSpec:
    balancers = raw.get("balancers") if isinstance(raw, dict) else None
    if not isinstance(balancers, list) or len(balancers) != 1:
        raise BadSpec('{"balancers": [...]} with exactly one balancer is needed')
    return read(BalancerSpec, balancers[0], "$.balancers[0]")


if __name__ == "__main__":
    main()

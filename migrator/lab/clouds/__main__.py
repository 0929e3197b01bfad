"""Start the balancer: `python -m migrator.lab.clouds --net 127.77`. One ready line on stdout, logs on stderr."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from migrator.lab.balancer.settings import BadSpec, BalancerSpec, HealthSpec, ListenerSpec, Timings, read
from migrator.lab.clouds.admin import admin, view
from migrator.lab.clouds.aliyun.wire import also_aliyun
from migrator.lab.clouds.aws.wire import also_aws
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.tencent.wire import CALLS_A_SECOND, tencent
from migrator.lab.ground.layout import seconds
from migrator.lab.process import die_with_parent

SECRET = ("lab-id", "lab-key")
BALANCER = "lb-lab"


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    die_with_parent()
    options = _options()
    try:
        asyncio.run(_serve(options))
    except (BadSpec, OSError, json.JSONDecodeError) as error:
        sys.exit(f"balancer: {error}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m migrator.lab.clouds", description=__doc__)
    add, timings, health = parser.add_argument, Timings(), HealthSpec()
    add("--net", default="127.77", help="loopback prefix: control NET.0.5:8080, admin NET.0.5:8081, vip NET.0.9")
    add("--control", help="host:port of the cloud API (port 0: any)")
    add("--admin", help="host:port of the lab's own API (port 0: any)")
    add("--vip", help="address of the listeners")
    add("--listener", action="append", metavar="ID:PORT", help="a listener of the balancer (repeat)")
    add("--id", default=BALANCER, help="id of the balancer made of these options")
    add("--seed-file", "--config", type=Path, help='JSON {"balancers": [...], "credentials": {id: key}} instead')
    add("--secret", default=":".join(SECRET), metavar="ID:KEY", help="credential of the cloud API")
    add("--calls", type=int, default=CALLS_A_SECOND, help="calls of one action of Tencent's API per second and account")
    add("--seed", type=int, default=1, help="fixes every random number")
    add("--task", type=seconds, default=timings.task_s, help="how long a write's task runs")
    add("--propagation", type=seconds, default=timings.propagation_s, help="from accepted to in effect")
    add("--jitter", type=seconds, default=timings.jitter_s, help="+- of the propagation, per target")
    add("--delay", type=seconds, default=0.0, help="one-way network delay, each direction")
    add("--health", choices=["http", "tcp", "off"], default=health.kind)
    add("--health-port", type=int, default=health.port, help="0: the target's own")
    add("--health-path", default=health.path)
    add("--health-interval", type=seconds, default=health.interval_s)
    add("--health-timeout", type=seconds, default=health.timeout_s)
    add("--rise", type=int, default=health.rise)
    add("--fall", type=int, default=health.fall)
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    told_to_end = _told_to_end()
    specs, credentials = _world(options)
    fleet = Fleet(asyncio.get_running_loop(), credentials)
    try:
        for spec in specs:
            await fleet.create(spec).ready()
        control, control_runner = await _site(
            also_aws(also_aliyun(tencent(fleet, options.calls), fleet), fleet),
            options.control or f"{options.net}.0.5:8080",
        )
        own, own_runner = await _site(admin(fleet), options.admin or f"{options.net}.0.5:8081")
        ready = {"ready": True, "part": "balancer", "control": control, "admin": own}
        print(json.dumps(ready | {"balancers": [view(live) for live in fleet]}), flush=True)  # noqa: T201  the contract
        await told_to_end.wait()
        for runner in (control_runner, own_runner):
            await runner.cleanup()
    finally:
        fleet.close()


def _world(options: argparse.Namespace) -> tuple[list[BalancerSpec], dict[str, str]]:
    name, _, key = options.secret.partition(":")
    credentials = {name: key}
    if options.seed_file is None:
        return [_balancer(options)], credentials
    raw = json.loads(options.seed_file.read_text())
    if not isinstance(raw, Mapping) or not isinstance(raw.get("balancers"), list):
        raise BadSpec(f'{options.seed_file}: {{"balancers": [...]}} is needed')
    specs = [read(BalancerSpec, row, f"$.balancers[{at}]") for at, row in enumerate(raw["balancers"])]
    return specs, credentials | dict(raw.get("credentials", {}))


def _balancer(options: argparse.Namespace) -> BalancerSpec:
    listeners = []
    for text in options.listener or ["lbl-lab:8080"]:
        name, _, port = text.rpartition(":")
        if not name or not port.isdigit():
            raise BadSpec(f"--listener {text}: ID:PORT is needed")
        listeners.append(ListenerSpec(name, int(port)))
    return BalancerSpec(
        id=options.id,
        vip=options.vip or f"{options.net}.0.9",
        listeners=tuple(listeners),
        timings=Timings(options.task, options.propagation, options.jitter, options.delay, options.delay),
        health=HealthSpec(
            options.health,
            options.health_port,
            options.health_path,
            options.health_interval,
            options.health_timeout,
            options.rise,
            options.fall,
        ),
        seed=options.seed,
    )


async def _site(app: web.Application, address: str) -> tuple[str, web.AppRunner]:
    host, _, port = address.rpartition(":")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, int(port)).start()
    bound = runner.addresses[0]
    return f"{bound[0]}:{bound[1]}", runner


def _told_to_end() -> asyncio.Event:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    return end


if __name__ == "__main__":
    main()

"""Load a target: `python -m migrator.lab.load --target 127.77.0.9:8080 --host-header app.example.com --out DIR`."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from migrator.lab.http1.responses import NAMED_BY
from migrator.lab.load.client import AGENT, Target
from migrator.lab.load.drive import FINISH_SECONDS, drive
from migrator.lab.load.mix import NAMED, Mix, load
from migrator.lab.process import die_with_parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run one load until SIGTERM, SIGINT or `--seconds`; exit 0 once the summary is written, 2 on a wrong option."""
    die_with_parent()
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        mix = load(options.mix)
        mix = mix if options.rate is None else mix.at_rate(options.rate)
        mix = mix if options.path is None else mix.at_path(options.path)
    except ValueError as error:
        parser.error(str(error))
    host, port = options.target
    target = Target(host, port, options.host_header or f"{host}:{port}", options.agent, options.header, options.tls)
    asyncio.run(_run(target, mix, options.out, options.seconds, options.finish))
    return 0


async def _run(target: Target, mix: Mix, out: Path, seconds: float | None, finish: float) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ready = partial(_say_ready, target, mix, out)
    await drive(target, mix, out, stop, seconds=seconds, on_ready=ready, finish=finish)


def _say_ready(target: Target, mix: Mix, out: Path) -> None:
    ready = {
        "ready": True,
        "part": "load",
        "target": f"{target.host}:{target.port}",
        "mix": mix.name,
        "clients": mix.clients,
        "offered": round(mix.offered, 1),
        "out": str(out),
        "pid": os.getpid(),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="migrator.lab.load", description=__doc__)
    parser.add_argument("--target", type=_address, required=True, metavar="HOST:PORT")
    parser.add_argument("--host-header", metavar="NAME", help="default: the target")
    parser.add_argument("--agent", default=AGENT, metavar="TEXT", help="the User-Agent of every request")
    parser.add_argument("--header", default=NAMED_BY, metavar="NAME", help="in which a gateway names itself")
    parser.add_argument("--tls", action="store_true", help="speak TLS; nothing is verified")
    parser.add_argument("--path", metavar="PATH", help="of every request; default: the mix's")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for ledger, live and summary files")
    parser.add_argument("--seconds", type=_positive, metavar="S", help="default: until SIGTERM")
    finish_help = "for what is in flight at the end; then it is lost"
    parser.add_argument("--finish", type=_positive, default=FINISH_SECONDS, metavar="S", help=finish_help)
    mixes = ", ".join(NAMED)
    parser.add_argument("--mix", default="standard", metavar="NAME|FILE", help=f"one of {mixes}, or a JSON file")
    parser.add_argument("--rate", type=_positive, metavar="R", help="requests/s of all clients together")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


if __name__ == "__main__":
    sys.exit(main())

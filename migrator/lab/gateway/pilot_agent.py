"""The command `pilot-agent request [--debug-port N] METHOD PATH` inside a gateway's container; nothing else of it."""

import argparse
import asyncio
import os
import sys

from migrator.lab.gateway.settings import ADMIN_PORT
from migrator.lab.http1.client import fetch


def main() -> int:
    """Ask a port of this pod and print the answer; exit code 1 unless it is 200."""
    parser = argparse.ArgumentParser(prog="pilot-agent", description=__doc__)
    parser.add_argument("request", choices=["request"])
    parser.add_argument("--debug-port", type=int, default=ADMIN_PORT)
    parser.add_argument("method", type=str.upper)
    parser.add_argument("path")
    options = parser.parse_args()
    address = (os.environ["POD_IP"], options.debug_port)
    try:
        status, body = asyncio.run(fetch(address, "/" + options.path.lstrip("/"), method=options.method, timeout=30))
    except OSError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    (sys.stdout if status == 200 else sys.stderr).buffer.write(body)
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())

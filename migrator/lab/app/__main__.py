"""Run the backend application: `python -m migrator.lab.app --host 127.77.0.3 --port 8000`."""

import argparse
import asyncio
import json
import signal

from migrator.lab.app.answers import answer
from migrator.lab.http1.server import serve
from migrator.lab.process import die_with_parent


async def run(host: str, port: int) -> None:
    """Serve until SIGTERM; then stop at once, whatever is open."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    server = await serve(answer, host, port)
    print(json.dumps({"ready": True, "part": "app", "host": host, "port": port}), flush=True)  # noqa: T201
    await stopped.wait()
    server.close()


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="migrator.lab.app", description=__doc__)
    parser.add_argument("--host", default="127.77.0.3")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    die_with_parent()
    asyncio.run(run(options.host, options.port))


if __name__ == "__main__":
    main()

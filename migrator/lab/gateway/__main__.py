"""Run one gateway container: `POD_IP=127.77.11.2 POD_NAME=... python -m migrator.lab.gateway`. It takes no options."""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path

from migrator.lab.gateway.agent import Agent
from migrator.lab.gateway.settings import AGENT_PORT, Settings, read_settings
from migrator.lab.http1.server import serve
from migrator.lab.process import die_with_parent


async def run(settings: Settings, directory: Path) -> int:
    """Serve port 15020 and run Envoy to its end; return the exit code."""
    agent = Agent(settings, directory)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, agent.tell_to_stop)
    server = await serve(agent.answer, settings.pod_ip, AGENT_PORT)
    agent.on_stop(server.close)
    return await agent.run()


def main() -> None:
    """Read the environment and run; SIGTERM drains and ends."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s agent %(levelname)s %(message)s")
    try:
        settings = read_settings(os.environ)
    except ValueError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory(prefix="lab-gateway-") as directory:
        code = asyncio.run(run(settings, Path(directory)))
    sys.exit(code)


if __name__ == "__main__":
    main()

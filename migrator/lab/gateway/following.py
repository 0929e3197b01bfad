"""Follow the configuration of one gateway by long polling, and put it where its Envoy watches. It starts no Envoy."""

import asyncio
import json
import logging
from pathlib import Path

from migrator.lab.envoy.config import Json
from migrator.lab.gateway.resources import documents, publish
from migrator.lab.http1.client import fetch

log = logging.getLogger(__name__)

_POLL_SECONDS = 25.0
_RETRY_SECONDS = 0.2


class Following:
    """What the config server says of the pod `key` (`namespace/name`), as Envoy's files; `direction` is the listeners'."""

    def __init__(self, server: tuple[str, int], key: str, ip: str, directory: Path, direction: str) -> None:
        self.configured = asyncio.Event()
        self._server, self._key, self._ip = server, key, ip
        self._directory, self._direction = directory, direction
        self._version = ""

    async def run(self) -> None:
        """Take every new version, until cancelled."""
        while True:
            try:
                config = await self._next()
                fresh = config["version"] != self._version
                if fresh:
                    self._take(config)
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("no usable config from the server: %r", error)
                fresh = False
            if not fresh:
                await asyncio.sleep(_RETRY_SECONDS)

    def _take(self, config: Json) -> None:
        written = publish(self._directory, documents(config, self._ip, self._directory, self._direction))
        log.info("config %s: wrote %s", config["version"], ", ".join(written) or "nothing")
        self._version = config["version"]
        self.configured.set()

    async def _next(self) -> Json:
        target = f"/v1/config/{self._key}?version={self._version}&wait={_POLL_SECONDS:g}"
        status, body = await fetch(self._server, target, timeout=_POLL_SECONDS + 5.0)
        if status != 200:
            raise ValueError(f"{target} answered {status}")
        config: Json = json.loads(body)
        return config

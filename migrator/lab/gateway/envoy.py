"""The Envoy of one gateway container: started with Istio's flags, and asked whether it is fit and who is connected."""

from pathlib import Path

from migrator.lab.envoy.program import Envoy
from migrator.lab.gateway.bootstrap import bootstrap
from migrator.lab.gateway.settings import ADMIN_PORT, READY_PORT, STATS_PORT, Settings

_READY_STATS = (
    r"^(cluster_manager\.cds\.update_success|listener_manager\.lds\.update_success"
    r"|listener_manager\.workers_started|server\.state)$"
)
_ACTIVE_STATS = r"^listener\.[0-9.]+_[0-9]+\.downstream_cx_active$"
_DRAINING = ("--drain-strategy", "immediate", "--drain-time-s", "45")


class GatewayEnvoy(Envoy):
    """The Envoy of one gateway container."""

    def __init__(self, settings: Settings, directory: Path) -> None:
        super().__init__(directory, (settings.pod_ip, ADMIN_PORT))
        self._settings = settings

    def begin(self) -> None:
        """Start with Istio's flags; the directory must already hold the discovery files."""
        config = bootstrap(self._settings, self._directory)
        self.start(config, "--concurrency", str(self._settings.concurrency), *_DRAINING)

    async def fit(self) -> bool:
        """Return whether clusters and listeners were accepted at least once, workers run and the server is LIVE."""
        values = await self.stats(_READY_STATS)
        accepted = values.get("cluster_manager.cds.update_success") and values.get(
            "listener_manager.lds.update_success"
        )
        return bool(accepted and values.get("listener_manager.workers_started")) and values.get("server.state") == 0

    async def active_connections(self) -> int:
        """Return the sum over the gateway's listeners; those for probes, metrics and admin do not count."""
        own = tuple(f"_{port}.downstream_cx_active" for port in (READY_PORT, STATS_PORT))
        values = await self.stats(_ACTIVE_STATS)
        return sum(count for name, count in values.items() if not name.endswith(own))

"""All balancers of this process, and who may change them. It holds no state on disk: a restart is a new world."""

import asyncio
from collections.abc import Iterator, Mapping

from migrator.lab.balancer.record import Record
from migrator.lab.balancer.settings import BadSpec, BalancerSpec
from migrator.lab.balancer.tasks import Tasks
from migrator.lab.clouds.live import Ground, Live
from migrator.lab.dataplane.proxy import Proxy
from migrator.lab.dataplane.reactor import Reactor


class Fleet:
    """Balancers by id. Ids are unique in the process; credentials are for all of them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, credentials: Mapping[str, str]) -> None:
        """Begin without balancers; `credentials` are secret id -> secret key."""
        self.credentials = dict(credentials)
        self.record = Record()
        self.tasks = Tasks()
        self._ground = Ground(loop, Reactor(loop), Proxy(), self.record, self.tasks)
        self._live: dict[str, Live] = {}

    def __iter__(self) -> Iterator[Live]:
        return iter(list(self._live.values()))

    def create(self, spec: BalancerSpec) -> Live:
        """Start a balancer; `BadSpec` when the id or a listener is there twice, OSError when a port is taken."""
        if spec.id in self._live:
            raise BadSpec(f"balancer {spec.id} exists already")
        ids = [listener.id for listener in spec.listeners]
        if len(set(ids)) != len(ids) or not ids:
            raise BadSpec(f"balancer {spec.id} needs listeners with ids of their own, not {ids}")
        live = self._live[spec.id] = Live(self._ground, spec)
        self.record.note("created", spec.id)
        return live

    def get(self, balancer: str) -> Live | None:
        """Return a balancer by id."""
        return self._live.get(balancer)

    def delete(self, balancer: str) -> bool:
        """End a balancer and reset its connections; False when there is none."""
        live = self._live.pop(balancer, None)
        if live is None:
            return False
        live.close()
        self.record.note("deleted", balancer)
        return True

    def close(self) -> None:
        """End every balancer."""
        for balancer in list(self._live):
            self.delete(balancer)
        self._ground.proxy.close()
        self._ground.reactor.stop()

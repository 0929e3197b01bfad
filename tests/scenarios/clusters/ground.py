"""A gateway of its own for one test in a lab with two clusters, reached through doors that can be shut one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import DOORS, TWO_CLUSTERS, Layout, Scenario
from migrator.lab.world import doors
from migrator.lab.world.record import Record
from tests.scenarios.ground import Ground, Json, clear, furnish, ground

API, API_2 = "api", "api-2"
CHECKED_EVERY = 2.0
"""Seconds between the balancer's checks: two clusters on one busy machine answer slowly at times."""
HOME, AWAY = "lab", "lab-2"


@dataclass(frozen=True, slots=True)
class TwoClusters(Ground):
    """One test's part of both clusters: `cluster` is the old side's, `away` the new side's."""

    away: Cluster | None = None
    template: Path = Path(__file__).parents[3] / "plans" / "lab-two-clusters.yaml"

    @property
    def known(self) -> str:
        return str(doors.through(Path(self.record.kubeconfig).parent))

    @property
    def arrives_at(self) -> str:
        return self.receiving.nodes

    @property
    def receiving(self) -> Layout:
        """The addresses of the new side's cluster."""
        return Layout(self.record.net, 2)

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(self.receiving.node(number) for number in range(1, 6))

    @property
    def there(self) -> Ground:
        """The same test's part as the new side's cluster shows it."""
        assert self.away is not None
        mine = {each.name: getattr(self, each.name) for each in fields(Ground)}
        return Ground(**{**mine, "cluster": self.away})

    def shut(self, door: str, kind: str, **more: Any) -> None:
        """Order a fault at the door before one of the API servers."""
        doors.ask(self.layout, "POST", {"target": door, "kind": kind, **more})

    def mend(self) -> None:
        """Take back what was ordered at the doors."""
        doors.ask(self.layout, "DELETE")

    def taken(self, door: str, holder: str) -> str:
        """Let somebody have the run's Lease in the cluster behind a door; give who had it."""
        cluster = self.cluster if door == API else self.there.cluster
        path = f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases/migrator-istio-ingressgateway"
        before = str(cluster.get(path)["spec"]["holderIdentity"])
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        cluster.merge(path, {"spec": {"holderIdentity": holder, "renewTime": now}})
        return before


@contextmanager
def two_clusters(record: Record, folder: Path, number: int) -> Iterator[TwoClusters]:
    """Make the `number`th ground of a lab with two clusters; remove all of it afterwards."""
    scenario = Scenario(net=record.net, way=TWO_CLUSTERS, parts=(DOORS,))
    with ExitStack() as stack:
        beside = Path(record.kubeconfig).parent / "kubeconfig-2"
        away = Cluster(stack.enter_context(kubeconfig.connect(beside)))
        here = stack.enter_context(ground(record, folder, number, CHECKED_EVERY))
        stack.callback(clear, away, here.namespace, record)
        furnish(away, here.namespace, scenario)
        shared: Json = {name: getattr(here, name) for name in _SHARED}
        found = TwoClusters(**shared, away=away)
        stack.callback(found.mend)
        yield found


_SHARED = ("record", "folder", "namespace", "balancer", "vip", "cluster", "admin", "old")

"""A Deployment or DaemonSet with its pods, as the cluster shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import ObjectRef


@dataclass(frozen=True, slots=True)
class Pod:
    """A gateway pod as the cluster shows it. `trouble` says what keeps it from being Ready; None: nothing does, or it is Ready.

    `hopeless` when waiting alone will not help: a crash loop of three restarts, a port conflict that lasts. `made_at` is when
    the cluster made it, `host_ip` its node's address ("" before it has one), `unready_since` when it ceased to be Ready.
    `deletion_cost` is what a ReplicaSet's controller goes by when it has pods too many: the cheapest goes first.
    """

    ref: PodRef
    labels: tuple[tuple[str, str], ...]
    ready: bool
    terminating: bool = False
    restarts: int = 0
    last_restart: datetime | None = None
    ready_since: datetime | None = None
    trouble: Message | None = None
    hopeless: bool = False
    made_at: datetime | None = None
    host_ip: str = ""
    unready_since: datetime | None = None
    deletion_cost: int = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """The Deployment or DaemonSet of one side: `uid` is empty when it does not exist.

    `trouble` is the newest warning about itself while it has fewer pods than it wants (a quota, pod security).
    """

    ref: ObjectRef
    uid: str = ""
    ours: bool = False
    rolling: bool = False
    wanted: int = 0
    ready: int = 0
    pods: tuple[Pod, ...] = ()
    trouble: Message | None = None

    @property
    def exists(self) -> bool:
        """Say whether the object is in the cluster."""
        return bool(self.uid)

    @property
    def live(self) -> tuple[Pod, ...]:
        """Give the pods that are not being deleted."""
        return tuple(pod for pod in self.pods if not pod.terminating)

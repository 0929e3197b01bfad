"""What a reader of the cluster may say besides: what becomes of pods, as it happens. It raises as `outside.py` says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.workload import Workload


@runtime_checkable
class WatchesPods(Protocol):
    """A ClusterReader that may watch pods. One that cannot lacks it, and is polled."""

    def follow_pods(self, namespace: str, moved: Callable[[], None]) -> None:
        """Watch a namespace's pods until the server ends it, and call `moved` at every change. Refused: we may not."""
        ...

    def unfollow(self) -> None:
        """End the watch that stands, from another thread, for good."""
        ...

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Give what `workload` gives, without a list where the watch has told of no change since the last one."""
        ...

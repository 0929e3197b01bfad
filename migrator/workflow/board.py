"""Where the watch's threads leave what they saw and the driver picks it up: immutable values, the newest of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What the driver wants watched: both sides' pods, the backends to probe, which slow looks, and since when the
    weights stand (monotonic; infinity while they move). `alike`: new gateways, and those that must be configured like them.
    """

    old: tuple[PodRef, ...] = ()
    new: tuple[PodRef, ...] = ()
    backends: tuple[Backend, ...] = ()
    checks: bool = False
    configs: bool = False
    probes: bool = False
    steady_since: float = float("inf")
    alike: tuple[tuple[PodRef, ...], tuple[PodRef, ...]] = ((), ())


class Board:
    """The newest facet of each kind, and the driver's newest wish. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._facets: dict[type[object], object] = {}
        self._wish = WatchRequest()

    def publish(self, *facets: object) -> None:
        """Replace the facets of these kinds."""
        with self._lock:
            self._facets.update({type(facet): facet for facet in facets})

    def facets(self) -> tuple[object, ...]:
        """Give the newest facet of every kind."""
        with self._lock:
            return tuple(self._facets.values())

    @property
    def wish(self) -> WatchRequest:
        """Give what the driver wants watched."""
        with self._lock:
            return self._wish

    @wish.setter
    def wish(self, wish: WatchRequest) -> None:
        with self._lock:
            self._wish = wish

"""Where the watch's threads leave what they saw and the driver picks it up: immutable values, the newest of each kind."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from threading import Condition, Lock

from migrator.domain.answers.trial import Place
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.observation.gating import GateQuestion, HookCall


@dataclass(frozen=True, slots=True)
class AnswersWanted:
    """Both sides are to be asked the same questions at these places, once for each step that was `entered` so.

    `judged`: the step waits for passing samples, so a window is judged. `ordered`: the judge cannot tell what causes a jump,
    so both sides are asked at once, once more. `later` is how many further steps will want a round of their own.
    """

    entered: datetime | None
    places: tuple[Place, ...]
    judged: bool = False
    ordered: bool = False
    later: int = 0


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What the driver wants watched: both sides' pods, the backends to probe, which slow looks, and since when the
    weights stand (monotonic; infinity while they move). `alike`: new gateways, and those that must be configured like them;
    the first are of side `model`. `alone`: the old side has no weight any more.
    `parity`: both sides' configurations were proved alike and are to stay so.
    `moments`: when a sample is wanted beside the regular ones (monotonic), because something begins or ends there.
    `gate`: what the plan's webhook is asked before the step. `hook`: which hook is to be called. `behind`: in whose counters a
    request to each of the backends is. `whose`: each backend of a side, with that side.
    """

    old: tuple[PodRef, ...] = ()
    new: tuple[PodRef, ...] = ()
    backends: tuple[Backend, ...] = ()
    checks: bool = False
    configs: bool = False
    probes: bool = False
    steady_since: float = float("inf")
    alike: tuple[tuple[PodRef, ...], tuple[PodRef, ...]] = ((), ())
    model: Side = Side.NEW
    moments: tuple[float, ...] = ()
    answers: AnswersWanted | None = None
    alone: bool = False
    parity: bool = False
    gate: GateQuestion | None = None
    hook: HookCall | None = None
    behind: tuple[tuple[Backend, tuple[tuple[Side, PodRef], ...]], ...] = ()
    whose: tuple[tuple[Backend, Side], ...] = ()

    @property
    def sides(self) -> tuple[tuple[Side, tuple[PodRef, ...]], ...]:
        """Give both sides' pods, the old side's first."""
        return (Side.OLD, self.old), (Side.NEW, self.new)


class Board:
    """The newest facet of each kind, and the driver's newest wish. Safe between threads; the driver alone takes facets."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._published, self._wished = Condition(self._lock), Condition(self._lock)
        self._facets: dict[type[object], object] = {}
        self._untaken: set[type[object]] = set()
        self._wish = WatchRequest()
        self._mentioned: dict[str, tuple[Message, ...]] = {}
        self._closed = False

    def publish(self, *facets: object) -> None:
        """Replace the facets of these kinds."""
        with self._lock:
            self._facets.update({type(facet): facet for facet in facets})
            self._untaken.update(type(facet) for facet in facets)
            self._published.notify_all()

    def facets(self) -> tuple[object, ...]:
        """Give the newest facet of every kind."""
        with self._lock:
            self._untaken.clear()
            return tuple(self._facets.values())

    def await_facet(self, kinds: Set[type[object]], seconds: float) -> bool:
        """Wait for a facet of one of these kinds that nobody has taken, at most `seconds`; return whether there is one."""
        with self._lock:
            return self._published.wait_for(lambda: not self._untaken.isdisjoint(kinds), seconds)

    def mention(self, troubles: tuple[Message, ...], by: str = "record") -> None:
        """Replace what another thread of this process (`by`) wants a person to know; nothing is decided by it."""
        with self._lock:
            self._mentioned[by] = troubles

    @property
    def mentioned(self) -> tuple[Message, ...]:
        """Give what each of them mentioned last."""
        with self._lock:
            return tuple(trouble for troubles in self._mentioned.values() for trouble in troubles)

    @property
    def wish(self) -> WatchRequest:
        """Give what the driver wants watched."""
        with self._lock:
            return self._wish

    @wish.setter
    def wish(self, wish: WatchRequest) -> None:
        with self._lock:
            self._wish = wish
            self._wished.notify_all()

    def await_wish(self, known: WatchRequest, seconds: float) -> None:
        """Wait until the wish is another than `known` or the board is closed, at most `seconds`."""
        with self._lock:
            self._wished.wait_for(lambda: self._closed or self._wish != known, seconds)

    def close(self) -> None:
        """Let nobody wait for a wish any more: the watch is to end."""
        with self._lock:
            self._closed = True
            self._wished.notify_all()

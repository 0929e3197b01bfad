"""How the share went, worked out of the journal: what each weight that was read back made of it, and which shares were reached,
rehearsed, or interrupted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from migrator.app.inspect.totals import counted
from migrator.domain.model.actions import Action, Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Scope, Side
from migrator.domain.model.runs import Heading
from migrator.domain.planning.detour.phases import over
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Keep, RehearseBack, RehearseUp, Renew, Shift, Step
from migrator.store import Event, Kind
from migrator.store.codec.codec import from_data
from migrator.store.codec.tags import ACTIONS


@dataclass(frozen=True, slots=True)
class Point:
    """From `at` on the weights sent `share` percent of new connections to the new side."""

    at: datetime
    share: float


def course(plan: Plan, events: Iterable[Event]) -> tuple[Point, ...]:
    """Give the share by the weights that were read back, from the run's first row on; one point for each change."""
    seen = plan.seen
    if not seen.old:  # about one pod, or nodes that come and go: there is no share between two sides
        return ()
    weights = {row.backend: row.weight for row in (*seen.old, *seen.new_now)}
    points: list[Point] = []
    hands = Turns(plan) if plan.journey().by_turns else Hands(plan)
    for at, intended, action in _settled(events):
        if intended is not None and action is not None:
            _apply(action, weights)
            hands.wrote(intended, action)
        share = share_of(hands.told(weights), weights)
        if share is not None and (not points or points[-1].share != share):
            points.append(Point(at, share))
    return tuple(points)


class Hands:
    """Whose the host ports are on a detour: the old side's, and each time that the balancer dials none of them they change
    hands. Without a detour they stay the new side's."""

    def __init__(self, plan: Plan) -> None:
        self._over = replace(plan, seen=over(plan.seen, plan.detour))
        self._direct = plan if plan.detour is None else replace(plan, seen=replace(plan.seen, new=()))
        self._emptied, self._dialled = 0, False

    def wrote(self, _intended: Event, _action: Action) -> None:
        """Learn nothing: the rows that are there tell it."""

    def told(self, weights: Mapping[Backend, int]) -> Plan:
        """Give the plan as the sides were dialled with these weights."""
        dialled = any(row.backend in weights for row in self._direct.seen.old)
        self._emptied += self._dialled and not dialled
        self._dialled = dialled
        return self._over if self._emptied % 2 else self._direct


class Turns:
    """Whose the rows are, where both sides have the same ones in turn (`Journey.by_turns`).

    A node is the old side's until the step in which it changes hands gives it weight, and again once the way back does. One
    that is between two hands has no weight, and so counts for nobody.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._new: set[Backend] = set()

    def wrote(self, intended: Event, action: Action) -> None:
        """Learn of a write that came true."""
        if isinstance(action, SetWeights):
            raised = {row.backend for row in action.rows if row.weight}
        elif isinstance(action, Register):
            raised = set(action.backends)
        else:
            return
        if intended.heading is Heading.BACK:
            self._new -= raised
        elif isinstance(step := self._plan.steps[intended.step], Renew):
            self._new |= raised & {row.backend for node in step.nodes for row in node.rows}

    def told(self, _weights: Mapping[Backend, int]) -> Plan:
        """Give the plan as the sides are now."""
        can = replace(self._plan.seen.capabilities, weights_of=Scope.BACKEND)  # both sides may be in one pool
        return replace(self._plan, seen=replace(self._plan.seen, new=tuple(sorted(self._new)), capabilities=can))


def _settled(events: Iterable[Event]) -> Iterator[tuple[datetime, Event | None, Action | None]]:
    """Give every write when it was read back, with its intent; the run's first row comes first, without a write."""
    intended: dict[int, Event] = {}
    is_first = True
    for event in events:
        if is_first:
            yield event.at, None, None
            is_first = False
        if event.kind is Kind.INTENDED:
            intended[event.id] = event
        elif event.kind is Kind.SETTLED and event.answers in intended:
            row = intended.pop(event.answers)
            yield event.at, row, from_data(row.data["action"], *ACTIONS)


def _apply(action: Action, weights: dict[Backend, int]) -> None:
    match action:
        case SetWeights(rows=rows):
            weights.update((row.backend, row.weight) for row in rows)
        case Register(backends=backends):
            joined = _of_peers(weights) if action.standing else {}
            weights.update((each, joined.get(each.listener, 0)) for each in backends if each not in weights)
        case Deregister(backends=backends):
            for backend in backends:
                weights.pop(backend, None)


def _of_peers(weights: Mapping[Backend, int]) -> dict[str, int]:
    """Give the weight by listener that one gets who joins a pool that stands there."""
    return {backend.listener: weight for backend, weight in weights.items() if weight}


def share_of(plan: Plan, weights: Mapping[Backend, int]) -> float | None:
    """Give the new side's percent on the listener where it is highest; None where nothing has weight."""
    shares = []
    for listener in {backend.listener for backend in weights}:
        here = {backend: weight for backend, weight in weights.items() if backend.listener == listener}
        new = _sum(plan, [weight for backend, weight in here.items() if _is_new(plan, backend)])
        total = new + _sum(plan, [weight for backend, weight in here.items() if not _is_new(plan, backend)])
        shares += [100.0 * new / total] if total else []
    return max(shares, default=None)


def _is_new(plan: Plan, backend: Backend) -> bool:
    """Say whose a backend is. The new side's are known beforehand, or (pods that return) all but the recorded old ones."""
    if plan.seen.new or plan.detour:
        return backend in plan.seen.new
    return backend not in {row.backend for row in plan.seen.old}


def _sum(plan: Plan, weights: list[int]) -> int:
    """Add a side's weights up; where they are a pool's, its backends have one weight together."""
    is_pools = plan.seen.capabilities.weights_of is Scope.POOL
    return max(weights, default=0) if is_pools else sum(weights)


class Became(StrEnum):
    """What became of a share: its soak has passed, it was the rehearsal's, the run left it before that, it goes on."""

    REACHED = "reached"
    REHEARSED = "rehearsed"
    INTERRUPTED = "interrupted"
    UNDER_WAY = "under-way"


@dataclass(frozen=True, slots=True)
class ShareSeen:
    """A share of new connections in percent: asked for, given by the weights, and observed (by whom, of how many)."""

    requested: float
    achieved: float | None
    observed: float | None
    connections: int
    source: str
    became: Became = Became.REACHED


def shares(steps: Sequence[Step], events: Sequence[Event], points: Sequence[Point], ended: bool) -> Iterator[ShareSeen]:
    """Yield each share in the order of the run. `points` are the weights as they were read back."""
    at: int | None = None
    since: datetime | None = None
    for event in events:
        if event.kind is Kind.NOTED and event.data.get("about") == "share":
            became = Became.REHEARSED if isinstance(steps[event.step], RehearseUp) else Became.REACHED
            yield ShareSeen(**counted(event), became=became)
            at = None
        elif event.kind is Kind.MOVED:
            here = event.data["cursor"] if event.data["heading"] == Heading.FORWARD.value else None
            if at is not None and here != at:
                yield _left(steps[at], points, since, event.at, Became.INTERRUPTED)
            if here != at:
                at, since = (here, event.at) if here is not None and _climbs(steps[here]) else (None, None)
    if at is not None and events:
        yield _left(steps[at], points, since, events[-1].at, Became.INTERRUPTED if ended else Became.UNDER_WAY)


def _climbs(step: Step) -> bool:
    """Say whether a step leads the new side to one of the plan's shares, or to the rehearsal's."""
    return isinstance(step, Shift) and step.towards is Side.NEW and not isinstance(step, Keep | RehearseBack)


def _left(step: Step, points: Sequence[Point], since: datetime | None, until: datetime, became: Became) -> ShareSeen:
    """Give a share that nobody counted to its end: what the weights gave while the run was at it, if they were read back."""
    assert isinstance(step, Shift)
    given = [point.share for point in points if since is not None and since <= point.at <= until]
    return ShareSeen(step.share, given[-1] if given else None, None, 0, "", became)

"""What every step is: a frozen value that knows its name and its needs, and decides purely from what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, TypeAlias

from migrator.domain.messages.findings import Subject, block
from migrator.domain.messages.message import Message, Value
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.decisions import Decision, Halt
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.samples import Tally
from migrator.domain.observation.gating import HookCall
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting
from migrator.domain.steps.estimate import Estimate, Scale

Needs: TypeAlias = "frozenset[type[object]]"


@dataclass(frozen=True, slots=True)
class Attention:
    """Which gateways to count, which backends to send our own requests to, and whose configuration must be the peers'.

    `both`: both sides' gateways are counted and judged, whatever `pods` are.
    """

    pods: tuple[PodRef, ...] = ()
    backends: tuple[Backend, ...] = ()
    peers: tuple[PodRef, ...] = ()
    compared: tuple[PodRef, ...] = ()
    both: bool = False


class StepLike(Protocol):
    """A step of a route. `needs` are the facets it reads; nothing else is shown to it."""

    needs: ClassVar[Needs]

    @property
    def title(self) -> Message:
        """Give the step's name for people, with its numbers (`Shift 10 %`)."""
        ...

    @property
    def gains(self) -> Side | None:
        """Give the side that gains traffic in this step; None where nothing is shifted."""
        ...

    @property
    def after_drain(self) -> Side | None:
        """Give the side whose gateways were all told to go before this step."""
        ...

    @property
    def probes(self) -> Side | None:
        """Give the side all of whose backends our own requests go to; None where they go only to who is to be proved."""
        ...

    @property
    def dismantles(self) -> bool:
        """Say whether the step takes a side apart that somebody may still need."""
        ...

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Give the sides whose pods are looked after while this is the step: those that carry traffic, or may have to."""
        ...

    @property
    def ceiling(self) -> float:
        """Give the percent of new connections that the new side may have at most while this is the step."""
        ...

    @property
    def climbs(self) -> bool:
        """Say whether the run is on its climb here: no data of the judge for longer than the plan allows turns it back."""
        ...

    @property
    def is_final(self) -> bool:
        """Say whether the old side is no more what the run rests on: it is about to go, or has gone."""
        ...

    @property
    def may_follow(self) -> bool:
        """Return whether a way back goes on without it while the cluster cannot be seen; it is made true later then."""
        ...

    @property
    def favour(self) -> float | None:
        """Give the seconds that a run spends at most on a step that it can do without; None: it has to be made true."""
        ...

    def stands(self, seen: Sighting) -> bool:
        """Say whether the weights are those at which this step's samples are to be taken."""
        ...

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Give the objects that the step wants to see in `Objects`."""
        ...

    @property
    def watches(self) -> float:
        """Give the seconds of passing samples that the step waits for."""
        ...

    @property
    def compares(self) -> bool:
        """Say whether it is done only once both sides were asked the same questions during it."""
        ...

    def asks_both(self, seen: Sighting) -> bool:
        """Say whether both sides are asked the same questions now."""
        ...

    def call(self, seen: Sighting) -> HookCall | None:
        """Give the hook that this step is for; None: it is for none."""
        ...

    def attends(self, seen: Sighting) -> Attention | None:
        """Give what alone the watch should read; None: both sides' gateways, and the plan's backends."""
        ...

    @property
    def cuts(self) -> Side | None:
        """Return the side whose last connections a person's yes to this step allows to cut; None: a yes means no such thing."""
        ...

    def troubles(self, seen: Sighting) -> tuple[Message, ...]:
        """Return what a person should know of a step that is never done, as messages that stay the same while it does."""
        ...

    def tallies(self, seen: Sighting) -> Mapping[str, Tally]:
        """Return what the step has counted when it is done, by kind, for the report."""
        ...

    def estimate(self, scale: Scale) -> Estimate:
        """Give what the step will take and ask for, before anything was seen. Pure."""
        ...

    def decide(self, seen: Sighting) -> Decision:
        """Give the next thing to do, or Wait, Done, Ask, Halt. Pure."""
        ...


class Quiet:
    """The answers of a step that shifts nothing and looks at no object of its own."""

    __slots__ = ()

    @property
    def gains(self) -> Side | None:
        """Shift nothing."""
        return None

    @property
    def after_drain(self) -> Side | None:
        """Come before anybody was told to go."""
        return None

    @property
    def probes(self) -> Side | None:
        """Ask nobody but who is to be proved."""
        return None

    @property
    def dismantles(self) -> bool:
        """Take nothing apart."""
        return False

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Have both sides looked after."""
        return (Side.OLD, Side.NEW)

    @property
    def ceiling(self) -> float:
        """Leave the share as it stands."""
        return 100.0

    @property
    def climbs(self) -> bool:
        """Be on the climb where the new side gains."""
        return self.gains is Side.NEW

    @property
    def is_final(self) -> bool:
        """Rest on both sides."""
        return False

    @property
    def may_follow(self) -> bool:
        """Be made true in its turn."""
        return False

    @property
    def favour(self) -> float | None:
        """Be what the run is for."""
        return None

    def stands(self, seen: Sighting) -> bool:
        """Take them at whatever weights there are."""
        return True

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at no object."""
        return ()

    @property
    def watches(self) -> float:
        """Wait for no sample."""
        return 0.0

    @property
    def compares(self) -> bool:
        """Ask nobody anything."""
        return False

    def asks_both(self, seen: Sighting) -> bool:
        """Ask both sides as long as it lasts, where it compares them."""
        return self.compares

    def call(self, seen: Sighting) -> HookCall | None:
        """Call nobody."""
        return None

    def attends(self, seen: Sighting) -> Attention | None:
        """Have everything watched."""
        return None

    @property
    def cuts(self) -> Side | None:
        """Ask for no consent to cut anything."""
        return None

    def troubles(self, seen: Sighting) -> tuple[Message, ...]:
        """Say what there is to say with the decision."""
        return ()

    def tallies(self, seen: Sighting) -> Mapping[str, Tally]:
        """Count nothing."""
        return {}


def elapsed(seen: Sighting) -> float:
    """Give the wall seconds since the step began; 0 before its first row is in the journal."""
    return since(seen, seen[JournalFacts].entered_at)


def since(seen: Sighting, moment: datetime | None) -> float:
    """Give the wall seconds since `moment` in which all could be looked at, never negative; 0 for None."""
    if moment is None:
        return 0.0
    return _lit(seen, moment, seen[JournalFacts].unseen if JournalFacts in seen else ())


def _lit(seen: Sighting, moment: datetime, dark: Iterable[tuple[datetime, datetime]]) -> float:
    blind = sum(max(0.0, (to - max(begun, moment)).total_seconds()) for begun, to in dark)
    return max(0.0, (seen[Clocks].wall - moment).total_seconds() - blind)


def standing(seen: Sighting) -> float:
    """Give the wall seconds since the step's last write was read back, or since it began when it has written nothing."""
    return since(seen, seen[JournalFacts].settled_at or seen[JournalFacts].entered_at)


def watched_since(seen: Sighting, moment: datetime | None) -> float:
    """Give the wall seconds since `moment` in which all could be looked at, on the way back, too; 0 for None."""
    return 0.0 if moment is None else _lit(seen, moment, seen[JournalFacts].dark)


def watched(seen: Sighting) -> float:
    """Give the same seconds since the step's last write was read back, or since it began when it has written nothing."""
    return watched_since(seen, seen[JournalFacts].settled_at or seen[JournalFacts].entered_at)


def halt(code: str, subject: Subject, /, **values: Value) -> Halt:
    """Give a halt with one blocking finding."""
    return Halt((block(code, subject, **values),))

"""What every step is: a frozen value that knows its name and its needs, and decides purely from what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, TypeAlias

from migrator.domain.messages.findings import Subject, block
from migrator.domain.messages.message import Message, Value
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.decisions import Decision, Halt
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting
from migrator.domain.steps.estimate import Estimate, Scale

Needs: TypeAlias = "frozenset[type[object]]"


@dataclass(frozen=True, slots=True)
class Attention:
    """Which gateways to count, which backends to send our own requests to, and whose configuration must be the peers'."""

    pods: tuple[PodRef, ...] = ()
    backends: tuple[Backend, ...] = ()
    peers: tuple[PodRef, ...] = ()
    compared: tuple[PodRef, ...] = ()


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
    def probes(self) -> Side:
        """Give the side whose backends our own requests go to, where the step needs them."""
        ...

    @property
    def dismantles(self) -> bool:
        """Say whether the step takes a side apart that somebody may still need."""
        ...

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Give the objects that the step wants to see in `Objects`."""
        ...

    @property
    def watches(self) -> float:
        """Give the seconds of passing samples that the step waits for."""
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
    def probes(self) -> Side:
        """Ask the new side."""
        return Side.NEW

    @property
    def dismantles(self) -> bool:
        """Take nothing apart."""
        return False

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at no object."""
        return ()

    @property
    def watches(self) -> float:
        """Wait for no sample."""
        return 0.0

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


def elapsed(seen: Sighting) -> float:
    """Give the wall seconds since the step began; 0 before its first row is in the journal."""
    return since(seen, seen[JournalFacts].entered_at)


def since(seen: Sighting, moment: datetime | None) -> float:
    """Give the wall seconds since `moment`, never negative; 0 for None."""
    return max(0.0, (seen[Clocks].wall - moment).total_seconds()) if moment else 0.0


def standing(seen: Sighting) -> float:
    """Give the wall seconds since the step's last write was read back, or since it began when it has written nothing."""
    return since(seen, seen[JournalFacts].settled_at or seen[JournalFacts].entered_at)


def halt(code: str, subject: Subject, /, **values: Value) -> Halt:
    """Give a halt with one blocking finding."""
    return Halt((block(code, subject, **values),))

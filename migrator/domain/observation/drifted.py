"""What others have changed of all that a run rests on, as facets: what holds the run, and what nobody can watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message
from migrator.domain.model.change import Change


@dataclass(frozen=True, slots=True)
class Drifted:
    """What is not as the run's plan or its own writes have it: somebody else's hand (a facet). Empty: nothing.

    `blind` is for how many seconds the guard has not looked at the cluster; infinity while it has not looked once.
    `told` is what a person should know and nothing is held for: nodes that come and go, and what nobody can watch.
    `comparing` is for how many seconds a gateway's configuration has waited to be compared: because it has changed, or, when
    not `changed`, because this process has never compared it; `restless`: both sides' change so often that nobody waits.
    """

    found: tuple[Finding, ...] = ()
    blind: float = 0.0
    comparing: float = 0.0
    changed: bool = False
    restless: bool = False
    told: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class PodsMoved:
    """Pods of the run's namespace have changed, or may have (a facet of the watch): a turn is taken for it at once.

    `times` counts; `told` says that nobody may watch them, so that they are only listed.
    """

    times: int = 0
    told: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ListenerDrift:
    """How the balancer's listeners are set otherwise than the plan has seen them (a facet of the watch)."""

    found: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigDrift:
    """What the guard over the gateways' configurations knows (a facet of the watch).

    `found` is what differs now; `waits` since when (monotonic) a gateway's waits to be compared (None: none does); `changed`:
    one of those was compared before and has moved since, the others are new to this process; `restless`: both sides'
    change again and again, alike.
    """

    found: tuple[Finding, ...] = ()
    waits: float | None = None
    changed: bool = False
    restless: bool = False


@dataclass(frozen=True, slots=True)
class WorldDrift:
    """What the guard's last look at the cluster found; a facet of the watch.

    `at` is the moment (monotonic) of the oldest answer that it rests on: what is silent is as it was seen last.

    `led` is what it found for a run that has led Services to the new side already: there others are as they should be.
    `told` holds nothing: which nodes have come and gone, and what it may not read.
    """

    found: tuple[Finding, ...] = ()
    at: float = 0.0
    led: tuple[Finding, ...] = ()
    told: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """A change of the run's that does not stand in each of its forms, and who wrote the object last.

    `guarded`: it stands as step Guard makes it; `led`: as the step that leads the object to the new side makes it. `among`
    are all changes of the same object, itself too. `at` is when the question was put whose answer shows it.
    """

    change: Change
    by: Message
    among: tuple[Change, ...] = ()
    guarded: bool = False
    led: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GuardUndone:
    """Every change that does not stand at the guard's last look, before Guard too (a facet of the watch)."""

    found: tuple[Undone, ...] = ()

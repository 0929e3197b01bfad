"""What the gates before a step are decided by, as facets: what lies ahead of it by the plan, and who has frozen it."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message
from migrator.domain.model.freeze import Freeze
from migrator.domain.model.spec import Before, HookPoint


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the plan says of the step that a run is at (a facet).

    `after` is the share that the step before it has given, None where it gave none. `worst` are the seconds that the step may
    take (until it asks a person, where that has no bound), `back` those of the whole way back from its end, None where there
    is none any more.
    """

    after: float | None = None
    worst: float = 0.0
    back: float | None = 0.0

    @property
    def need(self) -> float:
        """Give the seconds in which the step has ended, or has been taken back."""
        return self.worst + (self.back or 0.0)


@dataclass(frozen=True, slots=True)
class Frozen:
    """Who has frozen the run (a facet of the watch); `looked` is false until somebody has looked.

    What cannot be read is as it was read last, and `unread` says so.
    """

    by: tuple[Freeze, ...] = ()
    unread: tuple[Message, ...] = ()
    looked: bool = True


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """What a webhook is asked before a step. `id` is the same for the same step of a run, whoever asks and how often."""

    id: str
    run: int
    name: str
    namespace: str
    before: Before
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What the webhook said to a question, by its id (a facet of the watch). `allowed` None: it gave no answer, and `why` says
    why; `since` is when (monotonic) this process asked first.
    """

    id: str = ""
    allowed: bool | None = None
    why: Message | str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class HookCall:
    """What a hook is called for. `id` is the same for the same step of a run, whoever calls and how often."""

    id: str
    run: int
    hook: str
    after: bool
    point: HookPoint
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a hook's call, by its id (a facet of the watch). `done` None: the first call is under way; False: the last
    one did not succeed, and `why` says why. `since` is when (monotonic) this process called first, `calls` how often it did.
    """

    id: str = ""
    done: bool | None = None
    why: Message | str = ""
    since: float = 0.0
    calls: int = 0

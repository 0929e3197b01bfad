"""What the plan says of hooks: a command or an address that is called before or after steps, and what without success."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HookPoint(StrEnum):
    """The steps before and after which a hook can be called: those that change something on the way forward."""

    DEPLOY = "deploy"
    ATTACH = "attach"
    SHARES = "shares"
    DRAIN = "drain"
    RETIRE = "retire"


class Unhooked(StrEnum):
    """What becomes of a run whose hook has not succeeded in time: it goes on waiting, asks a person, goes back, or goes on."""

    HOLD = "hold"
    ASK = "ask"
    ROLLBACK = "rollback"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class HookSpec:
    """One hook: an address (POST) or a command, never both. `timeout` bounds one call; it is called again until it has
    succeeded, or for `patience` seconds, after which `then` says what becomes of the run.
    """

    name: str
    before: tuple[HookPoint, ...] = ()
    after: tuple[HookPoint, ...] = ()
    url: str = ""
    command: tuple[str, ...] = ()
    timeout: float = 30.0
    patience: float = 300.0
    then: Unhooked = Unhooked.HOLD

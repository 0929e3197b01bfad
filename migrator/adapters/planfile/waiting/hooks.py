"""The keys of the plan file that say which hooks are called before and after steps, and what they become in the domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import Duration, Strict, Url, Word, usual
from migrator.domain.messages.message import say
from migrator.domain.model import spec as domain

Point: TypeAlias = Literal["deploy", "attach", "shares", "drain", "retire"]
HookName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=40)]


class Hook(Strict):
    """A command or an address that is called before or after steps. Nothing of it stops a way back."""

    name: HookName
    before: list[Point] = Field(default_factory=list)
    after: list[Point] = Field(default_factory=list)
    url: Url | None = None
    command: list[Word] = Field(default_factory=list, max_length=100)
    timeout: Duration = usual("30s")
    patience: Duration = usual("5m")
    then: Literal["hold", "ask", "rollback", "continue"] = "hold"

    @model_validator(mode="after")
    def whole(self) -> Hook:
        """Refuse a hook that calls nobody or two, that is never called, or that goes back where no way back is left."""
        if (self.url is None) is not bool(self.command):
            raise RuleBroken(say("rule.hook-one-way"))
        if not self.before and not self.after:
            raise RuleBroken(say("rule.hook-nowhere"))
        if "retire" in self.after and self.then == "rollback":
            raise RuleBroken(say("rule.hook-no-way-back"))
        return self


def distinct(hooks: list[Hook]) -> list[Hook]:
    """Refuse two hooks of one name: it tells their calls apart."""
    if len({hook.name for hook in hooks}) != len(hooks):
        raise RuleBroken(say("rule.hooks-distinct"))
    return hooks


def hooks_of(hooks: Iterable[Hook]) -> tuple[domain.HookSpec, ...]:
    """Give the hooks as the domain has them."""
    return tuple(
        domain.HookSpec(
            hook.name,
            _points(hook.before),
            _points(hook.after),
            str(hook.url or ""),
            tuple(hook.command),
            hook.timeout,
            hook.patience,
            domain.Unhooked(hook.then),
        )
        for hook in hooks
    )


def _points(names: Iterable[str]) -> tuple[domain.HookPoint, ...]:
    return tuple(domain.HookPoint(name) for name in dict.fromkeys(names))

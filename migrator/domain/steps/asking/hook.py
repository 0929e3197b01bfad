"""The step in which a hook of the plan is called. It is called beside the turns, so nothing ever waits for it but this step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.findings import block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Done, TurnBack, Wait
from migrator.domain.model.spec import HookPoint, Unhooked
from migrator.domain.observation.gating import Called, HookCall
from migrator.domain.observation.sighting import Clocks, JournalFacts, RunPosition, Sighting
from migrator.domain.steps.estimate import NOTHING, Estimate, Scale
from migrator.domain.steps.step import Needs, Quiet

ASKED = "hook.ask"
"""The question to a person when a hook has not succeeded in time, where the plan wants one asked then."""


@dataclass(frozen=True, slots=True)
class CallHook(Quiet):
    """A hook has succeeded, or the plan or a person goes on without it.

    `share` is the percent that the new side has at this place of the route; `drained`: the old side was told to go before;
    `gone`: the old side is off the balancer; `final`: the old workload is deleted, so there is no way back.
    """

    hook: str
    point: HookPoint
    after: bool
    of: float | None
    timeout: float
    patience: float
    then: Unhooked
    share: float = 0.0
    drained: bool = False
    gone: bool = False
    final: bool = False
    needs: ClassVar[Needs] = frozenset({JournalFacts, Clocks, RunPosition, Called})

    @property
    def title(self) -> Message:
        """Name the hook and its place."""
        return say("step.hook", hook=self.hook, after=self.after, point=self.point, share=self.of)

    @property
    def after_drain(self) -> Side | None:
        """Come after the old side was told to go, where the route has done that."""
        return Side.OLD if self.drained else None

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Have both sides looked after while the old one is on the balancer."""
        return (Side.NEW,) if self.gone else (Side.OLD, Side.NEW)

    @property
    def ceiling(self) -> float:
        """Leave the share as it stands."""
        return self.share or 100.0

    @property
    def climbs(self) -> bool:
        """Stand between two shares, where no data for too long turns the run back."""
        return bool(self.share) and not self.drained

    @property
    def is_final(self) -> bool:
        """Rest on the new side alone once the old one is deleted."""
        return self.final

    def call(self, seen: Sighting) -> HookCall:
        """Give what is called; the same step of a run is the same call, by its id."""
        now, place = seen[RunPosition], self.point.value if self.of is None else f"{self.point.value}-{self.of:g}"
        name = f"{now.plan[:12]}-{now.run}-{self.hook}-{'after' if self.after else 'before'}-{place}"
        return HookCall(name, now.run, self.hook, self.after, self.point, self.of)

    def troubles(self, seen: Sighting) -> tuple[Message, ...]:
        """Say, in the journal too, why the last call did not succeed."""
        heard = seen[Called]
        failed = heard.id == self.call(seen).id and heard.done is False
        return (say("hook.failed", hook=self.hook, why=heard.why),) if failed else ()

    def estimate(self, scale: Scale) -> Estimate:
        """Take one call, and at worst every one until the patience is over."""
        asks = self.then in (Unhooked.HOLD, Unhooked.ASK)
        way_back = None if self.final else NOTHING
        worst = None if asks else self.patience + self.timeout
        note = say("estimate.until-success") if self.then is Unhooked.HOLD else None
        return Estimate(1.0, worst, (say("estimate.hook", hook=self.hook),), way_back, note)

    def decide(self, seen: Sighting) -> Decision:
        """Wait for success; without it in time do what the plan says then."""
        heard = seen[Called]
        if seen[JournalFacts].said_yes(ASKED):
            return Done(say("hook.waived", hook=self.hook, by=seen[JournalFacts].approved_by))
        if heard.id != self.call(seen).id or heard.done is None:
            return Wait(say("hook.calling", hook=self.hook))
        if heard.done:
            return Done(say("hook.done", hook=self.hook, calls=heard.calls))
        left = self.patience - (seen[Clocks].monotonic - heard.since)
        if left > 0 or self.then is Unhooked.HOLD:
            return Wait(say("hook.again", hook=self.hook, why=heard.why), max(left, 0.0) or None)
        return self._without(heard)

    def _without(self, heard: Called) -> Decision:
        if self.then is Unhooked.CONTINUE:
            return Done(say("hook.passed-over", hook=self.hook, why=heard.why))
        if self.then is Unhooked.ASK or self.final:
            return Ask(say("hook.ask", hook=self.hook, patience=self.patience, why=heard.why))
        return TurnBack((block("hook.no-success", self.title, hook=self.hook, patience=self.patience, why=heard.why),))


CALLING = frozenset({"hook.calling", "hook.again"})
"""What the step says while its hook is to be called."""

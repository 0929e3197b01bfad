"""The steps that give a side traffic. Only the side that gains must be proved fit; add before you take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.judging.classes import needs_comparison
from migrator.domain.judging.own.others import is_silent
from migrator.domain.judging.share_test import disagreement
from migrator.domain.messages.findings import Finding, Waiver, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import SetWeights, Word
from migrator.domain.model.balancer import Backend, Pools, Side, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.pod_targets import ON_NODES, PodTargets
from migrator.domain.model.samples import Tally, Verdict
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Clocks,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Probes,
    Sighting,
    Stale,
    Workloads,
)
from migrator.domain.sides.split import planned
from migrator.domain.sides.telling import accused, telling
from migrator.domain.sides.way_back import way_back
from migrator.domain.steps.estimate import Estimate, Scale, WayBack
from migrator.domain.steps.proving.answers import settled_by_answers, uncompared
from migrator.domain.steps.proving.nodes import asked_to_do_without, gone, lacking
from migrator.domain.steps.proving.way_back import held_for_a_way_back
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing
from migrator.domain.steps.unfit import bare_of_old, kept_by_new, never_healthy, unfit_to_return
from migrator.domain.weights.planner import Split, next_chunk, pending


def ruled(verdict: Verdict | None) -> Message:
    """Say what the judge rules now."""
    return say("judge.ruled", ruling=verdict.ruling, reason=verdict.reason) if verdict else say("judge.silent")


@dataclass(frozen=True, slots=True)
class Shift(Quiet):
    """The new side's share of new connections is `share` percent, seen to be so, and watched for `soak` seconds.

    Towards OLD it restores the recorded weights exactly and asks neither judge nor soak: nothing delays a way back. Where
    gateways can be told (`tells`), those that the judge accuses are told to go while the balancer still follows.
    `compares`: it is done only once both sides have given the same answers during it, but for what `waivers` accept.
    """

    towards: Side
    share: float
    originals: tuple[Weighted, ...]
    nodes: tuple[Node, ...] = ()
    soak: float = 0.0
    max_soak: float = 0.0
    min_requests: int = 0
    settle: float = 60.0
    scattered: PodTargets = ON_NODES
    tells: bool = False
    least: float = 1.0
    patience: float = 120.0
    compares: bool = False
    waivers: tuple[Waiver, ...] = ()
    needs: ClassVar[Needs] = frozenset(
        {Pools, Workloads, Sides, Probes, Judgement, JournalFacts, Clocks, GatewaySignals, AnswerParity, AskedOfBoth}
    ) | {Stale}

    @property
    def ceiling(self) -> float:
        """Never give the new side more than its share."""
        return self.share if self.towards is Side.NEW else 100.0

    def stands(self, seen: Sighting) -> bool:
        """Take them at the step's share alone: a step that waits to give it is not watched at it."""
        return self._no_way_back(seen) is None and not pending(
            seen[Pools], planned(seen, self.share, restoring=self.towards is Side.OLD).rows
        )

    @property
    def title(self) -> Message:
        """Name the share, or the way back."""
        return say("step.shift", share=self.share) if self.towards is Side.NEW else say("step.restore-old")

    @property
    def gains(self) -> Side | None:
        """Give the side that gains."""
        return self.towards

    def estimate(self, scale: Scale) -> Estimate:
        """Set the weights and soak."""
        cost, pace = scale.share(self.share), scale.pace
        return Estimate(
            pace.balancer * cost.calls + self.soak,
            pace.balancer_most * cost.calls + self.settle + self.max_soak,
            (say("estimate.weights", weights=cost.weights, calls=cost.calls),),
            self._way_back(scale),
            say("estimate.asks-when-few", least=self.min_requests, soak=self.max_soak),
            shifts=True,
        )

    def _way_back(self, scale: Scale) -> WayBack:
        if self.towards is Side.OLD:
            return WayBack(weights=0.0)
        return WayBack(weights=scale.pace.balancer * scale.share(self.share).calls_back, drain=scale.drain)

    @property
    def watches(self) -> float:
        """Soak."""
        return self.soak

    def decide(self, seen: Sighting) -> Decision:
        """Raise, confirm, lower; then see the share arrive; then soak."""
        pools = seen[Pools]
        if short := self._no_way_back(seen):
            return short
        split = planned(seen, self.share, restoring=self.towards is Side.OLD)
        if behind := pending(pools, split.rows):
            return self._write(seen, split, len(behind))
        if self.towards is Side.OLD:
            return self._forsaken(seen, split) or self._restored(seen)
        return self._arrived(seen) or self._soaked(seen, split.achieved)

    def _write(self, seen: Sighting, split: Split, behind: int) -> Decision:
        """Write what may be written. On the way back that is each listener's own: one that nobody can take holds no other."""
        pools, unfit = seen[Pools], self._unfit(seen)
        bare = bare_of_old(pools) if self.towards is Side.OLD else ()
        able = [row for row in split.rows if row.backend.listener not in bare]
        if unfit and not (bare and pending(pools, able)):
            return self._until_fit(seen, unfit)
        patience = self.settle - standing(seen)
        kept = kept_by_new(able, seen) if self.towards is Side.OLD and patience > 0 else ()
        if chunk := next_chunk(pools, [row for row in able if row not in kept]):
            achieved = split.achieved
            return Do(
                SetWeights(chunk), say("shift.write", step=self.title, now=len(chunk), left=behind, achieved=achieved)
            )
        if kept:
            listeners = tuple(sorted({row.backend.listener for row in kept}))
            return Wait(say("restore-old.nobody", listeners=listeners), patience)
        left = self.settle - elapsed(seen)
        if left > 0:
            return Wait(say("shift.waits-for-health", weights=behind), left)
        return halt("weights.no-safe-write", self.title, left=behind)

    def _no_way_back(self, seen: Sighting) -> Decision | None:
        """Say that the new side gets no more while the old one could not take everything back; then ask a person.

        A share that has been watched for a while stands: what is lost then stops the next one.
        """
        if self.towards is Side.OLD or seen[JournalFacts].soaked:
            return None
        return held_for_a_way_back(seen, way_back(seen, drained=False), self.least, self.patience)

    def _unfit(self, seen: Sighting) -> list[Finding]:
        if self.towards is Side.OLD:
            return unfit_to_return(seen[Pools], seen[Pools].listeners)
        return self._lacking(seen) + never_healthy(seen, self.settle)

    def _lacking(self, seen: Sighting) -> list[Finding]:
        return lacking(seen, self.nodes, self.scattered) if self.towards is Side.NEW else []

    def _until_fit(self, seen: Sighting, unfit: list[Finding]) -> Decision:
        """Hold while pods are lacking: a node comes back, and who comes is looked after; of nodes that are gone a person is
        asked after a while. Else halt then."""
        asks = asked_to_do_without(seen, self.nodes, unfit, self.share) if self.towards is Side.NEW else None
        patience = (max(self.settle, self.patience) if asks else self.settle) - standing(seen)
        if patience > 0:
            return Wait(told_of(unfit[:1]), patience)
        return asks or (Wait(told_of(unfit[:1])) if self._lacking(seen) else Halt(tuple(unfit)))

    def troubles(self, seen: Sighting) -> tuple[Message, ...]:
        """Say which pods hold the run for longer than pods usually take to come; of nodes that are gone a person is asked."""
        found = self._lacking(seen)
        if not found or standing(seen) < self.settle or self.stands(seen) or found == gone(seen, self.nodes):
            return ()
        return (say("drift.held", what=told_of(found)),)

    def _forsaken(self, seen: Sighting, split: Split) -> Decision | None:
        """Say that there is nobody to go back to: on some listener no old row would get weight."""
        carried = {
            row.backend.listener for row in split.rows if row.weight and row.backend in _backends(seen, Side.OLD)
        }
        bare = sorted({row.backend.listener for row in self.originals if row.weight} - carried)
        if not bare:
            return None
        left = self.settle - elapsed(seen)
        if left > 0:
            return Wait(say("restore-old.nobody", listeners=tuple(bare)), left)
        return Halt(tuple(unfit_to_return(seen[Pools], bare)))

    def _restored(self, seen: Sighting) -> Decision:
        if self.tells and (first := telling(Side.NEW, Word.GO, accused(seen))):
            return first
        left = seen[Pools].capabilities.settle - standing(seen)
        if left > 0:
            return Wait(say("restore-old.follows"), left)
        return Done(say("restore-old.done"))

    def _arrived(self, seen: Sighting) -> Decision | None:
        """Say what still speaks against the share having arrived where the connections are counted."""
        after = standing(seen)
        patience = seen[Pools].capabilities.settle + self.settle
        if sick := never_healthy(seen, self.settle):
            return Halt(tuple(sick)) if after > patience else Wait(told_of(sick[:1]), patience - after)
        observed = seen[Judgement].observed
        promised = seen[Pools].own_shares()
        doubt = disagreement(promised, observed) if observed and promised else None
        if doubt is None:
            return None
        if after > patience:
            return halt("share.not-achieved", self.title, doubt=doubt)
        return Wait(doubt, patience - after)

    def _soaked(self, seen: Sighting, achieved: float) -> Decision:
        past = seen[JournalFacts]
        left = self.soak - past.soaked
        if left > 0 and (asked := self._compared(seen, achieved)):
            return asked
        if left > 0:
            judge = ruled(seen[Judgement].verdict)
            return Wait(say("soak.going-on", share=self.share, soaked=past.soaked, soak=self.soak, judge=judge), left)
        if self.compares and (first := uncompared(seen, self.waivers)) is not None:
            return first
        if past.requests >= self.min_requests or past.said_yes("soak.ask"):
            return Done(self._note(seen, achieved))
        if past.soaked < self.max_soak:
            words = say("soak.extended", requests=past.requests, wanted=self.min_requests)
            return Wait(words, self.max_soak - past.soaked)
        return Ask(
            say(
                "soak.ask",
                requests=past.requests,
                wanted=self.min_requests,
                soaked=past.soaked,
                share=self.share,
            )
        )

    def _compared(self, seen: Sighting, achieved: float) -> Decision | None:
        """Ask a person where counters alone cannot say whether the clients or the new gateways cause the 4xx, or a judge of the
        plan's own says nothing.

        Where both sides are asked the same questions and agree, nobody is asked: a difference has turned the run back.
        """
        verdict = seen[Judgement].verdict
        silent = is_silent(verdict)
        if verdict is None or not (silent or needs_comparison(verdict)):
            return None
        question = "soak.ask-silent" if silent else "soak.ask-compare"
        if seen[JournalFacts].said_yes(question):
            return Done(self._note(seen, achieved))
        settled = not silent and self.compares and settled_by_answers(seen, self.waivers)
        if settled and elapsed(seen) >= self.soak:
            return Done(say("answers.settle", reason=verdict.reason, note=self._note(seen, achieved)))
        if elapsed(seen) < self.max_soak:
            return None
        share, held, reason = self.share, elapsed(seen), verdict.reason
        if silent:
            return Ask(say("soak.ask-silent", share=share, held=held, reason=reason))
        return Ask(say("soak.ask-compare", share=share, held=held, reason=reason))

    def tallies(self, seen: Sighting) -> Mapping[str, Tally]:
        """Keep the share that was asked for, the one the weights give, and the one that was counted."""
        if self.towards is Side.OLD:
            return {}
        observed = seen[Judgement].observed
        share = {
            "requested": self.share,
            "achieved": seen[Pools].share(),
            "observed": observed.share if observed else None,
            "connections": observed.total if observed else 0,
            "source": observed.source if observed else "",
        }
        return {"share": share}

    def _note(self, seen: Sighting, achieved: float) -> Message:
        observed, requests = seen[Judgement].observed, seen[JournalFacts].requests
        if observed is None or observed.share is None:
            return say("shift.done-unseen", achieved=achieved, requests=requests)
        return say(
            "shift.done",
            achieved=achieved,
            observed=observed.share,
            total=observed.total,
            what=observed.what,
            source=observed.source,
            requests=requests,
        )


def _backends(seen: Sighting, side: Side) -> set[Backend]:
    return {row.backend for row in seen[Pools].of(side)}

"""The steps that give a side traffic. Only the side that gains must be proved fit; add before you take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.judging.share_test import disagreement
from migrator.domain.messages.findings import Finding, block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.pod_targets import ON_NODES, PodTargets, reached
from migrator.domain.model.samples import Verdict
from migrator.domain.observation.sighting import Clocks, JournalFacts, Judgement, Probes, Sighting, Workloads
from migrator.domain.steps.estimate import DETECTION, Estimate, Scale, WayBack
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing
from migrator.domain.steps.unfit import never_healthy, short, unfit, unfit_to_return
from migrator.domain.weights.planner import next_chunk, pending, wanted


@dataclass(frozen=True, slots=True)
class Attach(Quiet):
    """Every backend of a side stands on its listener (new ones at weight 0) and is fit in the best eyes there are."""

    towards: Side
    backends: tuple[Backend, ...]
    deadline: float
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, Probes, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.attach", side=self.towards)

    @property
    def probes(self) -> Side:
        """Ask the side itself."""
        return self.towards

    def estimate(self, scale: Scale) -> Estimate:
        """Register, and wait until the balancer calls them healthy where it can see that."""
        backends, pace = self.backends or scale.new, scale.pace
        writes = scale.batches(backends)
        healthy = min(DETECTION, self.deadline) if scale.can.health_at_zero else pace.cluster
        return Estimate(
            pace.balancer * writes + healthy,
            pace.balancer_most * writes + self.deadline,
            (say("estimate.register", backends=len(backends), calls=writes),),
            WayBack(rest=pace.balancer * scale.batches(scale.new) + scale.can.drain_floor),
            say("estimate.halts-after", deadline=self.deadline),
        )

    def decide(self, seen: Sighting) -> Decision:
        """Register what is missing, then wait until enough of it is fit."""
        pools = seen[Pools]
        wanted = reached(self.backends, self.scattered, seen[Workloads].of(self.towards).pods)
        if missing := one_batch(tuple(each for each in wanted if each not in pools.weights()), pools.capabilities):
            return Do(Register(missing), say("attach.register", backends=len(missing), side=self.towards))
        sick = [*short(seen[Workloads].of(self.towards), (), self.scattered), *self._sick(wanted, seen)]
        if not sick:
            return Done(say("attach.done", backends=len(wanted), side=self.towards))
        left = self.deadline - elapsed(seen)
        if left > 0:
            facts = say(
                "attach.waiting", sick=len(sick), wanted=len(wanted), side=self.towards, first=told_of(sick[:1])
            )
            return Wait(facts, left)
        return self._late(pools, sick, seen[JournalFacts].approved)

    def _late(self, pools: Pools, sick: list[Finding], approved: bool) -> Decision:
        """Halt; on the way back a person decides where the balancer and our own requests say different things."""
        well = [row for row in pools.of(Side.OLD) if row.target.health is Health.HEALTHY]
        if self.towards is Side.NEW or {row.backend.listener for row in well} != {b.listener for b in self.backends}:
            return Halt(tuple(sick))
        if approved:
            return Done(say("attach.approved", healthy=len(well)))
        return Ask(say("attach.ask", healthy=len(well), why=sick[0].evidence))

    def _sick(self, wanted: tuple[Backend, ...], seen: Sighting) -> list[Finding]:
        rows = {row.backend: row for row in seen[Pools].rows}
        faults = {b: self._why_not(rows[b], seen) for b in wanted}
        sick = [_sick(backend, why) for backend, why in faults.items() if why]
        # One healthy old backend on every listener is enough to go back; missing capacity is only a warning.
        if self.towards is Side.OLD and {b.listener for b, why in faults.items() if not why} == {
            b.listener for b in wanted
        }:
            return []
        return sick

    def _why_not(self, row: Row, seen: Sighting) -> Message | None:
        """Say why a backend is not ready for traffic. An old one that gets its traffic back must answer us, too: a health
        check that once passed may go on passing without a listener behind it (Istio's readiness does)."""
        health = row.target.health
        if health is Health.HEALTHY and (row.weight or self.towards is Side.NEW):
            return None
        if health is not Health.HEALTHY and (row.weight or seen[Pools].capabilities.health_at_zero):
            return say("balancer.calls-it", health=health)
        return seen[Probes].failure(row.backend)


def one_batch(backends: tuple[Backend, ...], capabilities: Capabilities) -> tuple[Backend, ...]:
    """Give as many of the backends as one vendor call may name: of one listener where it takes only one."""
    if not capabilities.several_listeners and backends:
        backends = tuple(b for b in backends if b.listener == backends[0].listener)
    return backends[: capabilities.batch]


def _sick(backend: Backend, why: Message) -> Finding:
    return block("attach.not-fit", str(backend), why=why)


def ruled(verdict: Verdict | None) -> Message:
    """Say what the judge rules now."""
    return say("judge.ruled", ruling=verdict.ruling, reason=verdict.reason) if verdict else say("judge.silent")


@dataclass(frozen=True, slots=True)
class Shift(Quiet):
    """The new side's share of new connections is `share` percent, seen to be so, and watched for `soak` seconds.

    Towards OLD it restores the recorded weights exactly and asks neither judge nor soak: nothing delays a way back.
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
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, Judgement, JournalFacts, Clocks})

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
        split = wanted(pools, self.originals, self.share)
        if behind := pending(pools, split.rows):
            return self._write(seen, next_chunk(pools, split.rows), len(behind), split.achieved)
        if self.towards is Side.OLD:
            return self._restored(seen)
        return self._arrived(seen, split.achieved) or self._soaked(seen, split.achieved)

    def _write(self, seen: Sighting, chunk: tuple[Weighted, ...], behind: int, achieved: float) -> Decision:
        if unfit := self._unfit(seen):
            return Halt(tuple(unfit))
        if chunk:
            return Do(
                SetWeights(chunk), say("shift.write", step=self.title, now=len(chunk), left=behind, achieved=achieved)
            )
        left = self.settle - elapsed(seen)
        if left > 0:
            return Wait(say("shift.waits-for-health", weights=behind), left)
        return halt("weights.no-safe-write", self.title, left=behind)

    def _unfit(self, seen: Sighting) -> list[Finding]:
        if self.towards is Side.OLD:
            return unfit_to_return(seen[Pools])
        return unfit(seen[Workloads].new, self.nodes, self.scattered, seen[Pools]) + never_healthy(seen, self.settle)

    def _restored(self, seen: Sighting) -> Decision:
        left = seen[Pools].capabilities.settle - standing(seen)
        if left > 0:
            return Wait(say("restore-old.follows"), left)
        return Done(say("restore-old.done"))

    def _arrived(self, seen: Sighting, achieved: float) -> Decision | None:
        """Say what still speaks against the share having arrived where the connections are counted."""
        after = standing(seen)
        patience = seen[Pools].capabilities.settle + self.settle
        if sick := never_healthy(seen, self.settle):
            return Halt(tuple(sick)) if after > patience else Wait(told_of(sick[:1]), patience - after)
        observed = seen[Judgement].observed
        doubt = disagreement(achieved, observed) if observed else None
        if doubt is None:
            return None
        if after > patience:
            return halt("share.not-achieved", self.title, doubt=doubt)
        return Wait(doubt, patience - after)

    def _soaked(self, seen: Sighting, achieved: float) -> Decision:
        past = seen[JournalFacts]
        left = self.soak - past.soaked
        if left > 0:
            judge = ruled(seen[Judgement].verdict)
            return Wait(say("soak.going-on", share=self.share, soaked=past.soaked, soak=self.soak, judge=judge), left)
        if past.requests >= self.min_requests or past.approved:
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

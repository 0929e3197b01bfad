"""The steps that give a side traffic. Only the side that gains must be proved fit; add before you take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.judging.share_test import disagreement
from migrator.domain.model.actions import Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.findings import Finding, Severity
from migrator.domain.model.grammar import number_of
from migrator.domain.model.pod_targets import ON_NODES, PodTargets, reached
from migrator.domain.observation.sighting import Clocks, JournalFacts, Judgement, Probes, Sighting, Workloads
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, percent, standing
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
    def title(self) -> str:
        """Name the side."""
        return f"Attach {self.towards}"

    @property
    def probes(self) -> Side:
        """Ask the side itself."""
        return self.towards

    def decide(self, seen: Sighting) -> Decision:
        """Register what is missing, then wait until enough of it is fit."""
        pools = seen[Pools]
        wanted = reached(self.backends, self.scattered, seen[Workloads].of(self.towards).pods)
        if missing := one_batch(tuple(each for each in wanted if each not in pools.weights()), pools.capabilities):
            return Do(Register(missing), f"register {number_of(len(missing), f'{self.towards} backend')} at weight 0")
        sick = [*short(seen[Workloads].of(self.towards), (), self.scattered), *self._sick(wanted, seen)]
        if not sick:
            return Done(f"{number_of(len(wanted), f'{self.towards} backend')} registered and fit")
        left = self.deadline - elapsed(seen)
        if left > 0:
            return Wait(f"{len(sick)} of {len(wanted)} {self.towards} backends not fit: {sick[0].problem}", left)
        return self._late(pools, sick, seen[JournalFacts].approved)

    def _late(self, pools: Pools, sick: list[Finding], approved: bool) -> Decision:
        """Halt; on the way back a person decides where the balancer and our own requests say different things."""
        well = [row for row in pools.of(Side.OLD) if row.target.health is Health.HEALTHY]
        if self.towards is Side.NEW or {row.backend.listener for row in well} != {b.listener for b in self.backends}:
            return Halt(tuple(sick))
        healthy = f"the balancer calls {number_of(len(well), 'old backend')} healthy"
        if approved:
            return Done(f"{healthy}; our own requests were not answered, and somebody said yes all the same")
        return Ask(f"{healthy[0].upper()}{healthy[1:]}, but {sick[0].evidence}. Give them the traffic all the same?")

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

    def _why_not(self, row: Row, seen: Sighting) -> str:
        """Say why a backend is not fit. An old one that gets its traffic back must answer us, too: a health check that
        once passed may go on passing without a listener behind it (Istio's readiness does)."""
        health = row.target.health
        if health is Health.HEALTHY and (row.weight or self.towards is Side.NEW):
            return ""
        if health is not Health.HEALTHY and (row.weight or seen[Pools].capabilities.health_at_zero):
            return f"the balancer calls it {health}"
        failure = seen[Probes].failure(row.backend)
        return "it has not been probed yet" if failure is None else failure


def one_batch(backends: tuple[Backend, ...], capabilities: Capabilities) -> tuple[Backend, ...]:
    """Give as many of the backends as one vendor call may name: of one listener where it takes only one."""
    if not capabilities.several_listeners and backends:
        backends = tuple(b for b in backends if b.listener == backends[0].listener)
    return backends[: capabilities.batch]


def _sick(backend: Backend, why: str) -> Finding:
    remedy = "see whether the balancer's health checks reach the node's port; `migrator resume` asks again"
    return Finding(
        "attach.not-fit", Severity.BLOCK, str(backend), f"backend is not fit for traffic: {why}", why, remedy
    )


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
    def title(self) -> str:
        """Name the share, or the way back."""
        return f"Shift {percent(self.share)}" if self.towards is Side.NEW else "Restore old"

    @property
    def gains(self) -> Side | None:
        """Give the side that gains."""
        return self.towards

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
            return Do(SetWeights(chunk), f"{self.title}: {len(chunk)} of {behind} weights, {achieved:.2f} % new")
        left = self.settle - elapsed(seen)
        if left > 0:
            return Wait(f"{behind} weights wait until a raised backend is healthy", left)
        return halt(
            "weights.no-safe-write",
            self.title,
            "no write is safe: whichever weight is lowered next, a listener could be left without a healthy backend",
            f"{behind} weights are still to be set",
            "see the balancer's health checks, then `migrator resume`; weights stay as they are",
        )

    def _unfit(self, seen: Sighting) -> list[Finding]:
        if self.towards is Side.OLD:
            return unfit_to_return(seen[Pools])
        return unfit(seen[Workloads].new, self.nodes, self.scattered, seen[Pools]) + never_healthy(seen, self.settle)

    def _restored(self, seen: Sighting) -> Decision:
        left = seen[Pools].capabilities.settle - standing(seen)
        if left > 0:
            return Wait("old has its recorded weights; the balancer's data plane is following", left)
        return Done("old has its exact recorded weights, new is at 0")

    def _arrived(self, seen: Sighting, achieved: float) -> Decision | None:
        """Say what still speaks against the share having arrived where the connections are counted."""
        after = standing(seen)
        patience = seen[Pools].capabilities.settle + self.settle
        if sick := never_healthy(seen, self.settle):
            return (
                Halt(tuple(sick))
                if after > patience
                else Wait(f"{sick[0].subject}: {sick[0].problem}", patience - after)
            )
        observed = seen[Judgement].observed
        doubt = disagreement(achieved, observed) if observed else ""
        if not doubt:
            return None
        if after > patience:
            remedy = (
                "see whether the balancer's scheduler honours weights (session persistence?), then `migrator resume`"
            )
            return halt("share.not-achieved", self.title, "the share has not arrived at the gateways", doubt, remedy)
        return Wait(doubt, patience - after)

    def _soaked(self, seen: Sighting, achieved: float) -> Decision:
        past = seen[JournalFacts]
        left = self.soak - past.soaked
        if left > 0:
            verdict = seen[Judgement].verdict
            words = f"; {verdict.ruling}: {verdict.reason}" if verdict else "; no verdict yet"
            return Wait(f"soaking at {percent(self.share)}, {past.soaked:.0f} of {self.soak:g} s{words}", left)
        if past.requests >= self.min_requests or past.approved:
            return Done(self._note(seen, achieved))
        if past.soaked < self.max_soak:
            words = f"{past.requests} of {self.min_requests} requests seen on the new side; the soak goes on"
            return Wait(words, self.max_soak - past.soaked)
        return Ask(
            f"Only {past.requests} of {self.min_requests} requests reached the new side in {past.soaked:.0f} s at "
            f"{percent(self.share)}. That is too few to judge it. Go on all the same?"
        )

    def _note(self, seen: Sighting, achieved: float) -> str:
        observed = seen[Judgement].observed
        counted = (
            f", observed {observed.share:.2f} % of {observed.total} {observed.what} ({observed.source})"
            if observed is not None and observed.share is not None
            else ", observed by nobody"
        )
        return f"weights give {achieved:.2f} %{counted}; {seen[JournalFacts].requests} requests judged"


class Keep(Shift):
    """100 % with the old side intact for `keepOld`: the last moment at which going back costs nothing."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """Name the step."""
        return "Keep"


class RehearseUp(Shift):
    """One unit of weight on the new side: the first real connections, and something to take back."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """Name the step."""
        return "Rehearse up"


@dataclass(frozen=True, slots=True)
class RehearseBack(Shift):
    """That unit is taken back, timed: what a rollback of the weights will take. Slower than `limit` seconds halts."""

    limit: float = 0.0

    @property
    def title(self) -> str:
        """Name the step."""
        return "Rehearse back"

    def _restored(self, seen: Sighting) -> Decision:
        decision = Shift._restored(self, seen)
        took = elapsed(seen)
        if not isinstance(decision, Done):
            return decision
        if took <= self.limit:
            return Done(f"a rollback of the weights took {took:.1f} s; the plan allows {self.limit:g} s")
        return halt(
            "rehearse.slow",
            self.title,
            f"taking the weights back took {took:.1f} s",
            f"the plan allows {self.limit:g} s",
            "see what the balancer's API takes so long for, or allow more in traffic.rehearse; all traffic is on old",
        )

"""What was seen, as a frozen set of facets read by their type: `seen[Pools]`. An undeclared facet raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Action, Op, OpState, PodRef, Word
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.runs import Heading, Request, State
from migrator.domain.model.samples import Answers, Observed, Rate, Reading, Silence, Verdict
from migrator.domain.model.workload import Workload

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of a turn: wall time (aware UTC) for people, monotonic seconds for arithmetic."""

    wall: datetime
    monotonic: float


@dataclass(frozen=True, slots=True)
class RunPosition:
    """Where the run stands: its state, its heading and the title of its step (a facet)."""

    state: State
    heading: Heading
    step: Message


@dataclass(frozen=True, slots=True)
class Workloads:
    """Both sides' workloads (a facet)."""

    old: Workload
    new: Workload

    def of(self, side: Side) -> Workload:
        """Give one side's workload."""
        return self.old if side is Side.OLD else self.new


@dataclass(frozen=True, slots=True)
class Objects:
    """Other objects that steps change or remove, as they are now; an absent one is not in the mapping (a facet)."""

    found: Mapping[ObjectRef, Manifest]

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Give the object, or None when it does not exist."""
        return self.found.get(ref)


@dataclass(frozen=True, slots=True)
class PreflightResult:
    """The findings of the preflight checks (a facet); None while they still run."""

    findings: tuple[Finding, ...] | None


@dataclass(frozen=True, slots=True)
class Configs:
    """How the new gateways' configuration compares with the old ones' (a facet of the watch).

    `compared` holds the new gateways (pod names) that were compared and answered probes; `differences` readable lines
    per gateway, empty when equal; `unready` what still warms up; `at` the monotonic time of the comparison.
    """

    compared: tuple[str, ...] = ()
    differences: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unready: tuple[tuple[str, Message], ...] = ()
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Probes:
    """Whether each new backend answers our own probe (a facet of the watch): failure by `address:port`, None is good."""

    answers: tuple[tuple[str, Message | None], ...] = ()
    at: float = 0.0

    def failure(self, backend: Backend) -> Message | None:
        """Say why the backend is not known to answer: it failed its probe, or was not probed yet. None: it answered."""
        return dict(self.answers).get(f"{backend.address}:{backend.port}", say("probe.none-yet"))


@dataclass(frozen=True, slots=True)
class ConnectionCounts:
    """The newest reading of every gateway and the words of those that could not be read (a facet of the watch)."""

    readings: tuple[Reading, ...] = ()
    silent: tuple[Silence, ...] = ()
    at: float = 0.0

    def uncounted(self, pods: tuple[PodRef, ...]) -> tuple[PodRef, ...]:
        """Give the pods that nobody has tried to count yet: neither read nor found silent."""
        tried = {reading.gateway for reading in self.readings} | {name for name, _ in self.silent}
        return tuple(pod for pod in pods if pod.ip and pod.name not in tried)

    def connections(self, pods: tuple[PodRef, ...]) -> int | None:
        """Give the live connections of these pods together; None when any is unknown. Without an address there are none."""
        by_gateway = {reading.gateway: reading.connections for reading in self.readings}
        found = [by_gateway.get(pod.name) for pod in pods if pod.ip]
        return None if any(count is None for count in found) else sum(count for count in found if count is not None)


@dataclass(frozen=True, slots=True)
class GatewaySignals:
    """What each gateway has been told, as its own state shows, by pod uid; one that cannot say is absent (a facet)."""

    words: tuple[tuple[str, Word], ...] = ()

    def word(self, pod: PodRef) -> Word | None:
        """Give the word the pod acts on, or None when it cannot say."""
        return dict(self.words).get(pod.uid)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """New connections through the balancer's own address (a facet of the watch), tallied by answering side.

    `refusals` is how many of the newest tries in a row were refused or reset; `observed` the new side's percent of the
    answered ones in the newest window.
    """

    tries: int = 0
    old: int = 0
    new: int = 0
    failed: int = 0
    refusals: int = 0
    observed: float | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judge's newest verdict, the old side's last valid window (the baseline at 100 %), and the observed share.

    `observed` counts the new connections since the weights were last changed and have settled; `second` tallies the
    second opinion's answers to this process (a facet of the watch).
    """

    verdict: Verdict | None = None
    baseline: Rate = Rate()
    observed: Observed | None = None
    second: Answers = Answers()


@dataclass(frozen=True, slots=True)
class OpenWrite:
    """A journaled write that no later look has settled: `op` None means it may or may not have been sent."""

    entry: int
    action: Action
    op: Op | None
    state: OpState | None
    intended_at: datetime


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """What the journal says (a facet): what each backend may weigh, what is open, how long this step was watched.

    `weights` gives per backend the values this run accounts for: the last settled one first (the plan's at the start),
    then those of later intents that are open or failed (a failed batch may have been applied in part). A backend that
    this run has deregistered is absent. `written_at` says when a backend's weight was last read back. `soaked` is the
    sum of passing seconds at the current step and `requests` the judged new-side requests in them; `entered_at` when the
    step began; `settled_at` when the step's last write was read back; `failures` how many writes of this step failed
    since one settled; `approved` whether a person has said yes to this step, `consents` the sides whose last connections
    a person has allowed to cut; `held_for` and `blind_for` how many seconds in a row (watched) the judge has been over the hold
    limit, or without data.
    """

    weights: Mapping[Backend, tuple[int, ...]] = field(default_factory=dict)
    open: OpenWrite | None = None
    soaked: float = 0.0
    requests: int = 0
    entered_at: datetime | None = None
    settled_at: datetime | None = None
    failures: int = 0
    approved: bool = False
    approved_by: str = ""
    consents: tuple[Side, ...] = ()
    held_for: float = 0.0
    blind_for: float = 0.0
    written_at: Mapping[Backend, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requests:
    """What people ask of the run right now, oldest first (a facet)."""

    pending: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """What could not be looked at this turn, and why, by the facet; the last known facet stands in."""

    reasons: tuple[tuple[type[object], Message], ...] = ()

    def __contains__(self, facet: type[object]) -> bool:
        """Return whether this facet could not be looked at."""
        return any(kind is facet for kind, _ in self.reasons)


class Sighting:
    """A frozen set of facets by type. `seen[Pools]` gives the Pools that were seen."""

    __slots__ = ("_facets",)

    def __init__(self, *facets: object) -> None:
        self._facets = {type(facet): facet for facet in facets}

    def __getitem__(self, kind: type[F]) -> F:
        """Give the facet of this type; LookupError when the step did not declare that it needs it."""
        if kind not in self._facets:
            raise LookupError(f"{kind.__name__} was not looked at; declare it in the step's needs")
        return cast(F, self._facets[kind])

    def __contains__(self, kind: type[object]) -> bool:
        return kind in self._facets

    def having(self, facet: object) -> Sighting:
        """Return the same sighting with this facet in the place of the one of its type."""
        return Sighting(*self._facets.values(), facet)

    def only(self, needs: frozenset[type[object]]) -> Sighting:
        """Give the same sighting with these facets alone."""
        return Sighting(*(facet for kind, facet in self._facets.items() if kind in needs))

"""What was seen, as a frozen set of facets read by their type: `seen[Pools]`. An undeclared facet raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import TypeVar, cast

from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Action, Op, OpState, PodRef, Word
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.runs import Heading, Request, State
from migrator.domain.model.samples import Answers, Observed, Rate, Reading, Silence, Verdict
from migrator.domain.model.workload import Workload
from migrator.domain.observation.shown import Served
from migrator.domain.observation.sides import Rehearsed

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of a turn: wall time (aware UTC) for people, monotonic seconds for arithmetic."""

    wall: datetime
    monotonic: float


@dataclass(frozen=True, slots=True)
class RunPosition:
    """Where the run stands: its state, heading, step's title, and why it rests or what it asks; its number and its plan's
    digest; since when it rests, and who began it, as `user@host` (a facet)."""

    state: State
    heading: Heading
    step: Message
    why: Message | None = None
    run: int = 0
    plan: str = ""
    since: datetime | None = None
    starter: str = ""


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

    `compared` holds the new gateways (pod names) that were compared; `differences` lines per gateway that differs;
    `unready` what still warms up, on gateways of either side; `at` the monotonic time of the newest answer. `allowed` has
    the lines that the plan allows, `reference` the old gateway that was the model ("": none is settled), `apart` the lines
    of old gateways that are not like it, `common` what all old gateways have unsettled alike, `unmet` the places that the
    plan allows and nothing differed at.
    """

    compared: tuple[str, ...] = ()
    differences: tuple[tuple[str, tuple[Message | str, ...]], ...] = ()
    unready: tuple[tuple[str, Message], ...] = ()
    at: float = 0.0
    allowed: tuple[tuple[str, tuple[Message, ...]], ...] = ()
    reference: str = ""
    apart: tuple[tuple[str, tuple[Message, ...]], ...] = ()
    common: tuple[Message, ...] = ()
    unmet: tuple[str, ...] = ()


NOT_PROBED = say("probe.none-yet")


@dataclass(frozen=True, slots=True)
class Probes:
    """Whether each new backend answers our own probe (a facet of the watch): failure by `address:port`, None is good."""

    answers: tuple[tuple[str, Message | None], ...] = ()
    at: float = 0.0
    _known: Mapping[str, Message | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Know the answers by address: each backend is asked about several times a turn."""
        object.__setattr__(self, "_known", dict(self.answers))

    def failure(self, backend: Backend) -> Message | None:
        """Say why the backend is not known to answer: it failed its probe, or was not probed yet. None: it answered."""
        return self._known.get(f"{backend.address}:{backend.port}", NOT_PROBED)


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

    `refusals` is how many of the newest tries in a row were refused or reset; `at` is when (monotonic) the newest try began.
    `observed` is nobody's any more: older versions stored it with what a process saw last.
    """

    tries: int = 0
    old: int = 0
    new: int = 0
    failed: int = 0
    refusals: int = 0
    observed: float | None = None
    last_error: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judge's newest verdict, the old side's last valid window (the baseline at 100 %), and the observed share.

    `observed` counts new connections `since` the weights stand; `second` tallies the second opinion's answers to this process
    (a facet of the watch); `at` is when (monotonic) this was ruled; `served` is what people are shown of single gateways.
    """

    verdict: Verdict | None = None
    baseline: Rate = Rate()
    observed: Observed | None = None
    second: Answers = Answers()
    at: float = 0.0
    since: float = inf
    served: Served = Served()


@dataclass(frozen=True, slots=True)
class OpenWrite:
    """A journaled write that no later look has settled: `op` None means it may or may not have been sent."""

    entry: int
    action: Action
    op: Op | None
    state: OpState | None
    intended_at: datetime


@dataclass(frozen=True, slots=True)
class Patched:
    """One patch of an object that is not ours: how often the server took it, and when this run heard of it last."""

    times: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """What the journal says (a facet): what each backend may weigh, what is open, how long this step was watched.

    `weights` gives per backend the values this run accounts for: the last settled one first (the plan's at the start), then
    those of later intents that are open or failed (a failed batch may have been applied in part). A backend that this run has
    deregistered is absent. `written_at` says when a weight, or a removal, was last read back. `soaked` is passing seconds
    at the current step and `requests` the judged new-side requests in them; `entered_at` when the step began; `settled_at` when
    the step's last write was read back; `failures` how many writes of this step failed since one settled; `answered` are the
    questions (codes) of this step that a person has said yes to, `approved` whether somebody said yes to the step without
    naming a question, as older versions did; `consents` the sides whose last connections a person has allowed to cut;
    `held_for` and `blind_for` how many seconds in a row (watched) the judge has been over the hold limit, or without data.
    `late` has, per backend, weights of writes that were never answered and may arrive yet, with their row: others were read
    back since. `unseen` are the times (from, to) of this step in which something could not be looked at; no deadline runs
    meanwhile. `dark`: the same on either way. `bar` is the part of the old side that a person has said is enough of a way back
    for this run. `removed` has the backends that this run has taken off the balancer on its way forward, each with its step;
    `rehearsed` is what the rehearsal of the way back came to, `deleted` the uids of the objects that this run has deleted.
    `patches` has every patch of the whole run by object and name (see `drift/contested.py`). `live` is what a person has set
    for the rest of the run, in seconds by its key.
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
    late: Mapping[Backend, Mapping[int, int]] = field(default_factory=dict)
    unseen: tuple[tuple[datetime, datetime], ...] = ()
    dark: tuple[tuple[datetime, datetime], ...] = ()
    bar: float = 1.0
    removed: Mapping[Backend, int] = field(default_factory=dict)
    rehearsed: Rehearsed | None = None
    deleted: frozenset[str] = frozenset()
    patches: Mapping[ObjectRef, Mapping[str, Patched]] = field(default_factory=dict)
    answered: tuple[str, ...] = ()
    live: Mapping[str, float] = field(default_factory=dict)

    def said_yes(self, question: str) -> bool:
        """Say whether a person has said yes to this question (its code) at this step; a yes to another one is no answer."""
        return self.approved or question in self.answered


@dataclass(frozen=True, slots=True)
class Requests:
    """What people ask of the run right now, oldest first (a facet)."""

    pending: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """What could not be looked at this turn, and why, by the facet; the last known facet stands in.

    `denied` has those of which somebody said that we may not look: nobody waits that out, a person logs in again.
    """

    reasons: tuple[tuple[type[object], Message], ...] = ()
    denied: frozenset[type[object]] = frozenset()

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

"""What the operator wants, as frozen values: the plan file after every word in it was understood.

Durations are seconds, rates are fractions (0.01 is one percent), shares are percent of new connections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from migrator.domain.messages.findings import Waiver
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.model.balancer import ProbeWay, Side
from migrator.domain.model.change import Hand
from migrator.domain.model.side.gateway import GatewaySpec
from migrator.domain.model.spec.breach import OnBreach
from migrator.domain.model.spec.evidence import EvidenceSpec
from migrator.domain.model.spec.gates import GatesSpec, LiveRange
from migrator.domain.model.spec.hooks import HookSpec
from migrator.domain.model.spec.judging import JudgeSpec
from migrator.domain.model.spec.silence import SilenceSpec
from migrator.domain.model.spec.telling import ChannelSpec
from migrator.domain.model.target import Derived, TargetSpec


class Strategy(StrEnum):
    """Canary takes several shares; blue-green is the same route with the one share 100; in-place is refused."""

    CANARY = "canary"
    BLUE_GREEN = "blue-green"
    IN_PLACE = "in-place"


class OnTimeout(StrEnum):
    """At a drain's deadline: wait for a person, or cut what is left and count it."""

    HOLD = "hold"
    CUT = "cut"


class Approval(StrEnum):
    """Whether a person must say yes before the old side is removed."""

    MANUAL = "manual"
    AUTO = "auto"


class Cordoned(StrEnum):
    """What a follower does with a node that is cordoned and no more: its traffic stays, or it is drained."""

    KEEP = "keep"
    DRAIN = "drain"


class After(StrEnum):
    """Who registers a new node and drains a leaving one once the run is over."""

    CONTROLLER = "controller"
    MIGRATOR = "migrator"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    """Which cluster: a kubeconfig (None: the usual places), its context (None: the current one), a namespace."""

    namespace: str
    context: str | None = None
    kubeconfig: str | None = None


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """The workload that serves today; `namespace` "": the plan's own."""

    kind: str
    name: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class ListenerSpec:
    """A listener of the balancer: the provider's id and the port that clients dial.

    `backend_port` is the old side's port behind it; 0 means: found from the backends that are registered. `layer` 7: one
    forwarding rule of a listener that speaks HTTP, where weights steer requests; else they steer connections. `probe`: how our
    own requests ask its backends.
    """

    id: str
    port: int
    backend_port: int = 0
    layer: int = 4
    probe: ProbeWay = ProbeWay.AUTO


@dataclass(frozen=True, slots=True)
class BalancerSpec:
    """Which balancer; `options` belong to the provider's driver. `address` is what clients dial (for the witness)."""

    provider: str
    id: str
    listeners: tuple[ListenerSpec, ...]
    region: str = ""
    endpoint: str | None = None
    address: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def steers_requests(self) -> bool:
        """Say whether weights steer requests on every listener, so that a share is to be counted in them."""
        return all(listener.layer == 7 for listener in self.listeners)


@dataclass(frozen=True, slots=True)
class TrafficSpec:
    """The climb: shares in percent, watched seconds at each, the most of them, and how many requests must be seen."""

    shares: tuple[float, ...] = (10.0, 50.0, 90.0, 100.0)
    soak: float = 600.0
    max_soak: float = 1800.0
    min_requests: int = 200
    rehearse: float | None = None
    settle: float = 60.0


@dataclass(frozen=True, slots=True)
class DrainSpec:
    """How long a side may take to empty itself, and what then."""

    timeout: float = 300.0
    on_timeout: OnTimeout = OnTimeout.HOLD


@dataclass(frozen=True, slots=True)
class CleanupSpec:
    """How long the old side is kept at 100 %, whether a person must agree to its removal, and what a person does with its
    owner where a controller makes it."""

    approval: Approval = Approval.MANUAL
    keep_old: float = 3600.0
    hand_over: Hand = Hand.DELETE


@dataclass(frozen=True, slots=True)
class GuardSpec:
    """Services of the old pods through which no client comes, by name: which Guard leaves as they are, which it narrows."""

    leave: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowSpec:
    """How nodes are looked after once the run is over (`after: migrator`); `not_ready` is patience in seconds, `max_zeroed`
    the part of the weight that gateways may lose at a time for not being Ready.
    """

    cordoned: Cordoned = Cordoned.KEEP
    not_ready: float = 30.0
    max_zeroed: float = 0.1


@dataclass(frozen=True, slots=True)
class DeadlineSpec:
    """Seconds that pods may take to be Ready, configuration to converge, and the balancer to call a backend healthy."""

    ready: float = 300.0
    config: float = 120.0
    healthy: float = 120.0


SECTIONS = ("listener", "route", "cluster", "endpoints", "secret", "ecds", "scoped", "bootstrap", "process")
"""What the place of a difference can begin with: the section of the configuration."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a difference is allowed: its place as a difference names it, or the beginning of one; `*` stands for anything."""

    place: str
    reason: str

    def covers(self, place: str) -> bool:
        """Say whether a difference at this place is allowed: at the place itself, or inside it."""
        words = ".*".join(re.escape(part) for part in self.place.split("*"))
        return re.match(rf"{words}(?=$|[ .\[])", place, re.DOTALL) is not None

    @property
    def known(self) -> bool:
        """Say whether the place begins with a section that configurations have."""
        section = self.place.partition("/")[0]
        return section in SECTIONS or "*" in section


def allowance(place: str, allowed: Iterable[Allowance]) -> Allowance | None:
    """Give the first allowance that covers a place."""
    return next((each for each in allowed if each.covers(place)), None)


@dataclass(frozen=True, slots=True)
class ParitySpec:
    """How the two sides' configurations are compared: which differences are allowed, and why."""

    allow: tuple[Allowance, ...] = ()


@dataclass(frozen=True, slots=True)
class WayBackSpec:
    """How much of the old side must be fit to take everything back before the new side gets more: `least` is a fraction of
    its recorded weight, `patience` the seconds of waiting after which a person is asked."""

    least: float = 1.0
    patience: float = 120.0


@dataclass(frozen=True, slots=True)
class Spec:
    """The whole of what the operator asked for. `after` None: the plan does not say who looks after the nodes.

    `cluster` is the gateway's home; `second` (None: there is none) that of the other side, which names its context.
    `answers` None: both sides are not asked the same questions; so it is in plans that were saved before this was possible.
    So it is with `events`: whether the run's moments become Events of both workloads.
    """

    name: str
    cluster: ClusterSpec
    source: SourceSpec
    target: TargetSpec
    gateway: GatewaySpec
    balancer: BalancerSpec
    strategy: Strategy = Strategy.CANARY
    traffic: TrafficSpec = TrafficSpec()
    judge: JudgeSpec = JudgeSpec()
    drain: DrainSpec = DrainSpec()
    cleanup: CleanupSpec = CleanupSpec()
    deadlines: DeadlineSpec = DeadlineSpec()
    waivers: tuple[Waiver, ...] = ()
    after: After | None = None
    follow: FollowSpec = FollowSpec()
    answers: AnswersSpec | None = None
    parity: ParitySpec = ParitySpec()
    guard: GuardSpec = GuardSpec()
    way_back: WayBackSpec = WayBackSpec()
    notify: tuple[ChannelSpec, ...] = ()
    events: bool = False
    gates: GatesSpec = GatesSpec()
    live: tuple[LiveRange, ...] = ()
    hooks: tuple[HookSpec, ...] = ()
    on_silence: SilenceSpec = SilenceSpec()
    second: ClusterSpec | None = None
    evidence: EvidenceSpec = EvidenceSpec()
    on_breach: OnBreach = OnBreach.REMOVE

    def gateway_of(self, side: Side) -> GatewaySpec:
        """Give what a side's gateways are; the new side's are as the old ones unless its target says otherwise."""
        return self.gateway if side is Side.OLD else self.target.gateway or self.gateway

    def settled(self) -> Spec:
        """Give the spec of what stands when the run is over: there is one product, the new side's."""
        if isinstance(self.target, Derived) or self.target.gateway is None:
            return self
        return replace(self, gateway=self.target.gateway, target=replace(self.target, gateway=None))

    def least(self, key: str, planned: float) -> float:
        """Give the shortest that a length of the plan may become, by what may be set while the run goes on."""
        return min((planned, *(row.least for row in self.live if row.key == key)))

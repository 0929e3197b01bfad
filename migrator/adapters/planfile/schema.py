"""The plan file as pydantic models: every key, its type, its range and its default. Strict; an unknown key is a fault."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Field, field_validator, model_validator

from migrator.adapters.planfile.answers_schema import Answers
from migrator.adapters.planfile.judging import Judge
from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.target.clusters import Cluster, SideCluster, require_two
from migrator.adapters.planfile.target.schema import Target
from migrator.adapters.planfile.values import (
    ChannelName,
    DnsName,
    Duration,
    GatewayKind,
    HttpPath,
    Percent,
    Port,
    Share,
    Strict,
    Url,
    Word,
    usual,
)
from migrator.adapters.planfile.waiting.gates import Gates, Live
from migrator.adapters.planfile.waiting.hooks import Hook, distinct
from migrator.adapters.planfile.waiting.silence import OnSilence
from migrator.domain.messages.message import say

Moment: TypeAlias = Literal["began", "share", "waits", "held", "turned-back", "halted", "unwatched", "ended"]


class Metadata(Strict):
    """The run's name."""

    name: DnsName


class Source(Strict):
    """The workload that serves today."""

    kind: Literal["Deployment", "DaemonSet"]
    namespace: DnsName | None = None
    name: DnsName
    cluster: SideCluster | None = None


class Gateway(Strict):
    """Which process answers, and how to ask it."""

    kind: GatewayKind
    admin_port: Port = Field(15000, alias="adminPort")
    container: str = ""
    probe_host: str = Field("", alias="probeHost")
    probe_path: HttpPath = Field("/", alias="probePath")
    name_header: Word = Field("x-gateway", alias="nameHeader")


class Listener(Strict):
    """A listener of the balancer: its id, the port that clients dial, the old side's port behind it (else found), and how our
    own requests ask its backends (else as an old one answers)."""

    id: Word
    port: Port
    backend_port: Annotated[int, Field(ge=0, le=65535)] = Field(0, alias="backendPort")
    probe: Literal["auto", "http", "https", "http+proxy", "https+proxy", "tcp", "none"] = "auto"


class LoadBalancer(Strict):
    """Which balancer, and which of its listeners."""

    provider: Word
    id: Word
    region: str = ""
    endpoint: Url | None = None
    address: Word | None = None
    listeners: list[Listener] = Field(min_length=1, max_length=50)
    options: dict[str, str] = Field(default_factory=dict)

    @field_validator("listeners")
    @classmethod
    def distinct(cls, listeners: list[Listener]) -> list[Listener]:
        """Refuse the same listener twice."""
        if len({listener.id for listener in listeners}) != len(listeners):
            raise RuleBroken(say("rule.listeners-distinct"))
        return listeners


class Traffic(Strict):
    """The climb."""

    shares: list[Share] = Field(default_factory=lambda: [10.0, 50.0, 90.0, 100.0], min_length=1, max_length=100)
    soak: Duration = usual("10m")
    max_soak: Duration = usual("30m", alias="maxSoak")
    min_requests: Annotated[int, Field(ge=0)] = Field(200, alias="minRequests")
    settle: Duration = usual("1m")
    rehearse: Duration | None = None

    @field_validator("shares", mode="before")
    @classmethod
    def numbers(cls, shares: object) -> object:
        """Take whole numbers as shares too."""
        if isinstance(shares, list):
            return [float(s) if isinstance(s, int) and not isinstance(s, bool) else s for s in shares]
        return shares

    @field_validator("shares")
    @classmethod
    def rising(cls, shares: list[float]) -> list[float]:
        """Refuse a climb that falls, stands still or does not end at 100."""
        if any(later <= earlier for earlier, later in pairwise(shares)):
            raise RuleBroken(say("rule.shares-rise"))
        if shares and shares[-1] != 100:
            raise RuleBroken(say("rule.last-share"))
        return shares

    @model_validator(mode="after")
    def soak_fits(self) -> Traffic:
        """Refuse a soak longer than the longest allowed."""
        if self.soak > self.max_soak:
            raise RuleBroken(say("rule.max-soak"))
        return self


class Drain(Strict):
    """How long a side may take to empty itself, and what then: `hold` asks a person, `cut` cuts and counts."""

    timeout: Duration = usual("5m")
    on_timeout: Literal["hold", "cut"] = Field("hold", alias="onTimeout")


class Cleanup(Strict):
    """How the old side goes: `manual` asks a person, `auto` needs keepOld of 10m or a waiver."""

    approval: Literal["manual", "auto"] = "manual"
    keep_old: Duration = usual("1h", alias="keepOld")
    hand_over: Literal["delete", "scale"] = Field("delete", alias="handOver")


class Deadlines(Strict):
    """How long things may take before the run halts."""

    ready: Duration = usual("5m")
    config: Duration = usual("2m")
    healthy: Duration = usual("2m")


class Follow(Strict):
    """How `migrator follow` looks after nodes (`after: migrator`)."""

    cordoned: Literal["keep", "drain"] = "keep"
    not_ready: Duration = usual("30s", alias="notReady")
    max_zeroed: Percent = usual("10%", alias="maxZeroed")


class WayBack(Strict):
    """How much of the old side must be fit to take everything back before the new side is given more."""

    least: Percent = usual("100%")
    patience: Duration = usual("2m")


class Guard(Strict):
    """Services of the old pods through which no client comes: which are left as they are, which are narrowed."""

    leave: list[Word] = Field(default_factory=list)
    narrow: list[Word] = Field(default_factory=list)


class Channel(Strict):
    """A channel that is told of a run, by name; its address is in the environment."""

    name: ChannelName
    moments: list[Moment] = Field(default_factory=lambda: list(get_args(Moment)), min_length=1)


class Waive(Strict):
    """A finding's code that is accepted, and why."""

    code: Word
    reason: Word


class Allow(Strict):
    """A place in the gateways' configuration where the sides may differ, and why; `*` in it stands for anything."""

    place: Word
    reason: Word


class Parity(Strict):
    """How the two sides' configurations are compared."""

    allow: list[Allow] = Field(default_factory=list)


class Controller(Strict):
    """Where the pods of the gateways' controller are."""

    namespace: DnsName
    labels: Annotated[dict[str, str], Field(min_length=1)]


class Evidence(Strict):
    """What is kept of the old side before it is removed, and how far back logs are read for warnings."""

    logs: Annotated[Duration, Field(le=3600)] | None = None
    warnings: Annotated[Duration, Field(le=3600)] | None = None
    controller: Controller | None = None


class PlanSpec(Strict):
    """What is wanted."""

    strategy: Literal["canary", "blue-green", "in-place"] = "canary"
    acknowledge: Literal["loses-requests"] | None = None
    cluster: Cluster
    source: Source
    target: Target
    gateway: Gateway
    load_balancer: LoadBalancer = Field(alias="loadBalancer")
    traffic: Traffic = Field(default_factory=lambda: Traffic.model_validate({}))
    judge: Judge = Field(default_factory=lambda: Judge.model_validate({}))
    drain: Drain = Field(default_factory=lambda: Drain.model_validate({}))
    cleanup: Cleanup = Field(default_factory=lambda: Cleanup.model_validate({}))
    deadlines: Deadlines = Field(default_factory=lambda: Deadlines.model_validate({}))
    waive: list[Waive] = Field(default_factory=list)
    after: Literal["controller", "migrator", "manual"] | None = None
    follow: Follow = Field(default_factory=lambda: Follow.model_validate({}))
    answers: Answers | None = Field(default_factory=lambda: Answers.model_validate({}))
    parity: Parity = Field(default_factory=lambda: Parity.model_validate({}))
    guard: Guard = Field(default_factory=Guard)
    way_back: WayBack = Field(default_factory=lambda: WayBack.model_validate({}), alias="wayBack")
    notify: list[Channel] = Field(default_factory=list, max_length=8)
    events: bool = True
    gates: Gates = Field(default_factory=lambda: Gates.model_validate({}))
    live: Live = Field(default_factory=lambda: Live.model_validate({}))
    on_silence: OnSilence = Field(default_factory=lambda: OnSilence.model_validate({}), alias="onSilence")
    on_breach: Literal["remove", "isolate"] = Field("remove", alias="onBreach")
    evidence: Evidence = Field(default_factory=lambda: Evidence.model_validate({}))
    hooks: Annotated[list[Hook], AfterValidator(distinct)] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def holds_at_its_shares(self) -> PlanSpec:
        """Refuse to hold at a share that the climb does not have: the run would never wait there."""
        climb = [100.0] if self.strategy == "blue-green" else self.traffic.shares
        if strange := [share for share in self.gates.hold if share not in climb]:
            raise RuleBroken(say("rule.hold-share", share=strange[0], shares=tuple(climb)))
        return self

    @model_validator(mode="after")
    def of_one_make(self) -> PlanSpec:
        """Refuse a Deployment that is made from a DaemonSet: its pods were made for their nodes."""
        if self.source.kind == "DaemonSet" and self.target.kind == "Deployment":
            raise RuleBroken(say("rule.daemonset-to-deployment"))
        return self

    @model_validator(mode="after")
    def in_clusters_of_their_own(self) -> PlanSpec:
        """Refuse clusters of the sides that are said twice, by half, or are one."""
        require_two(self.cluster, self.source.cluster, self.target.cluster, self.target.existing is not None)
        return self

    @field_validator("notify")
    @classmethod
    def channels_distinct(cls, notify: list[Channel]) -> list[Channel]:
        """Refuse the same channel twice: each has one address and one place in the journal."""
        if len({channel.name for channel in notify}) != len(notify):
            raise RuleBroken(say("rule.channels-distinct"))
        return notify


class PlanFile(Strict):
    """A plan file."""

    api_version: Literal["migrator/v1"] = Field(alias="apiVersion")
    kind: Literal["Migration"]
    metadata: Metadata
    spec: PlanSpec

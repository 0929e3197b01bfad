"""What the domain asks of the outside, in its own words, split into readers and writers.

A dry run holds readers only. Every method raises `Unreachable` (wait, ask again; after a write: perhaps done) or
`Refused` (halt), and nothing else. Writers ask once and wait for nothing: no sleep, no retry, at most 10 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.trial import Place
from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import (
    ApplyObject,
    DeleteObject,
    Op,
    PatchObject,
    PodRef,
    Tell,
    Word,
)
from migrator.domain.model.answers import Question, Route
from migrator.domain.model.balancer import ProbeWay, Side
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.model.workload import Workload
from migrator.domain.observation.logins import Login
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.parity import Compared, Parity, Reference
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter
from migrator.domain.ports.logs import LogReader
from migrator.domain.ports.rates import JudgePort, RateSource


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Give the wall time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds that only ever grow."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


Keep: TypeAlias = Callable[[Manifest], Manifest]


def whole(thing: Manifest) -> Manifest:
    """Keep an object as it is."""
    return thing


class ClusterReader(Protocol):
    """What the cluster says. Lists are complete; `list_objects` of a kind the server does not know is empty."""

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Give the object as it is, or None."""
        ...

    def list_objects(
        self, api_version: str, kind: str, namespace: str = "", selector: str = "", keep: Keep = whole
    ) -> list[Manifest]:
        """Give all objects of a kind, of one namespace or ("") of all; of each what `keep` makes of it as it arrives."""
        ...

    def kinds(self, group: str) -> tuple[str, ...]:
        """Give the kinds of an API group, of all its versions, in order; none when the server does not know the group."""
        ...

    def workload(self, ref: ObjectRef) -> Workload:
        """Give a Deployment or DaemonSet with the pods its controller owns and what troubles them."""
        ...

    def nodes(self, selector: Sequence[tuple[str, str]]) -> tuple[Node, ...]:
        """Give the nodes with these labels and their InternalIP, by name."""
        ...

    def hosts(self, selector: Sequence[tuple[str, str]]) -> tuple[Host, ...]:
        """Give the nodes with these labels as they are now, by name: ready, cordoned, about to go."""
        ...

    def allowed(self, verb: str, api_version: str, kind: str, namespace: str) -> bool:
        """Ask the server whether we may (SelfSubjectAccessReview). `kind` may be `pods/portforward`."""
        ...

    def dry_run(self, manifest: Manifest) -> Message | None:
        """Server-side dry-run of an apply: None when it would be admitted, else why not."""
        ...

    def previewed(self, ref: ObjectRef, patch: Manifest) -> Manifest:
        """Give the object as it would be after a strategic merge patch, with the server's defaults; nothing changes."""
        ...

    def exposed(self) -> Message | None:
        """Say how what we send to the server lies open to others; None: it does not. Nobody is asked for it."""
        ...

    def version(self) -> str:
        """Give the server's version; the cheapest proof that it is there and knows us."""
        ...


class ClusterWriter(Protocol):
    """Changes of the cluster, each a single API call."""

    def apply(self, action: ApplyObject) -> Op:
        """Server-side apply as field manager `migrator`."""
        ...

    def patch(self, action: PatchObject) -> Op:
        """Merge-patch with a uid precondition."""
        ...

    def delete(self, action: DeleteObject) -> Op:
        """Delete with a uid precondition (background); gone already is fine."""
        ...


class GatewayReader(Protocol):
    """What the gateways say of themselves. Each pod is asked on its own; several threads may ask at once."""

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give a reading per gateway that answered, and (pod name, why) for those that did not."""
        ...

    def told(self, side: Side, pods: Sequence[PodRef]) -> list[tuple[str, Word]]:
        """Give (pod uid, word) for the gateways whose state shows what they have been told."""
        ...

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Fetch, canonicalise (ports mapped to the new side's, identity replaced) and hash one configuration."""
        ...

    def reference(self, pod: PodRef, side: Side) -> Reference:
        """Do the same for the gateway with which others shall be compared."""
        ...

    def compare(
        self, reference: Reference, pods: Sequence[tuple[PodRef, Side]]
    ) -> Iterator[tuple[PodRef, Compared | MigratorError]]:
        """Compare each with the reference, several at once; give each as it comes, or the error it met."""
        ...


class GatewayWriter(Protocol):
    """The reversible signal, pod by pod."""

    def tell(self, action: Tell) -> Op:
        """Tell each pod; a pod that is gone is fine. Unreachable when any could not be told."""
        ...


class Prober(Protocol):
    """Our own requests, straight to a backend."""

    def probe(self, address: str, port: int, host: str, path: str, way: ProbeWay = ProbeWay.AUTO) -> Message | None:
        """Send one request on a new connection: None when it was fully answered below 500, else why not.

        With AUTO the port's number tells whether in TLS. By TCP a connection is enough; by NONE nobody is asked.
        """
        ...


@dataclass(frozen=True, slots=True)
class Witness:
    """One try through the balancer's address: the source address we dialled from is of no interest, the answer is.

    `error` is "" when fully answered; `gateway` is what the answer said of its sender ("" when it said nothing); `peer` the
    address that the connection was made to, as the client sees it.
    """

    error: str
    gateway: str
    status: int = 0
    peer: str = ""


class AnswerPort(Protocol):
    """Our own questions to single gateways of both sides, for comparing the answers."""

    def ask(self, question: Question, place: Place) -> Answer:
        """Put one question on a new connection, in bounded time. Raises nothing: a failure is an answer."""
        ...


@runtime_checkable
class KnowsRoutes(Protocol):
    """What a GatewayReader may say besides: which sites and paths a gateway has routes for. One that cannot lacks it."""

    def routes(self, pod: PodRef) -> tuple[Route, ...]:
        """Give the routes of one gateway, at most so many as can be asked."""
        ...


@runtime_checkable
class KnowsFlush(Protocol):
    """What a GatewayReader may say besides: how often a gateway merges what it timed. One that cannot lacks it."""

    def flush(self, pod: PodRef) -> float | None:
        """Give the seconds between two merges; None: by no clock."""
        ...


@runtime_checkable
class KnowsVersions(Protocol):
    """What a GatewayReader may say besides: which versions of its configuration a gateway has. One that cannot lacks it."""

    def versions(self, pods: Sequence[PodRef]) -> list[tuple[PodRef, str | MigratorError]]:
        """Give a text for each gateway that is another one once its configuration is, or the error it met. Cheap."""
        ...


@runtime_checkable
class KnowsLogin(Protocol):
    """What a reader of the cluster or of a balancer may say besides: how long what we hold is good for. Others lack it."""

    def login(self) -> Login | None:
        """Say what is known by now (None: nothing). Nobody is asked for it."""
        ...


def logins(*systems: object) -> tuple[Login, ...]:
    """Give the logins that these readers know of."""
    found = (system.login() for system in systems if isinstance(system, KnowsLogin))
    return tuple(login for login in found if login is not None)


class WitnessPort(Protocol):
    """New connections through the balancer's own address."""

    def try_once(self) -> Witness:
        """Open a new connection, ask once, close."""
        ...


class ClusterLease(Protocol):
    """The cluster's Lease: guards against another store. Held by identity; renewed by the heartbeat."""

    def acquire(self, holder: str, seconds: int, over: Callable[[str], bool] | None = None, anew: bool = True) -> None:
        """Take or keep it; LeaseHeld names the other holder: one who still has it, or whom `over` says not to follow.

        `over` None: a Lease that has run out is anybody's. Unless `anew`, one that is not there stays so: LeaseHeld.
        """
        ...

    def release(self, holder: str) -> None:
        """Give it back when it is ours."""
        ...


@dataclass(frozen=True, slots=True)
class Readers:
    """Every read port of a run."""

    balancer: BalancerReader
    cluster: ClusterReader
    gateways: GatewayReader
    prober: Prober
    witness: WitnessPort | None = None
    rates: RateSource | None = None
    answers: AnswerPort | None = None
    judges: JudgePort | None = None
    logs: LogReader | None = None


@dataclass(frozen=True, slots=True)
class Writers:
    """Every write port of a run; a dry run never holds one.

    `reserve` is the same balancer for the way back: it may also spend the writes that the way forward must leave over.
    """

    balancer: BalancerWriter
    cluster: ClusterWriter
    gateways: GatewayWriter
    reserve: BalancerWriter | None = None

    def on(self, heading: Heading) -> Writers:
        """Give the writers of a heading."""
        if heading is Heading.BACK and self.reserve is not None:
            return replace(self, balancer=self.reserve)
        return self

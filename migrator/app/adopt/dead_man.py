"""The guard of a run whose driver may fall silent: it listens to the cluster's Lease, and takes the run back when it is due.

It writes only towards the old side, from the run's record in the cluster, as `adopt` and `rollback` do. What it cannot see is
no silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.adapters.clusters.leasing import Leases
from migrator.app.adopt.adopting import adopt, looked, recorded
from migrator.app.one_run.in_progress import begun
from migrator.app.plan.precheck import require_credentials
from migrator.app.run.control import ask
from migrator.app.run.execution import wake
from migrator.app.wiring import Wired, who, wire
from migrator.domain.messages.errors import Denied, LeaseHeld, NotFound, Refused, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import mapping, text
from migrator.domain.model.refs import gateway_name, home, lease_ref
from migrator.domain.model.runs import Heading, RequestKind
from migrator.domain.model.spec import ClusterSpec, OnSilence
from migrator.domain.planning.survival.silence import Silence, left, listened

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.survival.place import Place
    from migrator.domain.ports.outside import ClusterReader, Readers
    from migrator.store import Store

EVERY = 5.0
"""Seconds between two looks at the Lease."""

MENDED_WITHIN = 60.0
"""Seconds for which a record may be read that is not whole: it is just being written or taken away, or somebody has edited it
and its own process writes it again."""

NOTE = "guard"
"""What the journal has beside the request, so that everybody sees who has asked."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a look came to. `due`: the run is to be taken back now. `over`: there is nothing to guard any more."""

    said: Message
    due: bool = False
    over: bool = False


class Guard:
    """Guards the run of one gateway (a workload of the namespace)."""

    def __init__(
        self,
        cluster: ClusterReader,
        where: ClusterSpec,
        gateway: str,
        clock: Callable[[], float],
        readers: Callable[[Spec], Readers] = lambda spec: wire(spec).readers,
    ) -> None:
        self._cluster, self._where, self._gateway, self._clock, self._readers = cluster, where, gateway, clock, readers
        self._silence: Silence | None = None
        self._eyes: Readers | None = None
        self._proved = False
        self._damaged_since: float | None = None

    def listen(self) -> Heard:
        """Look once; what nobody answers or lets us see is told as such.

        UsageError: the plan does not want its run taken back, or this guard could not do it. Refused: the record stays as
        nobody can read it.
        """
        try:
            place, plan = recorded(self._cluster, self._where, self._gateway)
            self._damaged_since = None
        except NotFound:
            return Heard(say("guard.no-record", namespace=self._where.namespace, gateway=self._gateway), over=True)
        except (Unreachable, Denied) as error:
            return blind(error)
        except Refused as error:
            return self._damaged(error)
        try:
            return self._heard(place, plan)
        except (Unreachable, Refused) as error:
            return blind(error)

    def _damaged(self, error: Refused) -> Heard:
        now = self._clock()
        self._damaged_since = now if self._damaged_since is None else self._damaged_since
        if now - self._damaged_since >= MENDED_WITHIN:
            raise error
        return blind(error)

    def _heard(self, place: Place, plan: Plan) -> Heard:
        if place.ended:
            return Heard(say("guard.ended", run=place.run, name=place.name), over=True)
        if not plan.journey().moves:
            raise UsageError(
                say(
                    "guard.restart", run=place.run, name=place.name, gateway=self._where.namespace + "/" + self._gateway
                )
            )
        if plan.spec.on_silence.then is OnSilence.HOLD:
            raise UsageError(say("guard.holds", run=place.run, name=place.name))
        eyes = self._opened(plan)
        found = self._cluster.get(lease_ref(plan.spec))
        spec = mapping(found, "spec") if found else {}
        pulse = f"{text(spec, 'holderIdentity')} {text(spec, 'renewTime')}"
        self._silence = listened(self._silence, pulse, self._clock())
        return self._told(place, plan, self._silence, eyes)

    def _opened(self, plan: Plan) -> Readers:
        """Give what is looked with, made at the first look and once: each has connections of its own. UsageError: there is
        nothing to ask the balancer with, which is better heard at the start than when it is needed."""
        self._eyes = self._eyes or self._readers(plan.spec)
        if not self._proved:
            try:
                require_credentials(self._eyes.balancer)
            except Refused as error:
                raise UsageError(error.message) from error
            self._proved = True
        return self._eyes

    def _told(self, place: Place, plan: Plan, silence: Silence, eyes: Readers) -> Heard:
        rest = left(plan.spec.on_silence, place.heading, silence)
        if rest:
            return Heard(say("guard.listens", run=place.run, name=place.name, driver=place.holder, left=rest))
        return self._due(place, plan, eyes)

    def _due(self, place: Place, plan: Plan, eyes: Readers) -> Heard:
        """Say whether there is anything to take back: traffic of the new side, or a way back that has begun."""
        try:
            pools, workloads, _ = looked(plan, eyes)
        finally:  # however long this takes, the Lease was heard for long enough, and its next reading tells of any sign
            self._silence = self._silence and replace(self._silence, read=self._clock())
        if workloads.old.uid != plan.seen.source_uid:
            return Heard(say("guard.no-way-back", run=place.run, name=place.name), over=True)
        weighted = any(row.weight for row in pools.of(Side.NEW))
        if not weighted and place.heading is Heading.FORWARD:
            return Heard(say("guard.nothing-at-stake", run=place.run, name=place.name))
        return Heard(say("guard.takes-back", run=place.run, name=place.name, driver=place.holder), due=True)


def wired(spec: Spec, store: Store) -> Wired:
    """Connect a plan's ports as a guard has them: of the Leases of two clusters the home's, which it listens to, decides."""
    ports = wire(spec, store)
    return replace(ports, lease=ports.lease.home_first) if isinstance(ports.lease, Leases) else ports


def take_back(store: Store, where: ClusterSpec, gateway: str) -> Run | Heard | None:
    """Take the run over into this store and ask it to go back; None: its driver is there again. Heard: it cannot be taken over
    now, and why; nothing was changed. A run that is in this store already, by a guard that was killed, goes on here."""
    if (own := _own(store, where, gateway)) is not None:
        return homeward(store, own)
    try:
        run, _ = adopt(store, where, gateway, wired)
    except (LeaseHeld, NotFound):  # or the run has ended meanwhile
        return None
    except (Unreachable, Refused) as error:
        return blind(error)
    return homeward(store, run)


def _own(store: Store, where: ClusterSpec, gateway: str) -> Run | None:
    """Give the run of the gateway that this store has and nobody carries out."""
    for run, plan, by in begun(store):
        mine = home(plan.spec).cluster == where and gateway_name(plan.spec) == gateway
        if mine and by is None and plan.journey().moves:
            return run
    return None


def homeward(store: Store, run: Run) -> Run:
    """Ask a run that was taken over to go back, or to go on with the way back that it is on."""
    if run.heading is Heading.BACK:
        wake(store, run, who())
    else:
        ask(store, str(run.id), RequestKind.ROLLBACK, NOTE)
    return store.run(run.id)


def blind(error: Unreachable | Refused) -> Heard:
    """Give what a look came to that could not be made."""
    return Heard(say("guard.blind", why=error.message))

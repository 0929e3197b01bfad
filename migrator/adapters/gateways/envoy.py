"""Gateways that are Envoys (Istio's, Envoy Gateway's, Contour's, plain ones), asked one by one by their admin port.

Before a gateway is removed only `healthcheck/fail` is ever sent: it accepts for ever, closes politely and can be taken
back; no variant of `drain_listeners` can.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import quote

from migrator.adapters.cluster.words import Missing
from migrator.adapters.gateways.admin import Admin
from migrator.adapters.gateways.comparison.comparing import parsed
from migrator.adapters.gateways.configurations import Configurations
from migrator.adapters.gateways.counters import ISTIO_TARGET, Counted, counted, counted_by_istio, stats_target
from migrator.adapters.gateways.fan_out import FanOut
from migrator.adapters.gateways.flush import flush_of
from migrator.adapters.gateways.routes import routes
from migrator.domain.gateways.profile import OwnListeners
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Op, PodRef, Tell, Word
from migrator.domain.model.answers import Route
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.parity import Compared, Parity, Reference
from migrator.domain.ports.outside import Clock

_ROUTES_SECONDS = 10.0
_TELL_SECONDS = 4.0
"""A write that the driver itself waits for: who could not be told by then is told in the next turn."""

_VERSION_SECONDS = 4.0
_UPDATES = (
    r"^(cluster_manager\.(cds\.(version|update_rejected)|warming_clusters)"
    r"|listener_manager\.(lds\.(version|update_rejected)|total_listeners_(active|warming))"
    r"|http\..*\.rds\..*\.(version|update_rejected))$"
)
VERSIONS = (
    "/stats?filter=" + quote(_UPDATES, safe=""),
    "/config_dump?resource=dynamic_route_configs&mask=version_info",  # Istio leaves the statistics of routes out
    "/config_dump?resource=dynamic_active_secrets&mask=version_info",
)
"""What a cheap look at a gateway's configuration asks for."""

_NAMED = 3
_TARGETS = {Word.GO: "/healthcheck/fail", Word.STAY: "/healthcheck/ok"}
_WORDS = {b"DRAINING": Word.GO, b"LIVE": Word.STAY}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reads:
    """What is wanted of the gateways: `own` listeners are left out; `over` seconds make a request slow (None: not asked);
    ports old -> new; whether Istio's own counter stands in where Envoy's are left out of the statistics; `allow`: which
    configuration may differ; `orders`: whether they can be told anything."""

    own: OwnListeners
    over: float | None
    ports: tuple[tuple[int, int], ...]
    own_counter: bool
    allow: tuple[Allowance, ...] = ()
    orders: bool = True


class EnvoyReader:
    """What Envoys say of themselves. Raises Unreachable or Refused for single-pod questions; crowds never raise."""

    def __init__(self, admin: Admin, wants: Reads, clock: Clock, fan_out: FanOut) -> None:
        self._admin, self._wants, self._clock, self._fan_out = admin, wants, clock, fan_out
        self._configurations = Configurations(admin, dict(wants.ports), wants.allow)
        self._first: dict[str, tuple[str, Counted]] = {}

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give a reading per gateway that answered, and (pod name, why) for those that did not."""
        answers = self._fan_out.sweep("readings", pods, lambda pod: self._reading(side, pod))
        silent: list[Silence] = [
            (pod.name, answer.message) for pod, answer in answers if isinstance(answer, MigratorError)
        ]
        return [answer for _, answer in answers if isinstance(answer, Reading)], silent

    def told(self, side: Side, pods: Sequence[PodRef]) -> list[tuple[str, Word]]:
        """Give (pod uid, word) by each gateway's own `/ready`; one that cannot say, or still starts, is left out, and so is
        one that takes no orders: its `/ready` says nothing of us."""
        if not self._wants.orders:
            return []
        answers = self._fan_out.sweep("told", pods, self._word)
        return [(pod.uid, answer) for pod, answer in answers if isinstance(answer, Word)]

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Fetch, canonicalise and hash one configuration; equal intent gives equal hashes on both sides."""
        return self._configurations.parity(pod, side)

    def reference(self, pod: PodRef, side: Side) -> Reference:
        """Fetch the configuration with which others are compared."""
        return self._configurations.reference(pod, side)

    def compare(
        self, reference: Reference, pods: Sequence[tuple[PodRef, Side]]
    ) -> Iterator[tuple[PodRef, Compared | MigratorError]]:
        """Compare each with the reference, a few at once, and give each as it comes."""
        return self._configurations.compare(reference, pods)

    def routes(self, pod: PodRef) -> tuple[Route, ...]:
        """Give what one gateway has routes for."""
        _, answer = self._admin.get(pod, "/config_dump", _ROUTES_SECONDS)
        if answer.status != 200:
            raise Unreachable(say("gateway.status", asked="/config_dump", status=answer.status))
        return routes(parsed(answer.body), self._wants.own.ports)

    def flush(self, pod: PodRef) -> float | None:
        """Give the seconds between two merges of a gateway's histograms, by its bootstrap."""
        _, answer = self._admin.get(pod, "/config_dump", _ROUTES_SECONDS)
        if answer.status != 200:
            raise Unreachable(say("gateway.status", asked="/config_dump", status=answer.status))
        return flush_of(parsed(answer.body))

    def versions(self, pods: Sequence[PodRef]) -> list[tuple[PodRef, str | MigratorError]]:
        """Give a digest of each gateway's versions, rejected updates and what warms up: some hundred bytes each."""
        return self._fan_out.ask(pods, self._version, _VERSION_SECONDS)

    def _version(self, pod: PodRef) -> str:
        found = blake2b(digest_size=8)
        for target in VERSIONS:
            _, answer = self._admin.get(pod, target)
            if answer.status != 200:
                raise Unreachable(say("gateway.status", asked=target.split("?")[0], status=answer.status))
            found.update(b"\n".join(sorted(answer.body.splitlines())))
        return found.hexdigest()

    def _reading(self, side: Side, pod: PodRef) -> Reading:
        epoch, counts = self._counts(pod, side)
        at = self._clock.monotonic()
        counts = self._answers(pod, counts)
        return Reading(
            gateway=pod.name,
            side=side,
            at=at,
            epoch=epoch,
            requests=counts.requests or 0,
            bad=counts.bad,
            slow=counts.slow,
            connections=counts.connections,
            accepted=counts.accepted,
            slow_over=counts.slow_over,
            timed=counts.timed,
            active=counts.active,
            classes=counts.classes,
            times=counts.times,
        )

    def _counts(self, pod: PodRef, side: Side) -> tuple[str, Counted]:
        """Ask for everything once per process, which shows what it counts at all; later for what it has used alone."""
        first = self._first.get(pod.uid)
        process, answer = self._admin.get(pod, stats_target(self._wants.over, used_only=first is not None))
        if first is not None and first[0] != process.epoch:
            first = None
            process, answer = self._admin.get(pod, stats_target(self._wants.over))
        if answer.status != 200:
            raise Unreachable(say("gateway.status", asked="/stats", status=answer.status))
        ports = dict(self._wants.ports) if side is Side.OLD else {}
        counts = counted(parsed(answer.body), self._wants.over, self._wants.own, ports)
        if first is not None:
            return process.epoch, counts.beside(first[1])
        if counts.requests is not None:  # a gateway without listeners yet may get them: ask it for everything again
            self._first[pod.uid] = (process.epoch, counts)
        return process.epoch, counts

    def _answers(self, pod: PodRef, counts: Counted) -> Counted:
        if counts.requests is not None:
            return counts
        if not self._wants.own_counter:
            raise Unreachable(say("gateway.no-counters"))
        _, answer = self._admin.get(pod, ISTIO_TARGET)
        answers = counted_by_istio(answer.body.decode("utf-8", "replace"))
        return replace(counts, requests=answers.requests, bad=answers.bad, classes=answers.classes)

    def _word(self, pod: PodRef) -> Word:
        _, answer = self._admin.get(pod, "/ready")
        word = _WORDS.get(answer.body.strip())
        if word is None:
            words = answer.body[:40].decode("utf-8", "replace")
            raise Unreachable(say("gateway.not-ready", status=answer.status, words=words))
        return word


class EnvoyWriter:
    """The reversible signal, pod by pod."""

    def __init__(self, admin: Admin, fan_out: FanOut) -> None:
        self._admin, self._fan_out = admin, fan_out

    def tell(self, action: Tell) -> Op:
        """Tell each pod; one that is gone is fine. All are told before anything is raised: Unreachable names those that
        could not be (perhaps they were), Refused when every one of those said no."""
        target = _TARGETS[action.word]
        log.info("gateways.tell side=%s word=%s pods=%d", action.side, action.word, len(action.pods))
        answers = self._fan_out.ask(action.pods, lambda pod: self._tell(pod, target), _TELL_SECONDS)
        failed = [(pod, error) for pod, error in answers if isinstance(error, MigratorError)]
        failed = [(pod, error) for pod, error in failed if not isinstance(error, Missing)]
        if failed:
            named = tuple(say("gateway.one", pod=pod.name, why=error.message) for pod, error in failed[:_NAMED])
            kind = next(
                (kind for kind in (Denied, Refused) if all(isinstance(e, kind) for _, e in failed)), Unreachable
            )
            failures, pods = len(failed), len(action.pods)
            raise kind(say("gateway.not-told", failed=failures, of=pods, word=action.word.value, why=named))
        return Op("gateways")

    def _tell(self, pod: PodRef, target: str) -> None:
        answer = self._admin.post(pod, target)
        if answer.status != 200:
            raise Refused(say("gateway.pod-status", pod=pod.name, asked=target, status=answer.status))

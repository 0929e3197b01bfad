"""Gateways that are Envoys (Istio's, Envoy Gateway's, Contour's, plain ones), asked one by one by their admin port.

Before a gateway is removed only `healthcheck/fail` is ever sent: it accepts for ever, closes politely and can be taken
back; no variant of `drain_listeners` can.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from migrator.adapters.cluster.words import Missing
from migrator.adapters.gateways.admin import Admin
from migrator.adapters.gateways.canonical import Canonical, Identity, canonical, digest
from migrator.adapters.gateways.counters import ISTIO_TARGET, Counted, counted, counted_by_istio, stats_target
from migrator.adapters.gateways.difference import differing
from migrator.adapters.gateways.fan_out import FanOut
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Op, PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.ports.outside import Clock, Parity

_ROUND_SECONDS = 10.0
_DUMP_SECONDS = 10.0
_NAMED = 3
_TARGETS = {Word.GO: "/healthcheck/fail", Word.STAY: "/healthcheck/ok"}
_WORDS = {b"DRAINING": Word.GO, b"LIVE": Word.STAY}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reads:
    """What is wanted of the gateways: `over` seconds make a request slow (None: not asked); ports old -> new; whether
    Istio's own counter stands in where Envoy's are left out of the statistics."""

    admin_port: int
    over: float | None
    ports: tuple[tuple[int, int], ...]
    own_counter: bool


class EnvoyReader:
    """What Envoys say of themselves. Raises Unreachable or Refused for single-pod questions; crowds never raise."""

    def __init__(self, admin: Admin, wants: Reads, clock: Clock, fan_out: FanOut) -> None:
        self._admin, self._wants, self._clock, self._fan_out = admin, wants, clock, fan_out
        self._first: dict[str, tuple[str, Counted]] = {}

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give a reading per gateway that answered, and (pod name, why) for those that did not."""
        answers = self._fan_out.ask(pods, lambda pod: self._reading(side, pod), _ROUND_SECONDS)
        silent: list[Silence] = [
            (pod.name, answer.message) for pod, answer in answers if isinstance(answer, MigratorError)
        ]
        return [answer for _, answer in answers if isinstance(answer, Reading)], silent

    def told(self, pods: Sequence[PodRef]) -> list[tuple[str, Word]]:
        """Give (pod uid, word) by each gateway's own `/ready`; one that cannot say, or still starts, is left out."""
        answers = self._fan_out.ask(pods, self._word, _ROUND_SECONDS)
        return [(pod.uid, answer) for pod, answer in answers if isinstance(answer, Word)]

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Fetch, canonicalise and hash one configuration; equal intent gives equal hashes on both sides."""
        configuration = self._canonical(pod, side)
        units = tuple(sorted((name, digest(unit)) for name, unit in configuration.units.items()))
        return Parity(units, configuration.unready, configuration.identity.node_id, configuration.version)

    def differences(self, old: PodRef, new: PodRef, units: Sequence[str]) -> list[str]:
        """Fetch both again and say, in at most 40 lines, how these units differ."""
        return differing(self._canonical(old, Side.OLD).units, self._canonical(new, Side.NEW).units, units)

    def _reading(self, side: Side, pod: PodRef) -> Reading:
        epoch, counts = self._counts(pod)
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
        )

    def _counts(self, pod: PodRef) -> tuple[str, Counted]:
        """Ask for everything once per process, which shows what it counts at all; later for what it has used alone."""
        first = self._first.get(pod.uid)
        process, answer = self._admin.get(pod, stats_target(self._wants.over, used_only=first is not None))
        if first is not None and first[0] != process.epoch:
            first = None
            process, answer = self._admin.get(pod, stats_target(self._wants.over))
        if answer.status != 200:
            raise Unreachable(say("gateway.status", asked="/stats", status=answer.status))
        counts = counted(_parsed(answer.body), self._wants.over, self._wants.admin_port)
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
        requests, bad = counted_by_istio(answer.body.decode("utf-8", "replace"))
        return replace(counts, requests=requests, bad=bad)

    def _word(self, pod: PodRef) -> Word:
        _, answer = self._admin.get(pod, "/ready")
        word = _WORDS.get(answer.body.strip())
        if word is None:
            words = answer.body[:40].decode("utf-8", "replace")
            raise Unreachable(say("gateway.not-ready", status=answer.status, words=words))
        return word

    def _canonical(self, pod: PodRef, side: Side) -> Canonical:
        process, answer = self._admin.get(pod, "/config_dump?include_eds", _DUMP_SECONDS)
        if answer.status != 200:
            raise Unreachable(say("gateway.pod-status", pod=pod.name, asked="/config_dump", status=answer.status))
        runtime = self._admin.get(pod, "/runtime?format=json")[1]
        identity = Identity(process.node_id, process.node_cluster, pod.name, pod.ip)
        mapped = dict(self._wants.ports) if side is Side.OLD else {}
        extras: dict[str, Json] = {"process/drain": process.drain, "process/runtime": _overrides(_parsed(runtime.body))}
        return canonical(_parsed(answer.body), identity, mapped, process.version, extras)


class EnvoyWriter:
    """The reversible signal, pod by pod."""

    def __init__(self, admin: Admin, fan_out: FanOut) -> None:
        self._admin, self._fan_out = admin, fan_out

    def tell(self, action: Tell) -> Op:
        """Tell each pod; one that is gone is fine. All are told before anything is raised: Unreachable names those that
        could not be (perhaps they were), Refused when every one of those said no."""
        target = _TARGETS[action.word]
        log.info("gateways.tell side=%s word=%s pods=%d", action.side, action.word, len(action.pods))
        answers = self._fan_out.ask(action.pods, lambda pod: self._tell(pod, target), _ROUND_SECONDS)
        failed = [(pod, error) for pod, error in answers if isinstance(error, MigratorError)]
        failed = [(pod, error) for pod, error in failed if not isinstance(error, Missing)]
        if failed:
            named = tuple(say("gateway.one", pod=pod.name, why=error.message) for pod, error in failed[:_NAMED])
            kind = Refused if all(isinstance(error, Refused) for _, error in failed) else Unreachable
            failures, pods = len(failed), len(action.pods)
            raise kind(say("gateway.not-told", failed=failures, of=pods, word=action.word.value, why=named))
        return Op("gateways")

    def _tell(self, pod: PodRef, target: str) -> None:
        answer = self._admin.post(pod, target)
        if answer.status != 200:
            raise Refused(say("gateway.pod-status", pod=pod.name, asked=target, status=answer.status))


def _parsed(body: bytes) -> Json:
    try:
        return cast(Json, json.loads(body))
    except ValueError as error:
        raise Unreachable(say("gateway.no-json")) from error


def _overrides(runtime: Json) -> Json:
    """Give the final value of every runtime key, whichever layer it comes from."""
    entries = runtime.get("entries") if isinstance(runtime, dict) else None
    rows = entries if isinstance(entries, dict) else {}
    return {key: row.get("final_value") for key, row in rows.items() if isinstance(row, dict)}

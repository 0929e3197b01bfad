"""Checks of how a gateway pod ends: the words of its preStop, the seconds it has, the probe that must not kill it meanwhile.

Measured facts behind the rules: `drain_listeners` without `graceful` refuses new connections at once; with `inboundonly` it
matches nothing on an Istio gateway; `healthcheck/fail` turns Envoy's `/ready` to 503 and leaves Istio's 15021 at 200.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from migrator.domain.gateways import GatewayProfile
from migrator.domain.hardening import Measure
from migrator.domain.hardening.companion import raising
from migrator.domain.hardening.prestop import waiting
from migrator.domain.hardening.removal import BUFFER, Removal, removal_of
from migrator.domain.hardening.starts import asks_of, flips
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import command_of, grace_of, pod_containers
from migrator.domain.model.manifests import mapping, text
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.refs import lease_ref
from migrator.domain.model.spec import OnTimeout
from migrator.domain.model.subjects import container_subject
from migrator.domain.planning.backends import Slot
from migrator.domain.planning.proposal import NewWorkload, Proposal
from migrator.domain.steps.estimate import TURN

_POSTED = re.compile(r"-X\s*POST|--request[ =]POST|--post-|\bPOST\b|\s-d\b|--data")


@dataclass(frozen=True, slots=True)
class Ending:
    """The seconds that decide how a pod ends. `pre_stop` is None for a hook whose length nobody can tell.

    `drain` is what the product takes to end by itself; for `accepts` seconds of it, its health check turned, it still accepts.
    """

    grace: float
    pre_stop: float | None
    drain: float
    removal: Removal
    accepts: float

    @property
    def wanted(self) -> float:
        """Give the least time for which it must still accept: as long as the balancer may still send."""
        return self.removal.seconds


def ending(proposal: Proposal) -> Ending:
    """Give the numbers of the pods of the workload that the plan will apply."""
    pod = proposal.new_pod
    template = mapping(proposal.workload, "spec", "template")
    product = proposal.gateways.new.product(template)
    return Ending(
        grace_of(pod),
        waiting(pod),
        proposal.gateways.new.drain_seconds(proposal),
        removal_of(proposal.world.health),
        product.drain.read(template, proposal.settings) if product.drain else 0.0,
    )


def pods_end_in_time(proposal: Proposal) -> Iterable[Finding]:
    """A pod that others delete must wait until the balancer has noticed, and must not be killed while it drains."""
    if proposal.source is None:
        return
    found, subject = ending(proposal), f"{proposal.spec.target.kind} {proposal.spec.target.name}"
    numbers = _numbers(found)
    if found.accepts >= found.wanted:
        pass  # its own drain turns the check and outlasts the balancer: no hook is needed for that
    elif found.pre_stop is None:
        yield info("termination.unknown-length", subject, numbers=numbers)
    elif not found.pre_stop:
        yield warn("termination.no-prestop", subject, wanted=found.wanted, numbers=numbers)
    elif found.pre_stop < found.wanted:
        yield warn("termination.prestop-short", subject, waits=found.pre_stop, wanted=found.wanted, numbers=numbers)
    needed = (found.pre_stop or 0.0) + found.drain
    if found.grace < needed:
        yield warn(
            "termination.grace-short",
            subject,
            grace=found.grace,
            needed=needed,
            better=needed + BUFFER,
            numbers=numbers,
        )
    yield info("termination.numbers", subject, numbers=numbers)
    if proposal.new.hardened:
        yield info("termination.hardened", subject, changes=tuple(_change(row) for row in proposal.new.hardened))


def _change(measure: Measure) -> Message:
    was, now = (json.dumps(value) if not isinstance(value, str) else value for value in (measure.was, measure.now))
    return say("termination.change", place=measure.place, was=was, now=now)


def _numbers(found: Ending) -> Message:
    return say(
        "termination.formula",
        waits=found.pre_stop,
        interval=found.removal.interval,
        threshold=found.removal.threshold,
        buffer=BUFFER,
        wanted=found.wanted,
        source=found.removal.source,
        grace=found.grace,
        drain=found.drain,
    )


def ends_are_noticed(proposal: Proposal) -> Iterable[Finding]:
    """Say of each side whether a pod that ends still serves when nothing is sent to it any more: the price of its end."""
    source = proposal.source
    if source is None:
        return
    old = replace(proposal, new=NewWorkload(source))
    yield from _noticed(old, proposal.old)
    yield from _noticed(proposal, proposal.sides.new)


def _noticed(side: Proposal, slots: tuple[Slot, ...]) -> Iterator[Finding]:
    found, by, within = ending(side), *_notice(side, slots)
    serves = min(found.grace, (found.pre_stop or 0.0) + found.drain)
    subject = f"{text(side.workload, 'kind')} {text(side.workload, 'metadata', 'name')}"
    if serves > within:
        yield info("termination.ends-noticed", subject, serves=serves, within=within, by=by)
    elif found.pre_stop is None:
        yield warn("termination.ends-unnoticed:unknown", subject, serves=serves, within=within, by=by)
    else:
        better = within - found.drain + BUFFER
        yield warn("termination.ends-unnoticed", subject, serves=serves, within=within, by=by, better=better)


def _notice(side: Proposal, slots: tuple[Slot, ...]) -> tuple[Message, float]:
    """Give who keeps new connections from a pod that ends, and the seconds until none comes."""
    can = side.world.capabilities
    if slots and all(slot.entry is Entry.NODE_PORT for slot in slots):
        return say("termination.by-nodes"), TURN  # the row is the node's, which stays; its rules leave the pod out
    if can.controlled:
        return say("termination.by-controller"), TURN + can.settle
    return say("termination.by-run"), TURN + can.settle


def drain_is_meant(proposal: Proposal) -> Iterable[Finding]:
    """Say what a preStop that calls `drain_listeners` really does."""
    if proposal.source is None:
        return
    for container in pod_containers(proposal.new_pod):
        hook = mapping(container, "lifecycle", "preStop")
        words = command_of(hook) + text(hook, "httpGet", "path")
        if "drain_listeners" in words:
            yield from _misuse(container_subject(text(container, "name"), "preStop"), words, proposal.gateways.new)


def _misuse(subject: Message, words: str, gateway: GatewayProfile) -> Iterator[Finding]:
    if not _POSTED.search(words):
        yield warn("termination.drain-not-posted", subject, command=words[:120])
    if "inboundonly" in words and gateway.ignores_inbound_drain:
        yield warn("termination.drain-no-effect", subject, command=words[:120])
    elif "graceful" not in words:
        yield warn("termination.drain-refuses", subject, command=words[:120])


def liveness_survives_the_word(proposal: Proposal) -> Iterable[Finding]:
    """A liveness probe that asks what `healthcheck/fail` flips lets kubelet kill every gateway that is told to go."""
    if proposal.source is None:
        return
    for side, pod in ((Side.OLD, proposal.old_pod), (Side.NEW, proposal.new_pod)):
        path = proposal.gateways.of(side).flipped_path
        for container in pod_containers(pod) if path else ():
            asked = asks_of(mapping(container, "livenessProbe"))
            if flips(asked, path):
                subject = container_subject(text(container, "name"), side=side.value)
                yield block("termination.liveness", subject, path=path, asks=asked)


def nobody_raises_itself(proposal: Proposal) -> Iterable[Finding]:
    """A container that gives its pod's row weight once the pod serves does so before the run has proved it, and after the run
    has lowered it."""
    for side, workload in ((Side.OLD, proposal.source or {}), (Side.NEW, proposal.workload)):
        if name := raising(workload, lease_ref(proposal.spec, side)):
            yield block("termination.raises-itself", container_subject(name, side=side.value), container=name)


def long_connections_are_decided(proposal: Proposal) -> Iterable[Finding]:
    """Idle connections and WebSockets never go by themselves: a deadline ends the wait, and the plan says how."""
    spec = proposal.spec
    if proposal.source is None:
        return
    asks = spec.drain.on_timeout is OnTimeout.HOLD
    yield info(
        "termination.long-connections:asks" if asks else "termination.long-connections",
        "spec.drain",
        timeout=spec.drain.timeout,
        on_timeout=spec.drain.on_timeout.value,
    )

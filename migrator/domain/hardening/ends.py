"""How a pod ends: its own drain, its preStop and its grace, each at least as long as the balancer needs. Pure.

The health check must turn while the gateway still accepts. Where the product does that itself, its own duration is set; a
preStop that only sleeps keeps everything as it is, and helps whoever takes the pod off by its deletion.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from migrator.domain.hardening import companion
from migrator.domain.hardening.prestop import pre_stop, waiting
from migrator.domain.hardening.removal import BUFFER
from migrator.domain.hardening.values import Ground, Measure, What
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import GRACE, command_of, grace_of
from migrator.domain.model.manifests import Json, mapping, text

NATIVE = (1, 30)
"""Kubernetes has `sleep` as an action of its own from this version on."""

_VERSION = re.compile(r"v?(\d{1,9})\.(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Ending:
    """The seconds of a pod's end, as they will be: the preStop's, the drain's, and what the product takes after it."""

    pre_stop: float
    drain: float
    after: float

    @property
    def needed(self) -> float:
        """Give the least grace: the sum, and some seconds in which the process may end."""
        return self.pre_stop + self.drain + self.after + BUFFER


def ends(ground: Ground) -> tuple[tuple[Measure, ...], tuple[Message, ...]]:
    """Give the measures of a pod's end, and what is told besides."""
    drain, slept = _drain(ground), _pre_stop(ground) if ground.companion is None else None
    own, beside = ground.product.drain, companion.asked(ground, _wanted(ground))
    sleeping = float(slept.now) if slept and isinstance(slept.now, int) else waiting(ground.pod) or 0.0
    now = Ending(
        companion.waits(beside, _wanted(ground)) or sleeping,
        max(_wanted(ground) if drain else 0.0, own.total(ground.template, ground.settings) - own.after if own else 0.0),
        own.after if own else 0.0,
    )
    measures = (drain, slept, *beside, _grace(ground, now))
    return tuple(measure for measure in measures if measure is not None), tuple(_remarks(ground))


def _wanted(ground: Ground) -> float:
    return float(math.ceil(ground.removal.seconds + ground.longest))


def _numbers(ground: Ground, wanted: float) -> Message:
    removal = ground.removal
    return say(
        "harden.numbers",
        interval=removal.interval,
        threshold=removal.threshold,
        buffer=BUFFER,
        longest=ground.longest,
        wanted=wanted,
        source=removal.source,
    )


def _drain(ground: Ground) -> Measure | None:
    """Set the product's own duration where it is shorter than the balancer's time."""
    own, wanted = ground.product.drain, _wanted(ground)
    if own is None or own.read(ground.template, ground.settings) >= wanted:
        return None
    patch: Json = own.write(ground.template, ground.settings, wanted)
    was = f"{own.read(ground.template, ground.settings):g}s"
    return _measure(What.DRAIN, own.name, was, f"{wanted:g}s", _numbers(ground, wanted), own.why, patch)


def _pre_stop(ground: Ground) -> Measure | None:
    """Let the gateway sleep before SIGTERM where its product has no drain of its own; never rewrite somebody's command."""
    own, container = ground.product.drain, ground.gateway
    hook = mapping(container, "lifecycle", "preStop")
    wanted = _wanted(ground)
    if own is not None or (hook and "sleep" not in hook) or not sleeps(ground.server) or pre_stop(container) >= wanted:
        return None
    hooks: Json = {"preStop": {"sleep": {"seconds": int(wanted)}}}
    row: Json = {"name": text(container, "name"), "lifecycle": hooks}
    patch: Json = {"spec": {"containers": [row]}}
    was = pre_stop(container) or None
    why = say("harden.sleep")
    return _measure(What.PRE_STOP, "lifecycle.preStop.sleep", was, int(wanted), _numbers(ground, wanted), why, patch)


def sleeps(server: str) -> bool:
    """Say whether a server of this version knows `sleep` as an action; one of an unknown version is taken to."""
    told = _VERSION.match(server)
    return told is None or (int(told[1]), int(told[2])) >= NATIVE


def _grace(ground: Ground, now: Ending) -> Measure | None:
    needed = math.ceil(now.needed)
    if grace_of(ground.pod) >= needed:
        return None
    patch: Json = {"spec": {"terminationGracePeriodSeconds": needed}}
    numbers = say(
        "harden.grace-numbers",
        waits=now.pre_stop,
        drain=now.drain,
        after=now.after,
        buffer=BUFFER,
        needed=needed,
    )
    was = ground.pod.get("terminationGracePeriodSeconds", GRACE)
    place = "terminationGracePeriodSeconds"
    return _measure(What.GRACE, place, was, needed, numbers, say("harden.grace"), patch)


def _measure(
    what: What, place: str, was: Json, now: Json, numbers: Message, reason: Message, template: Json
) -> Measure:
    return Measure(what, place, was, now, numbers, reason, {"spec": {"template": template}})


def _remarks(ground: Ground) -> list[Message]:
    """Say what no patch mends: a check that only connects, a hook of somebody else, an old server, nothing that turns."""
    own, container = ground.product.drain, ground.gateway
    hook, wanted = mapping(container, "lifecycle", "preStop"), _wanted(ground)
    said = [say("harden.connects")] if ground.removal.connects else []
    said += companion.remarks(ground)
    if own is None:
        if ground.companion is None:
            said.append(say("harden.nothing-turns", gateway=ground.product.title))
        if hook and "sleep" not in hook and pre_stop(container) < wanted:
            said.append(say("harden.hook-kept", command=command_of(hook)[:100], wanted=wanted))
        if not hook and not sleeps(ground.server) and ground.companion is None:
            said.append(say("harden.no-native-sleep", server=ground.server, wanted=int(wanted)))
    if ground.product.waits_for_listeners and not ground.ports:
        said.append(say("harden.no-port"))
    if ground.product.owned:
        said.append(say("harden.owned", gateway=ground.product.title))
    return said

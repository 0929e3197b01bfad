"""Checks of the new pods' probes: a start that waits for configuration, a readiness that can say no, words that can be run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from migrator.domain.hardening.starts import suggested
from migrator.domain.messages.findings import Finding, info, warn
from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import ProbeWay, Side
from migrator.domain.model.kubernetes import command_of, pod_containers
from migrator.domain.model.manifests import Json, Manifest, mapping, number, text
from migrator.domain.model.subjects import container_subject, listeners_subject
from migrator.domain.planning.proposal import Proposal

KINDS = ("startupProbe", "readinessProbe", "livenessProbe")
_TOOLS = re.compile(r"\b(curl|wget|jq)\b")


def patch_for(proposal: Proposal, missing: str) -> str:
    """Return the suggested probe as a patch to paste into the plan file."""
    probes = suggested(proposal.gateways.new, proposal.spec.gateway_of(Side.NEW).admin_port)
    row: Json = {"name": text(proposal.container, "name"), missing: mapping(probes, missing)}
    return json.dumps({"spec": {"template": {"spec": {"containers": [row]}}}})


def old_side_answers_us(proposal: Proposal) -> Iterable[Finding]:
    """A way of asking that the old backends do not answer would prove nothing of the new ones, and hold the run up."""
    for listener, backend, why in proposal.world.unspoken:
        yield warn("probes.old-unanswered", listeners_subject([listener]), backend=backend, why=why)
    for each in proposal.spec.balancer.listeners:
        if each.probe is ProbeWay.NONE:
            yield warn("probes.not-asked", listeners_subject([each.id]))
        elif each.probe is ProbeWay.TCP:
            yield info("probes.connection-only", listeners_subject([each.id]))


def probes_are_there(proposal: Proposal) -> Iterable[Finding]:
    """Without a startup probe a slow start is killed by liveness, or Ready too early; without readiness it always is."""
    spec = proposal.spec
    if proposal.source is None:
        return
    container = proposal.container
    name = container_subject(text(container, "name"))
    if not mapping(container, "readinessProbe"):
        yield warn("probes.no-readiness", name, patch=patch_for(proposal, "readinessProbe"))
    if not mapping(container, "startupProbe"):
        yield warn("probes.no-startup", name, patch=patch_for(proposal, "startupProbe"))
    seconds = _budget(mapping(container, "startupProbe"))
    if seconds > spec.deadlines.ready:
        yield warn("probes.start-longer-than-deadline", name, seconds=seconds, deadline=spec.deadlines.ready)


def _budget(probe: Manifest) -> float:
    if not probe:
        return 0.0
    period, failures = number(probe, "periodSeconds") or 10, number(probe, "failureThreshold") or 3
    return float(number(probe, "initialDelaySeconds") + period * failures)


def words_can_be_run(proposal: Proposal) -> Iterable[Finding]:
    """Commands in probes and hooks need a shell and tools; a distroless image has neither, and `/listeners` is no JSON."""
    if proposal.source is None:
        return
    for container in pod_containers(proposal.new_pod):
        for where, words in _commands(container):
            yield from _words(container_subject(text(container, "name"), where), words, text(container, "image"))


def _commands(container: Manifest) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        yield kind, command_of(mapping(container, kind))
    for hook in ("preStop", "postStart"):
        yield hook, command_of(mapping(container, "lifecycle", hook))


def _words(subject: Message, words: str, image: str) -> Iterator[Finding]:
    tools = sorted(set(_TOOLS.findall(words)))
    if words and "distroless" in image:
        yield warn("probes.no-shell", subject, tools=tuple(tools), image=image, command=words[:100])
    if "/listeners" in words and "jq" in tools and "format=json" not in words:
        yield warn("probes.listeners-text", subject, command=words[:100])

"""Checks of the new pods' probes: a start that waits for configuration, a readiness that can say no, words that can be run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from migrator.domain.gateways.profile import ADMIN_PORT, GatewayProfile
from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import command_of, pod_containers
from migrator.domain.model.manifests import Json, Manifest, mapping, number, text
from migrator.domain.model.worded import warn
from migrator.domain.planning.proposal import Proposal

KINDS = ("startupProbe", "readinessProbe", "livenessProbe")
_TOOLS = re.compile(r"\b(curl|wget|jq)\b")


def suggested(gateway: GatewayProfile, admin_port: int) -> Json:
    """Give a set of probes for such a gateway: start waits five minutes for configuration, liveness is patient."""
    path, port = gateway.readiness.path, gateway.readiness.port if gateway.readiness.port != ADMIN_PORT else admin_port
    asked: Json = {"path": path, "port": port}
    alive: dict[str, Json] = {"tcpSocket": {"port": port}} if path == gateway.flipped_path else {"httpGet": asked}
    return {
        "startupProbe": {"httpGet": asked, "periodSeconds": 5, "failureThreshold": 60, "timeoutSeconds": 3},
        "readinessProbe": {"httpGet": asked, "periodSeconds": 2, "failureThreshold": 3, "timeoutSeconds": 2},
        "livenessProbe": {**alive, "periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 3},
    }


def said(proposal: Proposal, missing: str) -> str:
    """Give the suggested probe as a patch to paste, and where it goes."""
    probes = suggested(proposal.gateway, proposal.spec.gateway.admin_port)
    row = {"name": text(proposal.container, "name"), missing: mapping(probes, missing)}
    patch = json.dumps({"spec": {"template": {"spec": {"containers": [row]}}}})
    return f"in the plan file: `target: {{patch: {patch}}}`"


def probes_are_there(proposal: Proposal) -> Iterable[Finding]:
    """Without a startup probe a slow start is killed by liveness, or Ready too early; without readiness it always is."""
    spec = proposal.spec
    if proposal.source is None:
        return
    container = proposal.container
    name = f"container {text(container, 'name')}"
    if not mapping(container, "readinessProbe"):
        yield warn(
            "probes.no-readiness",
            name,
            "has no readinessProbe: its pod is Ready as soon as the process runs, before it has any configuration; every "
            "later restart would serve too early",
            "",
            said(proposal, "readinessProbe"),
        )
    if not mapping(container, "startupProbe"):
        yield warn(
            "probes.no-startup",
            name,
            "has no startupProbe that waits for configuration: a start slower than its livenessProbe allows ends in a restart",
            "",
            said(proposal, "startupProbe"),
        )
    seconds = _budget(mapping(container, "startupProbe"))
    if seconds > spec.deadlines.ready:
        yield warn(
            "probes.start-longer-than-deadline",
            name,
            f"may take {seconds:g} s to start, and the run waits {spec.deadlines.ready:g} s for it",
            "startupProbe: initialDelaySeconds + periodSeconds x failureThreshold",
            f"set deadlines.ready to {seconds:g}s",
        )


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
            yield from _words(f"container {text(container, 'name')}, {where}", words, text(container, "image"))


def _commands(container: Manifest) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        yield kind, command_of(mapping(container, kind))
    for hook in ("preStop", "postStart"):
        yield hook, command_of(mapping(container, "lifecycle", hook))


def _words(subject: str, words: str, image: str) -> Iterator[Finding]:
    tools = sorted(set(_TOOLS.findall(words)))
    if words and "distroless" in image:
        yield warn(
            "probes.no-shell",
            subject,
            "runs a command in a distroless image, which has no shell"
            + (f" and no {' or '.join(tools)}" if tools else ""),
            f"image {image}: {words[:100]}",
            "use httpGet, tcpSocket or the sleep action; in Istio's image `pilot-agent request` works without a shell",
        )
    if "/listeners" in words and "jq" in tools and "format=json" not in words:
        yield warn(
            "probes.listeners-text",
            subject,
            "pipes /listeners into jq, but Envoy answers with text unless asked for format=json: it can never succeed",
            words[:100],
            "ask for /listeners?format=json",
        )

"""What derivation cannot decide or will not rewrite, as findings: ports in commands, an injector that stays away, old
pods that keep new ones off their nodes. It changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrator.domain.gateways import GatewayProfile
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, selects, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.subjects import container_subject, pairs
from migrator.domain.model.target import Network
from migrator.domain.observation.world import World, template_labels
from migrator.domain.planning.derive.draft import ALL_CONTAINERS
from migrator.domain.planning.derive.live import STATUS, needs_live
from migrator.domain.planning.derive.network import PROBES
from migrator.domain.planning.proposal import Proposal


def undecided(proposal: Proposal) -> Iterable[Finding]:
    """Say what a person must look at before the derived DaemonSet is right."""
    world, spec = proposal.world, proposal.spec
    if proposal.source is None:
        return
    made = proposal.workload
    yield from _not_injected(proposal, proposal.source)
    yield from _ports_in_words(made, spec, proposal.gateway)
    yield from _repelled(world, proposal.source, made)
    yield from _broken_by_patch(made, spec)


def _not_injected(proposal: Proposal, source: Manifest) -> Iterator[Finding]:
    spec, pod = proposal.spec, proposal.new.injected
    if needs_live(source, spec, proposal.gateway) and pod is None:
        yield block("derive.no-injected-pod", f"Deployment {spec.source.name}", pods=len(proposal.world.old.live))
    elif spec.target.network is Network.HOST and not needs_live(source, spec, proposal.gateway) and pod is not None:
        yield block("derive.sidecar-stays-away", f"Pod {text(pod, 'metadata', 'name')}", annotation=STATUS)


def _ports_in_words(made: Manifest, spec: Spec, gateway: GatewayProfile) -> Iterator[Finding]:
    """Name each command, argument and variable that speaks of a port the plan moves."""
    moved = {row.old: row.new for row in spec.target.ports if row.old != row.new}
    if spec.target.network is not Network.HOST or not moved:
        return
    said = [(where, old) for where, words in _words(made) for old in moved if _speaks_of(words, old)]
    for where, old in said:
        yield warn("derive.port-in-words", where, port=old, moved=moved[old])
    if not gateway.follows_services:
        yield warn(
            "derive.listener-moves",
            spec.target.name,
            ports=tuple(f"{old} -> {new}" for old, new in sorted(moved.items())),
        )


def _words(made: Manifest) -> Iterator[tuple[Message, str]]:
    for kind in ALL_CONTAINERS:
        for container in items(made, "spec", "template", "spec", kind):
            name = text(container, "name")
            for place in (("command",), ("args",), *((probe, "exec", "command") for probe in PROBES)):
                yield container_subject(name, ".".join(place)), _joined(dig(container, *place))
            for hook in ("preStop", "postStart"):
                words = _joined(dig(container, "lifecycle", hook, "exec", "command"))
                yield container_subject(name, f"lifecycle.{hook}.exec.command"), words
            for variable in items(container, "env"):
                yield container_subject(name, f"env {text(variable, 'name')}"), text(variable, "value")


def _joined(words: Json) -> str:
    return " ".join(str(word) for word in words) if isinstance(words, list) else ""


def _speaks_of(words: str, port: int) -> bool:
    return re.search(rf"(?<![\d.]){port}(?![\d.]*\d)", words) is not None


def _repelled(world: World, source: Manifest, made: Manifest) -> Iterator[Finding]:
    """Old pods with a required anti-affinity that also means the new ones keep them off: it works both ways."""
    having = template_labels(made)
    path = ("spec", "template", "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    for term in items(source, *path):
        chosen = labels(term, "labelSelector", "matchLabels")
        if items(term, "labelSelector", "matchExpressions") or not selects(chosen, having):
            continue
        yield block(
            "derive.old-pods-repel", str(world.old.ref), labels=pairs(chosen), topology=text(term, "topologyKey")
        )


def _broken_by_patch(made: Manifest, spec: Spec) -> Iterator[Finding]:
    """A patch may say anything; what must hold for the run to find its pods again must hold all the same."""
    if spec.target.patch is None:
        return
    meta = mapping(made, "metadata")
    chosen = labels(made, "spec", "selector", "matchLabels")
    host = mapping(made, "spec", "template", "spec").get("hostNetwork") is True
    faults = (
        (text(meta, "name") != spec.target.name, say("patch.name")),
        (text(meta, "namespace") != spec.cluster.namespace, say("patch.namespace")),
        (not selects(chosen, template_labels(made)), say("patch.selector")),
        (host is not (spec.target.network is Network.HOST), say("patch.network")),
    )
    for wrong, fault in faults:
        if wrong:
            yield block("derive.patch-breaks", "spec.target.patch", fault=fault)

"""What derivation cannot decide or will not rewrite, as findings: ports in commands, an injector that stays away, old
pods that keep new ones off their nodes. It changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrator.domain.gateways import GatewayProfile
from migrator.domain.messages.findings import Finding
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, selects, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Network
from migrator.domain.model.worded import block, warn
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
        yield block(
            "derive.no-injected-pod",
            f"Deployment {spec.source.name}",
            "its template is a stub (`image: auto`) that Istio fills in, but not for pods with hostNetwork",
            f"none of its {len(proposal.world.old.live)} pods is Ready and injected, so there is nothing to derive from",
            "wait for a Ready old pod, or keep injection with target.network: hostPort",
        )
    elif spec.target.network is Network.HOST and not needs_live(source, spec, proposal.gateway) and pod is not None:
        yield block(
            "derive.sidecar-stays-away",
            f"Pod {text(pod, 'metadata', 'name')}",
            "the old pods have an Istio sidecar and the new ones will not: pods with hostNetwork are not injected, so "
            "upstreams with strict mTLS will refuse them",
            f"annotation {STATUS}",
            "keep injection with target.network: hostPort, or waive this if no upstream needs the sidecar",
        )


def _ports_in_words(made: Manifest, spec: Spec, gateway: GatewayProfile) -> Iterator[Finding]:
    """Name each command, argument and variable that speaks of a port the plan moves."""
    moved = {row.old: row.new for row in spec.target.ports if row.old != row.new}
    if spec.target.network is not Network.HOST or not moved:
        return
    said = [(where, old) for where, words in _words(made) for old in moved if _speaks_of(words, old)]
    for where, old in said:
        yield warn(
            "derive.port-in-words",
            where,
            f"speaks of port {old}, which the plan moves to {moved[old]}; commands are never rewritten",
            "",
            "say the new words in spec.target.patch, or waive this if the number is something else",
        )
    if not gateway.follows_services:
        ports = ", ".join(f"{old} to {new}" for old, new in sorted(moved.items()))
        yield warn(
            "derive.listener-moves",
            spec.target.name,
            f"with hostNetwork the process itself must listen on the moved ports ({ports}); a manifest only declares them",
            "",
            "set the listening ports in the gateway's own configuration (its arguments, its ConfigMap, its Gateway)",
        )


def _words(made: Manifest) -> Iterator[tuple[str, str]]:
    for kind in ALL_CONTAINERS:
        for container in items(made, "spec", "template", "spec", kind):
            name = f"container {text(container, 'name')}"
            for place in (("command",), ("args",), *((probe, "exec", "command") for probe in PROBES)):
                yield f"{name}, {'.'.join(place)}", _joined(dig(container, *place))
            for hook in ("preStop", "postStart"):
                words = _joined(dig(container, "lifecycle", hook, "exec", "command"))
                yield f"{name}, lifecycle.{hook}.exec.command", words
            for variable in items(container, "env"):
                yield f"{name}, env {text(variable, 'name')}", text(variable, "value")


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
            "derive.old-pods-repel",
            str(world.old.ref),
            f"its pods refuse any pod with {chosen} in the same {text(term, 'topologyKey')}, and the new pods have these "
            "labels: they would stay Pending wherever an old pod runs",
            "podAntiAffinity, requiredDuringScheduling: the scheduler honours it for pods that come later, too",
            "choose nodes without old pods, or add matchExpressions to the old rule that leave the new label out",
        )


def _broken_by_patch(made: Manifest, spec: Spec) -> Iterator[Finding]:
    """A patch may say anything; what must hold for the run to find its pods again must hold all the same."""
    if spec.target.patch is None:
        return
    meta = mapping(made, "metadata")
    chosen = labels(made, "spec", "selector", "matchLabels")
    host = mapping(made, "spec", "template", "spec").get("hostNetwork") is True
    faults = (
        (text(meta, "name") != spec.target.name, "changes the name; set spec.target.name instead"),
        (text(meta, "namespace") != spec.cluster.namespace, "changes the namespace"),
        (not selects(chosen, template_labels(made)), "leaves a selector that does not match the pods"),
        (host is not (spec.target.network is Network.HOST), "changes hostNetwork; set spec.target.network instead"),
    )
    for wrong, problem in faults:
        if wrong:
            yield block("derive.patch-breaks", "spec.target.patch", problem, "", "take it out")

"""What can be said of a plan file without a cluster: the checks that rest on it alone. `lint` is these and the parser."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity, block, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Manifest, dig, mapping, text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec, Strategy
from migrator.domain.model.target import Network
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World
from migrator.domain.planning.checks import Check
from migrator.domain.planning.checks.judging import sources
from migrator.domain.planning.checks.nodes import after
from migrator.domain.planning.checks.workloads import sides
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.route import shares

LARGE = 50.0
OF_THE_FILE: tuple[Check, ...] = (
    sides.source_is_there,
    sides.way_back_is_open,
    sources.judge_can_see,
    sources.answers_can_be_asked,
    after.nodes_are_looked_after,
)
OF_THE_WORLD = frozenset({"source.missing"})
"""Codes of these checks that only a look can give."""


def offline(spec: Spec, of_balancer: Message | None = None) -> tuple[Finding, ...]:
    """Give every finding that the plan file alone justifies, the gravest first; `of_balancer` is what its driver refuses."""
    nowhere = Workload(source_ref(spec))
    blank = propose(World(None, nowhere, nowhere, ()), spec)
    found = [finding for check in OF_THE_FILE for finding in check(blank) if finding.code not in OF_THE_WORLD]
    found += [*_climb(spec), *_patch(spec)]
    found += [block("lint.balancer", "spec.loadBalancer", why=of_balancer)] if of_balancer else []
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))


def _climb(spec: Spec) -> Iterable[Finding]:
    first = shares(spec)[0]
    if spec.strategy is Strategy.CANARY and first > LARGE:
        yield warn("lint.first-share-large", "spec.traffic.shares", share=first)
    if not spec.traffic.min_requests:
        yield warn("lint.no-requests-needed", "spec.traffic.minRequests")


def _patch(spec: Spec) -> Iterable[Finding]:
    """A patch that says what another key says, or undoes what the run rests on."""
    patch = mapping(spec.target.patch)
    pod = mapping(patch, "spec", "template", "spec")
    wrong = (
        (_says(patch, spec.target.name, "metadata", "name"), say("patched.name"), "spec.target.name"),
        (
            _says(patch, target_ref(spec).namespace, "metadata", "namespace"),
            say("patched.namespace"),
            "spec.cluster.namespace",
        ),
        (bool(text(patch, "kind")) and text(patch, "kind") != spec.target.kind, say("patched.kind"), ""),
        (
            "hostNetwork" in pod
            and spec.target.network is not Network.POD
            and pod["hostNetwork"] is not (spec.target.network is Network.HOST),
            say("patched.host-network"),
            "spec.target.network",
        ),
        (
            dig(patch, "spec", "updateStrategy") is not None,
            say("patched.update-strategy"),
            "",
        ),
    )
    for is_wrong, what, where in wrong:
        if is_wrong:
            if where:
                yield block("lint.patch", "spec.target.patch", what=what, instead=where)
            else:
                yield block("lint.patch:remove", "spec.target.patch", what=what)


def _says(patch: Manifest, other: str, *path: str) -> bool:
    return text(patch, *path) not in ("", other)

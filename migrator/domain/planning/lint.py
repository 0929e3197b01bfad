"""What can be said of a plan file without a cluster: the checks that rest on it alone. `lint` is these and the parser."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.manifests import Manifest, ObjectRef, dig, mapping, text
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
    after.nodes_are_looked_after,
)
OF_THE_WORLD = frozenset({"source.missing"})
"""Codes of these checks that only a look can give."""


def offline(spec: Spec) -> tuple[Finding, ...]:
    """Give every finding that the plan file alone justifies, the gravest first."""
    nowhere = Workload(ObjectRef("apps/v1", spec.source.kind, spec.cluster.namespace, spec.source.name))
    blank = propose(World(None, nowhere, nowhere, ()), spec)
    found = [finding for check in OF_THE_FILE for finding in check(blank) if finding.code not in OF_THE_WORLD]
    found += [*_climb(spec), *_patch(spec)]
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))


def _climb(spec: Spec) -> Iterable[Finding]:
    first = shares(spec)[0]
    if spec.strategy is Strategy.CANARY and first > LARGE:
        yield Finding(
            "lint.first-share-large",
            Severity.WARN,
            "spec.traffic.shares",
            f"the first share sends {first:g} % of all new connections to a side that nobody has seen serve",
            "",
            "begin with 10 or less",
        )
    if not spec.traffic.min_requests:
        yield Finding(
            "lint.no-requests-needed",
            Severity.WARN,
            "spec.traffic.minRequests",
            "a soak without a single request would pass",
            "minRequests 0",
            "ask for as many as prove something: 200 and more",
        )


def _patch(spec: Spec) -> Iterable[Finding]:
    """A patch that says what another key says, or undoes what the run rests on."""
    patch = mapping(spec.target.patch)
    pod = mapping(patch, "spec", "template", "spec")
    wrong = (
        (_says(patch, spec.target.name, "metadata", "name"), "the name", "spec.target.name"),
        (_says(patch, spec.cluster.namespace, "metadata", "namespace"), "the namespace", "spec.cluster.namespace"),
        (bool(text(patch, "kind")) and text(patch, "kind") != "DaemonSet", "the kind", "nothing else"),
        (
            "hostNetwork" in pod and pod["hostNetwork"] is not (spec.target.network is Network.HOST),
            "hostNetwork",
            "spec.target.network",
        ),
        (
            dig(patch, "spec", "updateStrategy") is not None,
            "the update strategy, which the run needs to be OnDelete",
            "it after the run",
        ),
    )
    for is_wrong, what, where in wrong:
        if is_wrong:
            problem = f"changes {what}"
            yield Finding("lint.patch", Severity.BLOCK, "spec.target.patch", problem, "", f"set {where} instead")


def _says(patch: Manifest, other: str, *path: str) -> bool:
    return text(patch, *path) not in ("", other)

"""A workload into a DaemonSet, or into a second Deployment: its pod template kept except what must change, each change with a
reason.

Where Istio's webhook would have filled the template in and will not (hostNetwork), a live injected pod is taken instead.
It shares no structure with what it was given, and refuses nothing: what it cannot decide, the checks tell.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence

from migrator.domain.messages.message import say
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping, text
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.planning.derive.compare import differences
from migrator.domain.planning.derive.draft import Draft
from migrator.domain.planning.derive.ending import endings, without_farewell
from migrator.domain.planning.derive.identity import identities
from migrator.domain.planning.derive.keyed import one_row_a_key
from migrator.domain.planning.derive.live import CONTROLLERS_LABELS, INJECT, template_of
from migrator.domain.planning.derive.network import network
from migrator.domain.planning.derive.not_there import without_foreign_gates, without_impossible
from migrator.domain.planning.derive.placement import chosen_nodes, placement
from migrator.domain.planning.derive.strategic import patched
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER

Derivation = tuple[Manifest, tuple[Difference, ...]]

OWNERS_LABELS = (
    "helm.sh/",
    "app.kubernetes.io/instance",
    "argocd.argoproj.io/",
    "kustomize.toolkit.fluxcd.io/",
    "helm.toolkit.fluxcd.io/",
    "install.operator.istio.io/",
    "operator.istio.io/",
    "gateway.envoyproxy.io/owning-",
    "addonmanager.kubernetes.io/",
)
"""By these labels installers find, and prune, what is no longer in their own source: the DaemonSet is not theirs."""

ONLY_DEPLOYMENT = {
    "replicas": say("derived.no-replicas"),
    "progressDeadlineSeconds": say("derived.no-progress-deadline"),
    "paused": say("derived.no-pause"),
}


def derive(
    source: Manifest,
    spec: Spec,
    live: Manifest | None = None,
    dialled: frozenset[int] = frozenset(),
    pod_addresses: Sequence[str] = (),
    gates: Sequence[str] = (),
    named: Collection[str] = (),
) -> Derivation:
    """Give the DaemonSet for a Deployment, and every difference between the two with its reason.

    `live` is an injected pod of the source to take the template from; `dialled` are the ports on which the balancer
    will dial the new pods; `pod_addresses` are the extended resources by which a cloud's network plugin gives a pod an address
    of its own; `gates` the readiness gates of clouds' controllers; `named` the ports' names that Services ask for. Paths are
    those of the object (`spec.template.spec.hostNetwork`).
    """
    own = mapping(source, "spec", "template")
    draft = Draft(copy.deepcopy(own))
    if live is not None:
        draft = Draft(template_of(live, source))
        reason = say("derived.injected", pod=text(live, "metadata", "name"))
        draft.said += differences(own, copy.deepcopy(draft.template), reason, depth=3, path="spec.template")
    _labels(draft, source, spec, live is not None)
    placement(draft, spec)
    network(draft, spec, dialled, pod_addresses)
    without_foreign_gates(draft, gates)
    without_impossible(draft)
    one_row_a_key(draft, named)
    identities(draft, source, spec)
    without_farewell(draft)
    endings(draft)
    _without_empty(draft.template, own)
    made, said = _daemonset(source, draft.template, spec)
    return _patched(made, spec, (*said, *draft.said))


def second(source: Manifest, spec: Spec, gates: Sequence[str] = (), named: Collection[str] = ()) -> Derivation:
    """Give a second Deployment beside the source, whose pods are its pods but for what tells them apart and the patch.

    Its pods are placed, reached and injected as the source's own are; the arguments are those of `derive`.
    """
    own = mapping(source, "spec", "template")
    draft = Draft(copy.deepcopy(own))
    _labels(draft, source, spec, injected=False)
    chosen_nodes(draft, spec)
    without_foreign_gates(draft, gates)
    one_row_a_key(draft, named)
    identities(draft, source, spec)
    without_farewell(draft)
    endings(draft)
    _without_empty(draft.template, own)
    made, said = _deployment(source, draft.template, spec)
    return _patched(made, spec, (*said, *draft.said))


def selector(source: Manifest, spec: Spec) -> dict[str, str]:
    """Give the DaemonSet's selector: the Deployment's own and the labels that tell the two apart."""
    return {**labels(source, "spec", "selector", "matchLabels"), **dict(spec.target.labels)}


def _labels(draft: Draft, source: Manifest, spec: Spec, injected: bool) -> None:
    meta = draft.within(draft.template, "metadata")
    meta.pop("creationTimestamp", None)  # always null in a template, and no part of it
    kept = draft.within(meta, "labels")
    for key in sorted(CONTROLLERS_LABELS & kept.keys()):
        draft.drop(kept, "metadata.labels", key, say("derived.controllers-label"))
    if injected and INJECT not in labels(source, "spec", "selector", "matchLabels"):
        draft.put(kept, "metadata.labels", INJECT, "false", say("derived.injected-once"))
    for key, value in spec.target.labels:
        draft.put(kept, "metadata.labels", key, value, say("derived.tells-apart"))


def _without_empty(template: Manifest, own: Manifest) -> None:
    """Take out the empty maps that were made on the way and that the source does not have."""
    for holder, key, there in (
        (mapping(template, "spec"), "affinity", "affinity" in mapping(own, "spec")),
        (mapping(template, "metadata"), "labels", False),
    ):
        if holder.get(key) == {} and not there:
            holder.pop(key)


def _deployment(source: Manifest, template: Manifest, spec: Spec) -> tuple[Manifest, list[Difference]]:
    was, meta = mapping(source, "spec"), _meta(source, spec)
    kept = {key: copy.deepcopy(was[key]) for key in was if key not in ("replicas", "paused", "selector", "template")}
    replicas = spec.target.pod_targets.replicas
    made: Manifest = {**kept, "replicas": replicas, "selector": _selector(source, template, spec), "template": template}
    said = _said_of_meta(source, meta, spec)
    if replicas != was.get("replicas"):
        said.append(Difference("spec.replicas", was.get("replicas"), replicas, say("derived.replicas")))
    if was.get("paused"):
        said.append(Difference("spec.paused", was["paused"], None, ONLY_DEPLOYMENT["paused"]))
    said += differences(was.get("selector"), made["selector"], say("derived.selector"), path="spec.selector")
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": made}, said


def _meta(source: Manifest, spec: Spec) -> Manifest:
    place = target_ref(spec)
    return {"name": place.name, "namespace": place.namespace, "labels": {**_own_labels(source), MANAGED_BY: MANAGER}}


def _daemonset(source: Manifest, template: Manifest, spec: Spec) -> tuple[Manifest, list[Difference]]:
    was, meta = mapping(source, "spec"), _meta(source, spec)
    made: Manifest = {
        "selector": _selector(source, template, spec),
        "updateStrategy": {"type": "OnDelete"},
        **{key: copy.deepcopy(was[key]) for key in ("minReadySeconds", "revisionHistoryLimit") if key in was},
        "template": template,
    }
    said = [*_said_of_meta(source, meta, spec), *_said_of_spec(was, made)]
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": meta, "spec": made}, said


def _own_labels(source: Manifest) -> dict[str, Json]:
    found = labels(source, "metadata", "labels")
    return {key: value for key, value in found.items() if not key.startswith(OWNERS_LABELS)}


def _said_of_meta(source: Manifest, meta: Manifest, spec: Spec) -> list[Difference]:
    was, now = labels(source, "metadata", "labels"), labels(meta, "labels")
    reasons = {MANAGED_BY: say("derived.ours")}
    theirs = say("derived.installers-label")
    said = [Difference("metadata.name", text(source, "metadata", "name"), spec.target.name, say("derived.name"))]
    return said + [
        Difference(f"metadata.labels.{key}", was.get(key), now.get(key), reasons.get(key, theirs))
        for key in dict.fromkeys((*was, *now))
        if was.get(key) != now.get(key)
    ]


def _said_of_spec(was: Manifest, made: Manifest) -> list[Difference]:
    said = [Difference(f"spec.{key}", was[key], None, reason) for key, reason in ONLY_DEPLOYMENT.items() if key in was]
    if "updateStrategy" not in was:
        said.append(Difference("spec.strategy", was.get("strategy"), None, say("derived.no-strategy")))
    strategy = was.get("updateStrategy"), made["updateStrategy"]
    said.append(Difference("spec.updateStrategy", *strategy, say("derived.on-delete")))
    apart = say("derived.selector")
    return said + list(differences(was.get("selector"), made["selector"], apart, path="spec.selector"))


def _selector(source: Manifest, template: Manifest, spec: Spec) -> Manifest:
    """Give the selector, with the source's expressions that the new labels still satisfy (the server demands it)."""
    having = labels(template, "metadata", "labels")
    rows: list[Json] = [
        copy.deepcopy(row) for row in items(source, "spec", "selector", "matchExpressions") if _satisfied(row, having)
    ]
    wanted: Manifest = {"matchLabels": dict(selector(source, spec))}
    return {**wanted, "matchExpressions": rows} if rows else wanted


def _satisfied(row: Manifest, having: dict[str, str]) -> bool:
    key, operator, values = text(row, "key"), text(row, "operator"), row.get("values")
    listed = values if isinstance(values, list) else []
    answers = {
        "In": having.get(key) in listed,
        "NotIn": having.get(key) not in listed,
        "Exists": key in having,
        "DoesNotExist": key not in having,
    }
    return answers.get(operator, False)


def _patched(made: Manifest, spec: Spec, said: tuple[Difference, ...]) -> Derivation:
    patch = spec.target.patch
    if not isinstance(patch, dict):
        return made, said
    after = patched(made, copy.deepcopy(patch))
    return after, (*said, *differences(made, after, say("derived.patch")))

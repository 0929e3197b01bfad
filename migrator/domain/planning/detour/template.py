"""The old Deployment's template without host ports, as a patch with its undo, and how its controller is made to keep both kinds
of pods side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, both, items, mapping, ref_of, text, uid_of
from migrator.domain.observation.detour import STAND_IN

HELD, FOR_EVER = 2_000_000_000, 2_147_483_647
"""Seconds for which a pod does not count as available, so that none of the others is ended for it (longer than any pod has been
Ready), and the deadline of the rollout meanwhile: the API takes this number for none."""

ALL = "100%"

HOSTNAME = "kubernetes.io/hostname"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def lent(source: Manifest, nodes: Iterable[str]) -> Change:
    """Give the change by which the pods hold no host port; they stay on these nodes, one on each, as the ports had it."""
    template = mapping(source, "spec", "template")
    key, value = STAND_IN
    pod = mapping(template, "spec")
    wanted: Manifest = {key: row for key, row in pod.items() if key not in ("hostNetwork", "affinity")}
    wanted["containers"] = [_without_host_ports(row) for row in items(pod, "containers")]
    wanted["affinity"] = _affinity(mapping(pod, "affinity"), sorted(nodes))
    if text(pod, "dnsPolicy") == "ClusterFirstWithHostNet":
        wanted["dnsPolicy"] = "ClusterFirst"
    meta = mapping(template, "metadata")
    made: Manifest = {"metadata": {**meta, "labels": {**mapping(meta, "labels"), key: value}}, "spec": wanted}
    was: Manifest = {"metadata": meta, "spec": pod}
    return Change(
        ref_of(source),
        uid_of(source),
        {"spec": {"template": between(was, made)}},
        {"spec": {"template": between(made, was)}},
        say("change.lends-host-ports", object=str(ref_of(source))),
    )


def held(source: Manifest) -> Change:
    """Give the change by which the controller starts all new pods at once and ends none for them."""
    spec = mapping(source, "spec")
    was: Manifest = {k: spec[k] for k in ("strategy", "minReadySeconds", "progressDeadlineSeconds") if k in spec}
    rolling: Manifest = {"maxSurge": "100%", "maxUnavailable": 0}
    made: Manifest = {
        "strategy": {"type": "RollingUpdate", "rollingUpdate": rolling},
        "minReadySeconds": HELD,
        "progressDeadlineSeconds": FOR_EVER,
    }
    return Change(
        ref_of(source),
        uid_of(source),
        {"spec": between(was, made)},
        {"spec": between(made, was)},
        say("change.holds-both", object=str(ref_of(source))),
    )


def held_in_turn(source: Manifest) -> Change:
    """Give the change by which the controller has no pod too many, and as many of the new kind as it may have too few: how many
    that are is each turn's own (`in_turn`)."""
    spec, change = mapping(source, "spec"), held(source)
    rolling = mapping(spec, "strategy", "rollingUpdate")
    bounds: Json = {key: rolling.get(key) for key in ("maxSurge", "maxUnavailable")} if rolling else None
    was: Json = {"rollingUpdate": bounds} if "strategy" in spec else None
    back = both(change.undo, {"spec": {"strategy": was}})
    return replace(
        change, patch=_too_few(change, 1), undo=back, why=say("change.holds-some", object=str(ref_of(source)))
    )


def in_turn(hold: Change, template: Change, pods: int | None) -> Change:
    """Give the change by which so many pods (None: all) have this template: both in one write, so that the controller never
    ends others than by this number."""
    wanted = both(_too_few(hold, ALL if pods is None else pods), template.patch)
    return replace(template, patch=wanted, undo=both(hold.undo, template.undo))


def _too_few(hold: Change, pods: int | str) -> Json:
    rolling: Json = {"maxSurge": 0, "maxUnavailable": pods}
    return both(hold.patch, {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": rolling}}})


def undone(change: Change) -> Change:
    """Give the change that undoes one."""
    return Change(change.ref, change.uid, change.undo, change.patch, say("undo.change", change=change.why))


def between(was: Manifest, now: Manifest) -> Manifest:
    """Give the merge patch that makes one value of another: what is gone is null, and a list is taken whole."""
    patch: Manifest = {key: None for key in was if key not in now}
    for key, value in now.items():
        before = was.get(key)
        if before == value and key in was:
            continue
        patch[key] = between(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return patch


def _without_host_ports(container: Manifest) -> Json:
    if not items(container, "ports"):
        return container
    rows: list[Json] = [
        {key: value for key, value in port.items() if key not in ("hostPort", "hostIP")}
        for port in items(container, "ports")
    ]
    return {**container, "ports": rows}


def _affinity(before: Manifest, nodes: list[str]) -> Json:
    """Give the affinity of a stand-in: these nodes within those of before, and one of them on each.

    What kept the old pods apart from each other on a node would keep a stand-in from its predecessor's.
    """
    key, value = STAND_IN
    here: Json = {"key": HOSTNAME, "operator": "In", "values": [*nodes]}
    nodes_before = mapping(before, "nodeAffinity")
    anywhere: Manifest = {}
    terms = items(nodes_before, REQUIRED, "nodeSelectorTerms") or [anywhere]
    kept: list[Json] = [{**term, "matchExpressions": [*items(term, "matchExpressions"), here]} for term in terms]
    apart: Json = {"labelSelector": {"matchLabels": {key: value}}, "topologyKey": HOSTNAME}
    return {
        **before,
        "nodeAffinity": {**nodes_before, REQUIRED: {"nodeSelectorTerms": kept}},
        "podAntiAffinity": {**mapping(before, "podAntiAffinity"), REQUIRED: [apart]},
    }

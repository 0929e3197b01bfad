"""Services that select the old pods by labels that the new pods carry too: they would send them traffic the moment they
are Ready. Deployments' selectors are immutable, Services' are not, so such a Service is narrowed to the old pods.

By which label? By the one that tells the two sides apart (`version: v1` against the plan's `version: v2`), where every
old pod has it: a rollout of the old Deployment keeps it. Only without one by the old pods' template hash: that is always
there, but a Service narrowed to a hash loses its endpoints when the old Deployment rolls, which is why Guard waits for a
settled Deployment and a rollout during the run is drift.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, items, labels, ref_of, text, uid_of
from migrator.domain.model.spec import Spec
from migrator.domain.model.workload import Pod
from migrator.domain.observation.world import target_port, template_labels
from migrator.domain.planning.derive.live import HASH


def template_hashes(pods: Iterable[Pod]) -> tuple[str, ...]:
    """Give the template hashes of the live old pods; more than one means a rollout is under way."""
    return tuple(sorted({value for pod in pods for key, value in pod.labels if key == HASH}))


def telling(source: Manifest, pods: Collection[Pod], added: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """Give the label that every old pod has and no new one will: the plan's own key first, then the template hash.

    `pods` are the live old pods, `added` are the labels that the plan adds to the new ones.
    """
    old = template_labels(source)
    for key, value in added:
        present = old.get(key)
        if present is not None and present != value and all(dict(pod.labels).get(key) == present for pod in pods):
            return key, present
    hashes = template_hashes(pods)
    return (HASH, hashes[0]) if len(hashes) == 1 else None


def narrowed(source: Manifest, caught: Iterable[Manifest], spec: Spec, label: tuple[str, str] | None) -> list[Change]:
    """Give the narrowing of every Service that would catch the new pods; none while nothing tells the pods apart."""
    return [_narrowed(source, service, label, spec) for service in caught] if label else []


def _narrowed(source: Manifest, service: Manifest, label: tuple[str, str], spec: Spec) -> Change:
    key, value = label
    chosen = labels(service, "spec", "selector")
    widened: dict[str, Json] = {key: None, **dict(spec.target.labels)}
    narrow: dict[str, Json] = {**{label: chosen.get(label) for label in widened}, key: value}
    ports: list[Json] = [to_new(source, port, spec) for port in items(service, "spec", "ports")]
    present: list[Json] = list(items(service, "spec", "ports"))
    return Change(
        ref_of(service),
        uid_of(service),
        {"spec": {"selector": {key: value}}},
        {"spec": {"selector": {key: chosen.get(key)}}},
        say("change.narrowed", service=text(service, "metadata", "name")),
        {"spec": {"selector": widened, "ports": ports}},
        {"spec": {"selector": narrow, "ports": present}},
    )


def to_new(source: Manifest, port: Manifest, spec: Spec) -> Manifest:
    """Give the Service's port as it must be for the new pods; a port that is called by name stays as it is."""
    if isinstance(port.get("targetPort"), str):
        return port
    return {**port, "targetPort": spec.target.port(target_port(source, port))}

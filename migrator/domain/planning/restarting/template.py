"""The template that a restart gives its DaemonSet, and the merge patches from the former one to it and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from migrator.domain.model.manifests import Json, Manifest, items, mapping, merged, text

RESTARTED = "kubectl.kubernetes.io/restartedAt"
"""The annotation of the pods' template by which `kubectl rollout restart` makes another revision of it."""


def restarted(template: Manifest, at: datetime) -> Manifest:
    """Give the template as `kubectl rollout restart` leaves it: another revision, whatever else is changed."""
    note: Json = {"metadata": {"annotations": {RESTARTED: at.strftime("%Y-%m-%dT%H:%M:%SZ")}}}
    return cast(Manifest, merged(template, note))


def unknown_containers(template: Manifest, images: Mapping[str, str]) -> tuple[str, ...]:
    """Give the names that no container of the template has."""
    known = {text(row, "name") for row in _containers(template)}
    return tuple(name for name in images if name not in known)


def with_images(template: Manifest, images: Mapping[str, str]) -> Manifest:
    """Give the template with these images by the names of its containers, its init containers among them."""

    def row(container: Manifest) -> Json:
        image = images.get(text(container, "name"))
        return {**container, "image": image} if image else container

    lists: Json = {
        key: [row(each) for each in items(template, "spec", key)]
        for key in ("initContainers", "containers")
        if items(template, "spec", key)
    }
    return cast(Manifest, merged(template, {"spec": lists}))


def difference(before: Json, after: Json) -> Json:
    """Give the merge patch that makes `after` of `before`: nulls for what is gone, whole lists where one differs."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    gone: Json = {key: None for key in before if key not in after}
    changed = {key: difference(before.get(key), value) for key, value in after.items() if before.get(key) != value}
    return {**mapping(gone), **changed}


def beside_template(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """Give what of a DaemonSet's spec differs besides its template: none of that is a restart's to change."""
    changed = mapping(difference(mapping(before, "spec"), mapping(after, "spec")))
    return tuple(sorted(key for key in changed if key != "template"))


def _containers(template: Manifest) -> Iterable[Manifest]:
    return (*items(template, "spec", "initContainers"), *items(template, "spec", "containers"))

"""Whose an object is that means its own namespace alone: the old side's, the new side's, or both where they share one. Pure."""

from __future__ import annotations

from migrator.domain.model.kubernetes import namespace_of
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.refs import namespaces, source_ref, target_ref
from migrator.domain.model.spec import Spec


def here(thing: Manifest, spec: Spec) -> tuple[bool, bool]:
    """Say whether an object is in the old side's namespace, and whether it is in the new side's."""
    space = namespace_of(thing)
    return space == source_ref(spec).namespace, space == target_ref(spec).namespace


def apart(spec: Spec) -> bool:
    """Say whether the sides are in two namespaces."""
    return len(namespaces(spec)) > 1

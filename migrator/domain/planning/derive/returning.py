"""The workload that returns, as an earlier run kept it: nothing is derived, and only what the run needs is added."""

from __future__ import annotations

from migrator.domain.messages.message import say
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Manifest, labels, mapping, merged
from migrator.domain.model.target import Kept
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER

TELLS = say("derived.tells-returning")
OURS = say("derived.ours-for-now")


def returning(target: Kept) -> tuple[Manifest, tuple[Difference, ...]]:
    """Give the manifest to apply, and how it differs from the one that was kept."""
    kept = mapping(target.workload)
    own = labels(kept, "spec", "template", "metadata", "labels")
    added = {key: value for key, value in target.labels if own.get(key) != value}
    said = [Difference(f"spec.template.metadata.labels.{key}", None, value, TELLS) for key, value in added.items()]
    was = labels(kept, "metadata", "labels").get(MANAGED_BY)
    said.append(Difference(f"metadata.labels.{MANAGED_BY}", was, MANAGER, OURS))
    meta: Manifest = {"metadata": {"labels": dict(added)}}
    made = merged(marked(kept), {"spec": {"template": meta}} if added else {})
    return mapping(made), tuple(said)


def marked(kept: Manifest) -> Manifest:
    """Give a kept manifest with the label by which a run knows what it made."""
    return mapping(merged(kept, {"metadata": {"labels": {MANAGED_BY: MANAGER}}}))

"""The workload that returns, as an earlier run kept it: nothing is derived, and only what the run needs is added."""

from __future__ import annotations

import copy
from collections.abc import Collection

from migrator.domain.messages.message import say
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Manifest, labels, mapping, merged
from migrator.domain.model.target import Kept
from migrator.domain.planning.derive.draft import Draft
from migrator.domain.planning.derive.keyed import one_row_a_key
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER

TELLS = say("derived.tells-returning")
OURS = say("derived.ours-for-now")


def returning(target: Kept, named: Collection[str] = ()) -> tuple[Manifest, tuple[Difference, ...]]:
    """Give the manifest to apply, and how it differs from the one that was kept.

    A list that holds a key twice cannot be applied, so it is given one row a key. `named` are the ports' names that Services
    ask for.
    """
    kept = mapping(target.workload)
    own = labels(kept, "spec", "template", "metadata", "labels")
    added = {key: value for key, value in target.labels if own.get(key) != value}
    said = [Difference(f"spec.template.metadata.labels.{key}", None, value, TELLS) for key, value in added.items()]
    was = labels(kept, "metadata", "labels").get(MANAGED_BY)
    said.append(Difference(f"metadata.labels.{MANAGED_BY}", was, MANAGER, OURS))
    meta: Manifest = {"metadata": {"labels": dict(added)}}
    made = mapping(merged(marked(kept), {"spec": {"template": meta}} if added else {}))
    draft = Draft(copy.deepcopy(mapping(made, "spec", "template")))
    one_row_a_key(draft, named)
    if draft.said:
        made = {**made, "spec": {**mapping(made, "spec"), "template": draft.template}}
    return made, (*said, *draft.said)


def marked(kept: Manifest) -> Manifest:
    """Give a kept manifest with the label by which a run knows what it made."""
    return mapping(merged(kept, {"metadata": {"labels": {MANAGED_BY: MANAGER}}}))

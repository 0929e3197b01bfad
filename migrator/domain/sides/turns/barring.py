"""The label by which a DaemonSet is kept off a node until the node's turn has come. Pure.

The template goes to no node that has it, from the first node to the last: so it stays the same, no pod is rolled because of
it, and nothing of it is left on any node at the end.
"""

from __future__ import annotations

import hashlib

from migrator.domain.drift.contested import made
from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.kubernetes import labels_of, name_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, labels, text, uid_of
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.sides.turns.keeping_off import TERMS

LONGEST = 63
"""Characters that the API takes in the name of a label, after its prefix."""


def node_ref(name: str) -> ObjectRef:
    """Give the Node's name as an object."""
    return ObjectRef("v1", "Node", "", name)


def bar_of(target: ObjectRef) -> str:
    """Give the label's key: each workload has one of its own, for two may be on their way to the same nodes."""
    name = f"keep-off.{target.namespace}.{target.name}"
    if len(name) > LONGEST:
        name = f"keep-off.{hashlib.blake2b(name.encode(), digest_size=8).hexdigest()}"
    return f"migrator.dev/{name}"


def expression(target: ObjectRef) -> Manifest:
    """Give the requirement of a template's node affinity by which it goes to no node with the label."""
    return {"key": bar_of(target), "operator": "DoesNotExist"}


def barring(target: ObjectRef) -> Json:
    """Give the merge patch of a Node that keeps the workload off it: its controller ends the pod there and makes no other."""
    return {"metadata": {"labels": {bar_of(target): "true"}}}


def letting_on(target: ObjectRef) -> Json:
    """Give the merge patch of a Node that lets the workload on it."""
    return {"metadata": {"labels": {bar_of(target): None}}}


def bar(node: Manifest, target: ObjectRef) -> Change:
    """Give the change of a Node that Guard makes, and that the node's turn takes off.

    It has no mark of the run: two runs may be on their way to the same nodes, and the label says itself what it is.
    """
    why, off = say("change.bars", object=str(target)), letting_on(target)
    return Change(node_ref(name_of(node)), uid_of(node), barring(target), off, why, after=off)


def is_barred(node: Manifest | None, target: ObjectRef) -> bool:
    """Say whether a Node has the label."""
    return node is not None and bar_of(target) in labels_of(node)


def bars(patch: Json, target: ObjectRef) -> bool:
    """Say whether a patch keeps the workload off the Node that it is for."""
    return bar_of(target) in {key for key, value in labels(patch, "metadata", "labels").items() if value}


def obeys(workload: Json, target: ObjectRef) -> bool:
    """Say whether a workload's template keeps off nodes with the label: that of an older version's plan does not."""
    terms = items(workload, *TERMS)
    return bool(terms) and all(
        any(text(row, "key") == bar_of(target) for row in items(term, "matchExpressions")) for term in terms
    )


def waits(past: JournalFacts, node: str, target: ObjectRef) -> bool:
    """Say whether this run has kept the workload off a node whose turn has not come since."""
    ref = node_ref(node)
    return made(past, ref, barring(target)) is not None and made(past, ref, letting_on(target)) is None


def waiting(past: JournalFacts, target: ObjectRef) -> frozenset[str]:
    """Give the nodes that this run keeps the workload off, and whose turn has not come."""
    return frozenset(ref.name for ref in past.patches if ref.kind == "Node" and waits(past, ref.name, target))

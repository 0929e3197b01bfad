"""Where the new pods run: one on each node of the plan, so nothing that spreads replicas applies any more."""

from __future__ import annotations

from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec, Strategy
from migrator.domain.model.target import TolerationSpec
from migrator.domain.planning.derive.draft import Draft
from migrator.domain.sides.turns.barring import expression
from migrator.domain.sides.turns.keeping_off import REQUIRED

ONE_EACH = say("derived.one-each")


def placement(draft: Draft, spec: Spec) -> None:
    """Take out what spreads replicas, and bind the pods to the plan's nodes."""
    pod = draft.spec
    draft.drop(pod, "spec", "topologySpreadConstraints", ONE_EACH)
    draft.drop(pod, "spec", "nodeName", say("derived.of-one-pod"))
    affinity = mapping(pod, "affinity")
    draft.drop(affinity, "spec.affinity", "podAntiAffinity", ONE_EACH)
    if "affinity" in pod and not affinity:
        draft.drop(pod, "spec", "affinity", say("derived.empty"))
    chosen_nodes(draft, spec)
    if spec.strategy is Strategy.IN_PLACE:
        _off_barred_nodes(draft, spec)


def _off_barred_nodes(draft: Draft, spec: Spec) -> None:
    """Keep the pods off nodes whose turn has not come: each term of what is required asks for that too."""
    holder = draft.within(draft.within(draft.spec, "affinity"), "nodeAffinity")
    terms = items(holder, REQUIRED, "nodeSelectorTerms") or [{}]
    apart: list[Json] = [
        {**term, "matchExpressions": [*items(term, "matchExpressions"), expression(target_ref(spec))]} for term in terms
    ]
    required: Json = {**mapping(holder, REQUIRED), "nodeSelectorTerms": apart}
    draft.put(holder, "spec.affinity.nodeAffinity", REQUIRED, required, say("derived.off-barred-nodes"))


def chosen_nodes(draft: Draft, spec: Spec) -> None:
    """Bind the pods to the nodes that the plan chooses, and let them onto those."""
    pod = draft.spec
    if spec.target.node_selector:
        wanted: Json = {**labels(pod, "nodeSelector"), **dict(spec.target.node_selector)}
        draft.put(pod, "spec", "nodeSelector", wanted, say("derived.plan-nodes"))
    present: list[Json] = list(items(pod, "tolerations"))
    missing: list[Json] = [row for row in map(_toleration, spec.target.tolerations) if row not in present]
    if missing:
        draft.put(pod, "spec", "tolerations", [*present, *missing], say("derived.tainted"))


def _toleration(given: TolerationSpec) -> Manifest:
    rows = (("key", given.key), ("operator", given.operator), ("value", given.value), ("effect", given.effect))
    return {key: value for key, value in rows if value}

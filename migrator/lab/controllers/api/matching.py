"""Selectors, node affinity, taints and tolerations: who matches whom, by the API's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.lab.controllers.api.objects import labels_of, name_of
from migrator.lab.controllers.api.resources import Json

NO_SCHEDULE = "NoSchedule"
NO_EXECUTE = "NoExecute"
HARD_EFFECTS = (NO_SCHEDULE, NO_EXECUTE)


def has_labels(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Return whether every wanted pair is among the labels (an empty wish is met by all)."""
    return all(labels.get(key) == value for key, value in wanted.items())


def _requirement_met(rule: Json, values: Mapping[str, str]) -> bool:
    key, operator, wanted = rule["key"], rule["operator"], rule.get("values") or []
    if operator == "In":
        return key in values and values[key] in wanted
    if operator == "NotIn":
        return values.get(key) not in wanted
    if operator == "Exists":
        return key in values
    if operator == "DoesNotExist":
        return key not in values
    return _compares(operator, values.get(key), wanted)


def _compares(operator: str, value: str | None, wanted: list[str]) -> bool:
    try:
        left, right = int(value or ""), int(wanted[0])
    except (ValueError, IndexError):
        return False
    return left > right if operator == "Gt" else operator == "Lt" and left < right


def selects(selector: Json | None, labels: Mapping[str, str]) -> bool:
    """Match a label selector; no selector matches nothing, an empty one matches all."""
    if selector is None:
        return False
    rules: list[Json] = selector.get("matchExpressions") or []
    return has_labels(selector.get("matchLabels") or {}, labels) and all(
        _requirement_met(rule, labels) for rule in rules
    )


def _term_met(term: Json, node: Json) -> bool:
    expressions: list[Json] = term.get("matchExpressions") or []
    fields: list[Json] = term.get("matchFields") or []
    if not expressions and not fields:
        return False
    on_labels = all(_requirement_met(rule, labels_of(node)) for rule in expressions)
    return on_labels and all(_requirement_met(rule, {"metadata.name": name_of(node)}) for rule in fields)


def node_fits(pod_spec: Json, node: Json) -> bool:
    """Return whether the node has what the pod's nodeSelector and required node affinity ask for."""
    if not has_labels(pod_spec.get("nodeSelector") or {}, labels_of(node)):
        return False
    affinity = (pod_spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return not required or any(_term_met(term, node) for term in required.get("nodeSelectorTerms") or [])


def tolerates(toleration: Json, taint: Json) -> bool:
    """Match one toleration with one taint."""
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    if toleration.get("operator") == "Exists":
        return True
    return bool(toleration.get("key")) and (toleration.get("value") or "") == (taint.get("value") or "")


def taints_of(node: Json) -> list[Json]:
    """Return the node's taints."""
    taints: list[Json] = (node.get("spec") or {}).get("taints") or []
    return taints


def untolerated(node: Json, tolerations: Iterable[Json], effects: Iterable[str] = HARD_EFFECTS) -> Json | None:
    """Return the first taint of the node with one of the effects that no toleration covers."""
    known, hard = list(tolerations), set(effects)
    for taint in taints_of(node):
        if taint["effect"] in hard and not any(tolerates(one, taint) for one in known):
            return taint
    return None

"""Required pod affinity and anti-affinity, as the scheduler reads them: whom a rule means. It places nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from migrator.domain.model.kubernetes import labels_of, matches, namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping, text
from migrator.domain.model.subjects import pairs

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
Spaces = Callable[[str], Mapping[str, str]]
"""A namespace's labels by its name."""


@dataclass(frozen=True, slots=True)
class Term:
    """A required rule about pods: whom it means, and how far around a node it reaches."""

    selector: Json
    topology: str
    namespaces: frozenset[str] | None
    spaces: Json

    def means(self, having: Mapping[str, str], namespace: str, labels_in: Spaces) -> bool:
        """Return whether it means a pod with these labels in this namespace. Without a selector it means none."""
        here = self.namespaces is not None and namespace in self.namespaces
        there = self.spaces is not None and matches(self.spaces, labels_in(namespace))
        return (here or there) and self.selector is not None and matches(self.selector, having)


def terms_of(pod: Manifest, kind: str) -> Iterator[Term]:
    """Give the required terms of a pod's (anti-)affinity. A rule that names no namespace means its own pod's.

    `matchLabelKeys` and `mismatchLabelKeys` add the pod's own values (the API server writes them into the selector).
    """
    for row in items(pod, "spec", "affinity", kind, REQUIRED):
        names, spaces, selector = row.get("namespaces"), row.get("namespaceSelector"), row.get("labelSelector")
        own = [namespace_of(pod)] if spaces is None else []
        given = frozenset(str(name) for name in names) if isinstance(names, list) and names else frozenset(own)
        yield Term(_with_own(selector, row, labels_of(pod)), text(row, "topologyKey"), given, spaces)


def _with_own(selector: Json, row: Manifest, having: Mapping[str, str]) -> Json:
    if selector is None:
        return None
    added: list[Json] = []
    for key, operator in (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")):
        names = row.get(key)
        for name in names if isinstance(names, list) else []:
            if isinstance(name, str) and name in having:
                added.append({"key": name, "operator": operator, "values": [having[name]]})
    rows: list[Json] = [*items(selector, "matchExpressions"), *added]
    return {**mapping(selector), "matchExpressions": rows} if added else selector


def chosen(selector: Json) -> tuple[str, ...]:
    """Return what a LabelSelector asks for, for people."""
    rows = items(selector, "matchExpressions")
    return (*pairs(labels(selector, "matchLabels")), *(in_words({"matchExpressions": [row]}) for row in rows))


def in_words(term: Manifest) -> str:
    """Return a term of label rules for people: `pool In web and zone Exists`."""
    rows = [*items(term, "matchExpressions"), *items(term, "matchFields")]
    return " and ".join(f"{text(r, 'key')} {text(r, 'operator')} {_values(r)}".rstrip() for r in rows)


def _values(row: Manifest) -> str:
    values = row.get("values")
    return ", ".join(map(str, values)) if isinstance(values, list) else ""

"""The least Roles that a plan needs, as manifests: one per namespace and one for the cluster. It grants nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from migrator.domain.model.manifests import Json, Manifest

Permission: TypeAlias = "tuple[str, str, str, str]"
"""(verb, apiVersion, kind or `pods/portforward`, namespace or "" for the cluster)."""

VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")


def roles(name: str, user: str | Manifest, needed: Iterable[Permission]) -> tuple[Manifest, ...]:
    """Give a Role or ClusterRole and its binding for `user` (a name, or a whole subject) per namespace. The order is stable."""
    by_namespace: dict[str, list[Permission]] = {}
    for permission in needed:
        by_namespace.setdefault(permission[3], []).append(permission)
    return tuple(
        manifest
        for namespace in sorted(by_namespace)
        for manifest in _pair(name, user, namespace, _rules(by_namespace[namespace]))
    )


def plural(kind: str) -> str:
    """Give the resource of a kind as a rule names it; one with a subresource is a resource already."""
    if "/" in kind:
        return kind
    word = kind.lower()
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("s") else "s")


def _rules(permissions: list[Permission]) -> list[Json]:
    """Give a rule per group and set of verbs, with all the resources that share it."""
    verbs: dict[tuple[str, str], set[str]] = {}
    for verb, version, kind, _ in permissions:
        group = version.rpartition("/")[0]
        verbs.setdefault((group, plural(kind)), set()).add(verb)
    alike: dict[tuple[str, tuple[str, ...]], list[Json]] = {}
    for (group, resource), allowed in sorted(verbs.items()):
        alike.setdefault((group, tuple(v for v in VERBS if v in allowed)), []).append(resource)
    return [
        {"apiGroups": [group], "resources": resources, "verbs": list(allowed)}
        for (group, allowed), resources in alike.items()
    ]


def _pair(name: str, user: str | Manifest, namespace: str, rules: list[Json]) -> tuple[Manifest, Manifest]:
    kind, api = ("Role" if namespace else "ClusterRole"), "rbac.authorization.k8s.io"
    meta: Manifest = {"name": name, **({"namespace": namespace} if namespace else {})}
    subject: Json = {"kind": "User", "apiGroup": api, "name": user} if isinstance(user, str) else user
    return (
        {"apiVersion": f"{api}/v1", "kind": kind, "metadata": meta, "rules": rules},
        {
            "apiVersion": f"{api}/v1",
            "kind": f"{kind}Binding",
            "metadata": dict(meta),
            "roleRef": {"apiGroup": api, "kind": kind, "name": name},
            "subjects": [subject],
        },
    )

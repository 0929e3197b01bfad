"""What Role and ClusterRole objects grant a user: evaluated from what is stored, as kube-apiserver's RBAC authoriser does.

Rules only add up; there is none that takes away. Aggregated ClusterRoles are not known here. Source: the Kubernetes
documentation "Using RBAC Authorization", and `pkg/registry/rbac/validation` of kubernetes.
"""

from collections.abc import Iterator

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.objects.storage import Record, Store
from migrator.lab.kube.serving.access import EVERYWHERE, Rule

_GROUP = "rbac.authorization.k8s.io"
SERVICE_ACCOUNT = "system:serviceaccount:"


def granted(store: Store, user: str) -> tuple[Rule, ...]:
    """Return every rule that a binding gives to `user`; a ServiceAccount is `system:serviceaccount:NAMESPACE:NAME`."""
    return tuple(rule for binding in _bindings(store) if _is_for(binding, user) for rule in _rules(store, binding))


def _bindings(store: Store) -> Iterator[Record]:
    yield from store.each((_GROUP, "rolebindings"))
    yield from store.each((_GROUP, "clusterrolebindings"))


def _is_for(binding: Record, user: str) -> bool:
    return any(_names(subject, user) for subject in binding.doc.get("subjects") or ())


def _names(subject: Doc, user: str) -> bool:
    kind, name = subject.get("kind"), subject.get("name", "")
    if kind == "User":
        return bool(name == user)
    if kind == "ServiceAccount":
        return user == f"{SERVICE_ACCOUNT}{subject.get('namespace', '')}:{name}"
    return kind == "Group" and name in groups(user)


def groups(user: str) -> frozenset[str]:
    """Return the groups that the authenticator puts a user in."""
    if not user.startswith(SERVICE_ACCOUNT):
        return frozenset({"system:authenticated"})
    namespace = user.removeprefix(SERVICE_ACCOUNT).partition(":")[0]
    return frozenset({"system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{namespace}"})


def _rules(store: Store, binding: Record) -> Iterator[Rule]:
    """Give the rules of the role that a binding names; a RoleBinding grants them in its own namespace alone."""
    ref = binding.doc.get("roleRef") or {}
    is_cluster_role = ref.get("kind") == "ClusterRole"
    where = (_GROUP, "clusterroles" if is_cluster_role else "roles")
    role = store.find(where, "" if is_cluster_role else binding.namespace, ref.get("name", ""))
    scope = frozenset({binding.namespace}) if binding.namespace else EVERYWHERE
    for row in (role.doc.get("rules") or ()) if role else ():
        yield Rule(
            groups=frozenset(row.get("apiGroups") or ()),
            resources=frozenset(row.get("resources") or ()),
            verbs=frozenset(row.get("verbs") or ()),
            namespaces=scope,
            names=frozenset(row.get("resourceNames") or ()),
        )

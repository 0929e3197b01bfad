"""What the container beside a gateway may do in the cluster when it sets weights itself: read one Lease. Pure.

Whose Lease it is has the word: while a run or a follower holds it, that alone moves weights.
"""

from __future__ import annotations

from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping, text

TOKEN = "migrator-farewell-token"
"""The volume with a token of the pod's own account."""

_AT = "/var/run/secrets/kubernetes.io/serviceaccount"
_SECONDS = 3607
_RBAC = "rbac.authorization.k8s.io"


def volume() -> Manifest:
    """Give the volume: a token of an hour, which kubelet renews, the API server's certificate, and the namespace. A pod that
    mounts no token by itself gets none for its other containers."""
    sources: list[Json] = [
        {"serviceAccountToken": {"path": "token", "expirationSeconds": _SECONDS}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"fieldPath": "metadata.namespace"}}]}},
    ]
    return {"name": TOKEN, "projected": {"sources": sources}}


def mount() -> Manifest:
    """Give the container's mount of it, where the admission of pods would put its own."""
    return {"name": TOKEN, "mountPath": _AT, "readOnly": True}


def account_of(pod: Manifest) -> str:
    """Give the service account of a pod."""
    return text(pod, "serviceAccountName") or text(pod, "serviceAccount") or "default"


def grants(name: str, lease: ObjectRef, account: str, namespace: str) -> tuple[Manifest, Manifest]:
    """Give the Role to read this Lease alone, and its binding to the account of the gateway's pods."""
    meta: Manifest = {"name": f"{name}-{lease.name.removeprefix('migrator-')}", "namespace": lease.namespace}
    rule: Json = {
        "apiGroups": [lease.api_version.partition("/")[0]],
        "resources": ["leases"],
        "resourceNames": [lease.name],
        "verbs": ["get"],
    }
    subject: Json = {"kind": "ServiceAccount", "name": account, "namespace": namespace}
    role: Json = {"apiGroup": _RBAC, "kind": "Role", "name": text(meta, "name")}
    return (
        {"apiVersion": f"{_RBAC}/v1", "kind": "Role", "metadata": meta, "rules": [rule]},
        {
            "apiVersion": f"{_RBAC}/v1",
            "kind": "RoleBinding",
            "metadata": mapping({**meta}),
            "roleRef": role,
            "subjects": [subject],
        },
    )

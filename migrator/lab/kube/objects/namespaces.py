"""The namespaces that exist from the start, and what every new namespace is given. It deletes nothing."""

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.cluster import Cluster, create
from migrator.lab.kube.objects.storage import Change

_FIRST = ("default", "kube-system", "kube-public", "kube-node-lease")


def seed(cluster: Cluster) -> None:
    """Create the first namespaces; from now on every namespace gets its `default` service account."""

    def furnish(change: Change) -> None:
        if change.type == "ADDED" and change.after.kind.storage == ("", "namespaces"):
            _make(cluster, "serviceaccounts", change.after.name, {"metadata": {"name": "default"}})
            root = {"metadata": {"name": "kube-root-ca.crt"}, "data": {"ca.crt": ""}}
            _make(cluster, "configmaps", change.after.name, root)

    cluster.store.listeners.append(furnish)
    for name in _FIRST:
        _make(cluster, "namespaces", "", {"metadata": {"name": name}})


def _make(cluster: Cluster, plural: str, namespace: str, body: Doc) -> None:
    kind = cluster.registry.find("", "v1", plural)
    assert kind is not None, plural
    call = Call("create", kind, "v1", namespace, "", "", "", {}, "application/json", b"", "kube-controller-manager")
    create(cluster, call, body)

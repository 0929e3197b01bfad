"""What the server writes into metadata: names, uids, times, generations. It stores nothing."""

import random
import uuid
from datetime import UTC, datetime, timedelta

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.objects.storage import Record

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_OPTIONAL = ("labels", "annotations", "finalizers", "ownerReferences")
_FROM_SERVER = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")


def stamp(ahead: float = 0.0) -> str:
    """Return the time now, or `ahead` seconds later, as Kubernetes writes it: UTC, whole seconds."""
    return (datetime.now(UTC) + timedelta(seconds=ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


def moved(text: str, seconds: float) -> str:
    """Return a Kubernetes time moved by `seconds`."""
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def random_suffix() -> str:
    """Return five letters as generated names end in."""
    return "".join(random.choices(_LETTERS, k=5))


def new_metadata(kind: Kind, asked: Doc, namespace: str) -> Doc:
    """Return the metadata of an object that is being created from what the client asked for."""
    meta = {name: value for name, value in asked.items() if name not in (*_FROM_SERVER, "managedFields", "selfLink")}
    if not meta.get("name") and meta.get("generateName"):
        meta["name"] = f"{str(meta['generateName'])[:58]}{random_suffix()}"
    if kind.namespaced:
        meta["namespace"] = namespace
    else:
        meta.pop("namespace", None)
    meta["uid"] = str(uuid.UUID(int=random.getrandbits(128), version=4))
    meta["creationTimestamp"] = stamp()
    if kind.counted:
        meta["generation"] = 1
    return tidy(meta)


def kept_metadata(old: Record, asked: Doc) -> Doc:
    """Return the metadata of an object that is being replaced: what only the server sets comes from `old`."""
    meta = {**asked}
    for name in (*_FROM_SERVER, "name", "namespace", "generateName", "selfLink"):
        if name in old.meta and (name in _FROM_SERVER or not meta.get(name)):
            meta[name] = old.meta[name]
        elif name not in old.meta:
            meta.pop(name, None)
    return tidy(meta)


def tidy(meta: Doc) -> Doc:
    """Return metadata without empty maps and lists, which typed objects never show."""
    return {name: value for name, value in meta.items() if value or name not in _OPTIONAL}


def generation_grows(kind: Kind, old: Doc, new: Doc) -> bool:
    """Return whether a change counts: the spec's does, a Deployment's annotations do, labels and status do not."""
    apart = {"metadata"} if kind.custom and "status" not in kind.subresources else {"metadata", "status"}
    if any(old.get(name) != new.get(name) for name in ({*old} | {*new}) - apart):
        return True
    if kind.storage != ("apps", "deployments"):
        return False
    return bool(old["metadata"].get("annotations") != new["metadata"].get("annotations"))

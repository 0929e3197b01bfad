"""What a pod's containers are given of the cluster: a Secret's keys as variables, a token of the pod's account.

A process here has no file system of its own, so a token that the pod itself mounts comes as a kubeconfig and its variable. The
token that admission mounts everywhere is asked for by nobody here, and is not made.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

from migrator.lab.apiclient import Api, ApiError, Unanswered
from migrator.lab.node.documents import Json, at

_BY_ADMISSION = "kube-api-access-"


async def given(api: Api, pod: Json, folder: Path) -> dict[str, dict[str, str]]:
    """Return the variables by container; what is not there, or may not be had, is left out."""
    tokens = {name for name in _token_volumes(pod)}
    found: dict[str, dict[str, str]] = {}
    for raw in at(pod, "spec", "containers") or ():
        variables: dict[str, str] = {}
        for source in raw.get("envFrom") or ():
            variables |= await _secret(api, pod, str(at(source, "secretRef", "name") or ""))
        if any(mount.get("name") in tokens for mount in raw.get("volumeMounts") or ()):
            variables |= await _access(api, pod, folder)
        found[raw["name"]] = variables
    return found


def _token_volumes(pod: Json) -> Iterator[str]:
    for volume in at(pod, "spec", "volumes") or ():
        sources = at(volume, "projected", "sources") or ()
        if not volume["name"].startswith(_BY_ADMISSION) and any("serviceAccountToken" in row for row in sources):
            yield volume["name"]


async def _secret(api: Api, pod: Json, name: str) -> dict[str, str]:
    try:
        secret = await api.call("GET", f"/api/v1/namespaces/{pod['metadata']['namespace']}/secrets/{name}")
    except (ApiError, Unanswered):
        return {}
    return {key: base64.b64decode(value).decode() for key, value in (secret.get("data") or {}).items()}


async def _access(api: Api, pod: Json, folder: Path) -> dict[str, str]:
    """Write a kubeconfig with a token of the pod's account."""
    account = at(pod, "spec", "serviceAccountName") or "default"
    where = f"/api/v1/namespaces/{pod['metadata']['namespace']}/serviceaccounts/{account}/token"
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    try:
        token = at(await api.call("POST", where, asked), "status", "token")
    except (ApiError, Unanswered):
        return {}
    file = folder / "kubeconfig"
    file.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "pod",
                "contexts": [{"name": "pod", "context": {"cluster": "lab", "user": "pod"}}],
                "clusters": [{"name": "lab", "cluster": {"server": api.server}}],
                "users": [{"name": "pod", "user": {"token": token}}],
            }
        ),
        encoding="utf-8",
    )
    file.chmod(0o600)
    return {"KUBECONFIG": str(file)}

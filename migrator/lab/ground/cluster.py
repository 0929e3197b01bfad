"""The few requests the lab makes of an API server while it seeds one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from migrator.lab.ground.manifests import Json

_PLURALS = {
    "GatewayClass": "gatewayclasses",
    "EnvoyProxy": "envoyproxies",
    "HTTPRoute": "httproutes",
    "HTTPProxy": "httpproxies",
    "ConfigMap": "configmaps",
    "Namespace": "namespaces",
    "Ingress": "ingresses",
    "IngressClass": "ingressclasses",
    "Service": "services",
    "Secret": "secrets",
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "Deployment": "deployments",
    "DaemonSet": "daemonsets",
    "PodDisruptionBudget": "poddisruptionbudgets",
    "Gateway": "gateways",
    "VirtualService": "virtualservices",
    "EnvoyFilter": "envoyfilters",
    "CustomResourceDefinition": "customresourcedefinitions",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """An API server. Refusals raise `httpx.HTTPStatusError`, silence `httpx.TransportError`."""

    http: httpx.Client

    def create(self, thing: Json) -> bool:
        """Create `thing`; False when it is there already, which is left as it is."""
        answer = self.http.post(_collection(thing), json=thing)
        if answer.status_code == httpx.codes.CONFLICT:
            return False
        answer.raise_for_status()
        return True

    def get(self, path: str) -> Json:
        answer: Json = self.http.get(path).raise_for_status().json()
        return answer

    def delete(self, path: str, **options: Any) -> bool:
        """Ask for the deletion of the object at `path`; False when it is not there."""
        answer = self.http.request("DELETE", path, json={"apiVersion": "v1", "kind": "DeleteOptions", **options})
        if answer.status_code == httpx.codes.NOT_FOUND:
            return False
        answer.raise_for_status()
        return True

    def nodes(self) -> list[Json]:
        return list(self.get("/api/v1/nodes")["items"])

    def merge(self, path: str, patch: Json) -> None:
        """Patch the object at `path` by a JSON merge."""
        headers = {"Content-Type": "application/merge-patch+json"}
        self.http.patch(path, json=patch, headers=headers).raise_for_status()

    def label_node(self, name: str, labels: dict[str, str]) -> None:
        patch = {"metadata": {"labels": labels}}
        self.merge(f"/api/v1/nodes/{name}", patch)

    def restart(self, namespace: str, name: str, kind: str = "deployment") -> None:
        """Do what `kubectl rollout restart` does."""
        now = datetime.now(UTC).isoformat()
        template = {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": now}}}
        self.merge(f"/apis/apps/v1/namespaces/{namespace}/{kind}s/{name}", {"spec": {"template": template}})

    def label_pod(self, namespace: str, name: str, labels: dict[str, str], notes: dict[str, str]) -> None:
        patch = {"metadata": {"labels": labels, "annotations": notes}}
        self.merge(f"/api/v1/namespaces/{namespace}/pods/{name}", patch)

    def ready_pods(self, namespace: str, selector: dict[str, str]) -> list[Json]:
        """The pods that match and are Ready and are not going away."""
        labels = ",".join(f"{key}={value}" for key, value in selector.items())
        answer = self.http.get(f"/api/v1/namespaces/{namespace}/pods", params={"labelSelector": labels})
        return [pod for pod in answer.raise_for_status().json()["items"] if is_ready(pod)]


def is_ready(pod: Json) -> bool:
    if pod["metadata"].get("deletionTimestamp"):
        return False
    conditions = pod.get("status", {}).get("conditions") or []
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def path_of(thing: Json) -> str:
    """Return the path of one object, which need not be there."""
    return f"{_collection(thing)}/{thing['metadata']['name']}"


def _collection(thing: Json) -> str:
    version = thing["apiVersion"]
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    namespace = thing["metadata"].get("namespace")
    within = f"/namespaces/{namespace}" if namespace else ""
    return f"{root}{within}/{_PLURALS[thing['kind']]}"

"""The Job in which a guard runs beside its run. It is printed, and made by whoever wants it; it holds no secret."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.manifests import Json, Manifest

NAME, CREDENTIALS, ROOM = "migrator-guard", "cloud-credentials", "/work"
"""How the Job begins, the Secret of the cloud's credentials (which may be missing), and where its store may be."""

KEY, LEADS = "kubeconfig", "/etc/migrator"
"""The key of the Secret that leads a guard to two clusters, and where the file is in its pod."""


@dataclass(frozen=True, slots=True)
class Led:
    """How a guard is led to two clusters: a Secret with a kubeconfig of both, and the context of the gateway's home (None: its
    current one)."""

    secret: str
    context: str | None = None

    @property
    def words(self) -> list[Json]:
        """Give the options that say so."""
        return ["--kubeconfig", f"{LEADS}/{KEY}", *(["--context", self.context] if self.context else [])]


def job_of(namespace: str, gateway: str, image: str, led: Led | None = None) -> Manifest:
    """Give the Job that guards the run of a gateway: killed, it is begun again, and goes on with what it had begun.

    `led` None: its service account leads it to its own cluster, and there is no other.
    """
    mounts: list[Json] = [{"name": "work", "mountPath": ROOM}]
    volumes: list[Json] = [{"name": "work", "emptyDir": {}}]
    if led is not None:
        mounts.append({"name": KEY, "mountPath": LEADS, "readOnly": True})
        volumes.append({"name": KEY, "secret": {"secretName": led.secret}})
    container: Manifest = {
        "name": "guard",
        "image": image,
        "command": ["migrator", "guard", f"{namespace}/{gateway}", *(led.words if led else [])],
        "env": [{"name": "TMPDIR", "value": ROOM}],
        "envFrom": [{"secretRef": {"name": CREDENTIALS, "optional": True}}],
        "volumeMounts": mounts,
    }
    refused: Manifest = {"containerName": "guard", "operator": "In", "values": [2, 4]}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"{NAME}-{gateway}"[:63].rstrip("-."), "namespace": namespace},
        "spec": {
            "backoffLimit": 100,
            "podFailurePolicy": {"rules": [{"action": "FailJob", "onExitCodes": refused}]},
            "template": {
                "spec": {
                    "serviceAccountName": "migrator",
                    "restartPolicy": "Never",
                    "containers": [container],
                    "volumes": volumes,
                }
            },
        },
    }

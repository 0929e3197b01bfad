"""The Job in which a guard runs beside its run. It is printed, and made by whoever wants it; it holds no secret."""

from __future__ import annotations

from migrator.domain.model.manifests import Manifest

NAME, CREDENTIALS, ROOM = "migrator-guard", "cloud-credentials", "/work"
"""How the Job begins, the Secret of the cloud's credentials (which may be missing), and where its store may be."""


def job_of(namespace: str, gateway: str, image: str) -> Manifest:
    """Give the Job that guards the run of a gateway: killed, it is begun again, and goes on with what it had begun."""
    container: Manifest = {
        "name": "guard",
        "image": image,
        "command": ["migrator", "guard", f"{namespace}/{gateway}"],
        "env": [{"name": "TMPDIR", "value": ROOM}],
        "envFrom": [{"secretRef": {"name": CREDENTIALS, "optional": True}}],
        "volumeMounts": [{"name": "work", "mountPath": ROOM}],
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
                    "volumes": [{"name": "work", "emptyDir": {}}],
                }
            },
        },
    }

"""What a plan applies, and a pod of its DaemonSet, tried on the lab's API with strict field validation."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.manifests import Manifest, text
from migrator.domain.planning.checks.nodes.host_network import pod_to_try
from tests.app.plan.gateways_of_others import Planned
from tests.lab.kube.world import Server

APPLY = {"fieldManager": "migrator", "force": "false", "dryRun": "All", "fieldValidation": "Strict"}
CREATE = {"dryRun": "All", "fieldValidation": "Strict"}
ROOTS = {
    "DaemonSet": ("/apis/apps/v1", "daemonsets"),
    "Deployment": ("/apis/apps/v1", "deployments"),
    "Service": ("/api/v1", "services"),
}


def server_with(namespaces: Iterable[str]) -> Server:
    """Start a server that has these namespaces; the caller closes it."""
    made = Server()
    for space in sorted(set(namespaces)):
        made.send("POST", "/api/v1/namespaces", {"metadata": {"name": space}})
    return made


def require_admitted(server: Server, plan: Planned) -> None:
    """Fail with the server's words where it does not take what a plan applies: unknown and duplicate fields, host ports."""
    for made in plan.plan.manifests:
        assert isinstance(made, dict)
        code, answer = server.send("PATCH", _path(made), made, "apply", query=APPLY)
        assert code in (200, 201), answer
        if text(made, "kind") == "DaemonSet":
            pods = f"/api/v1/namespaces/{text(made, 'metadata', 'namespace')}/pods"
            code, answer = server.send("POST", pods, pod_to_try(made), query=CREATE)
            assert code == 201, answer


def _path(made: Manifest) -> str:
    root, plural = ROOTS[text(made, "kind")]
    return f"{root}/namespaces/{text(made, 'metadata', 'namespace')}/{plural}/{text(made, 'metadata', 'name')}"

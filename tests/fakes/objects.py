"""What stands in the fake cluster before a run: the old Deployment, the Service that leads to it, and its HPA."""

from __future__ import annotations

from migrator.domain.model.manifests import Manifest

NAMESPACE = "edge"
OLD, NEW = "gw", "gw-ds"
OLD_PORT = 8080


def manifests(replicas: int, node_port: int = 0, host_port: int = 0) -> list[Manifest]:
    """Give a Deployment (on a hostPort, where one is given), the Service that leads to it (by a node port too), and its HPA."""
    opened: Manifest = {"nodePort": node_port} if node_port else {}
    port: Manifest = {"containerPort": OLD_PORT, "name": "http", **({"hostPort": host_port} if host_port else {})}
    container: Manifest = {"name": "gateway", "image": "envoy", "ports": [port]}
    template: Manifest = {"metadata": {"labels": {"app": OLD, "version": "v1"}}, "spec": {"containers": [container]}}
    return [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": OLD, "namespace": NAMESPACE, "labels": {"app": OLD}},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": OLD}}, "template": template},
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": OLD, "namespace": NAMESPACE},
            "spec": {"selector": {"app": OLD}, "ports": [{"port": 80, "targetPort": OLD_PORT, **opened}]},
        },
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": OLD, "namespace": NAMESPACE},
            "spec": {"minReplicas": 1, "maxReplicas": 9, "scaleTargetRef": {"kind": "Deployment", "name": OLD}},
        },
    ]

"""Whose the nodes' own ports are, in a lab whose sides have them in turn."""

from migrator.lab.demo.shares import Ground, Hands, Turns
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, IN_PLACE, NODE_PORT, Scenario


def hands_of(scenario: Scenario, cluster: Cluster) -> Hands | None:
    """Return what tells whose the nodes' own ports are, where both sides have them in turn."""
    if scenario.way == IN_PLACE:
        return Turns(lambda: addresses_of(cluster))
    return Ground(scenario.layout.nodes) if scenario.way == NODE_PORT else None


def addresses_of(cluster: Cluster) -> set[str]:
    """Return the addresses of the nodes whose gateway is a DaemonSet's pod."""
    pods = cluster.get(f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods")["items"]
    owned = (
        pod for pod in pods if any(row["kind"] == "DaemonSet" for row in pod["metadata"].get("ownerReferences", []))
    )
    return {pod["status"]["hostIP"] for pod in owned if pod["status"].get("hostIP")}

"""Pods of nodes that were removed from the cluster."""

from __future__ import annotations

from migrator.lab.controllers.api.resources import NODES, PODS
from migrator.lab.controllers.nodes.stranded import StrandedPods
from tests.lab.controllers.cluster import Cluster, node, template


def cluster_without(name: str) -> Cluster:
    cluster = Cluster(nodes=2)
    for number in (1, 2):
        spec = template()["spec"] | {"nodeName": f"n{number}"}
        cluster.add(PODS, {"metadata": {"name": f"p{number}"}, "spec": spec})
    cluster.add(PODS, {"metadata": {"name": "unbound"}, "spec": template()["spec"]})
    cluster.erase(NODES, name)
    return cluster


def test_a_pod_of_a_removed_node_is_deleted_by_force_after_the_grace():
    cluster, collector = cluster_without("n2"), StrandedPods(grace=16)

    assert collector.sync(cluster.world()).writes == ()
    cluster.pass_time(10)
    assert collector.sync(cluster.world()).recheck == 6
    cluster.pass_time(6)

    [write] = collector.sync(cluster.world()).writes
    assert (write.target["metadata"]["name"], write.grace) == ("p2", 0)


def test_a_node_that_comes_back_in_time_keeps_its_pods():
    cluster, collector = cluster_without("n2"), StrandedPods(grace=16)
    collector.sync(cluster.world())
    cluster.add(NODES, node("n2"))
    cluster.pass_time(20)

    assert collector.sync(cluster.world()).writes == ()

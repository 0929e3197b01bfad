"""The scheduler's verdicts, their words, the spreading and the back-off."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.lab.controllers.api.objects import name_of
from migrator.lab.controllers.api.resources import NODES, PODS
from migrator.lab.controllers.api.writes import Bind, Patch, RecordEvent
from migrator.lab.controllers.nodes.scheduler import obstacle, schedule
from tests.lab.controllers.cluster import Cluster, node, template

Json = dict[str, Any]
TAINT = {"key": "dedicated", "value": "db", "effect": "NoSchedule"}
PORT_TAKEN = "node(s) didn't have free ports for the requested pod ports"


def pod(name: str = "p", labels: Json | None = None, **spec: Any) -> Json:
    """Give a pod; `port` declares a host port."""
    port = spec.pop("port", None)
    ports = {"ports": [port]} if port else {}
    meta = {"name": name, "namespace": "default", "uid": name, "labels": labels or {"app": "gw"}}
    return {"metadata": meta, "spec": {"containers": [{"name": "c", "image": "i", **ports}], **spec}}


def anti_affinity(**labels: str) -> Json:
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": labels}}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def required(key: str, operator: str, *values: str) -> Json:
    terms = [{"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


@pytest.mark.parametrize(
    ("wanted", "there", "why"),
    [
        pytest.param({}, {}, None, id="a plain pod fits a plain node"),
        pytest.param({}, {"unschedulable": True}, "node(s) were unschedulable", id="a cordon keeps pods off"),
        pytest.param(
            {"tolerations": [{"key": "node.kubernetes.io/unschedulable", "operator": "Exists"}]},
            {"unschedulable": True},
            None,
            id="unless the cordon is tolerated",
        ),
        pytest.param(
            {},
            {"taints": [TAINT]},
            "node(s) had taint {dedicated: db}, that the pod didn't tolerate",
            id="a taint keeps pods off",
        ),
        pytest.param(
            {"tolerations": [{"key": "dedicated", "value": "db", "effect": "NoSchedule"}]},
            {"taints": [TAINT]},
            None,
            id="unless the taint is tolerated by value",
        ),
        pytest.param(
            {"tolerations": [{"key": "dedicated", "value": "web"}]},
            {"taints": [TAINT]},
            "node(s) had taint {dedicated: db}, that the pod didn't tolerate",
            id="another value tolerates nothing",
        ),
        pytest.param({"tolerations": [{"operator": "Exists"}]}, {"taints": [TAINT]}, None, id="Exists tolerates all"),
        pytest.param({}, {"taints": [TAINT | {"effect": "PreferNoSchedule"}]}, None, id="a soft taint is no obstacle"),
        pytest.param({"nodeSelector": {"zone": "a"}}, {}, None, id="a node selector that matches"),
        pytest.param(
            {"nodeSelector": {"zone": "b"}}, {}, "node(s) didn't match Pod's node affinity", id="one that does not"
        ),
        pytest.param({"affinity": required("zone", "In", "a", "b")}, {}, None, id="required affinity In"),
        pytest.param(
            {"affinity": required("zone", "NotIn", "a")},
            {},
            "node(s) didn't match Pod's node affinity",
            id="required affinity NotIn",
        ),
        pytest.param({"affinity": required("size", "Gt", "3")}, {}, None, id="required affinity Gt"),
        pytest.param(
            {"affinity": required("missing", "Exists")},
            {},
            "node(s) didn't match Pod's node affinity",
            id="required affinity Exists",
        ),
    ],
)
def test_a_pod_meets_the_obstacles_of_a_node(wanted, there, why):
    place = node("n1", zone="a", size="5")
    place["spec"] = there

    assert obstacle(pod(**wanted), place, []) == why


HOST = {"containerPort": 8080, "hostPort": 8080}


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        pytest.param({"port": HOST}, {"port": HOST}, PORT_TAKEN, id="the same host port"),
        pytest.param(
            {"port": {"containerPort": 8080}, "hostNetwork": True}, {"port": HOST}, PORT_TAKEN, id="hostNetwork claims"
        ),
        pytest.param({"port": {"containerPort": 8080}}, {"port": HOST}, None, id="a container port claims nothing"),
        pytest.param({"port": HOST | {"protocol": "UDP"}}, {"port": HOST}, None, id="another protocol is another port"),
        pytest.param(
            {"port": HOST | {"hostIP": "10.0.0.1"}}, {"port": HOST}, PORT_TAKEN, id="the wildcard overlaps an address"
        ),
        pytest.param(
            {"port": HOST | {"hostIP": "10.0.0.1"}},
            {"port": HOST | {"hostIP": "10.0.0.2"}},
            None,
            id="two addresses do not overlap",
        ),
        pytest.param({"hostNetwork": True}, {"port": HOST}, None, id="undeclared ports are invisible"),
        pytest.param(
            {"affinity": anti_affinity(app="gw")},
            {},
            "node(s) didn't match pod anti-affinity rules",
            id="anti-affinity with what is there",
        ),
        pytest.param(
            {},
            {"affinity": anti_affinity(app="gw")},
            "node(s) didn't match pod anti-affinity rules",
            id="anti-affinity of what is there",
        ),
        pytest.param({"affinity": anti_affinity(app="db")}, {}, None, id="anti-affinity with others only"),
    ],
)
def test_pods_on_a_node_keep_others_off(mine, theirs, why):
    neighbour = pod("there", **theirs, nodeName="n1")

    assert obstacle(pod(**mine), node("n1"), [neighbour]) == why


def test_a_verdict_counts_the_obstacles_of_all_nodes():
    cluster = Cluster(nodes=3)
    cluster.change(NODES, "n1", {"spec": {"unschedulable": True}})
    cluster.change(NODES, "n2", {"spec": {"taints": [TAINT]}})
    cluster.add(PODS, pod(nodeSelector={"x": "y"}))

    wish, _ = schedule(cluster.world(), {})

    status = next(write for write in wish.writes if isinstance(write, Patch)).body["status"]
    [told] = [write for write in wish.writes if isinstance(write, RecordEvent)]
    assert told.message == (
        "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity, "
        "1 node(s) had taint {dedicated: db}, that the pod didn't tolerate, 1 node(s) were unschedulable."
    )
    assert (told.reason, told.mood, told.series) == ("FailedScheduling", "Warning", True)
    [condition] = status["conditions"]
    assert (condition["type"], condition["status"], condition["reason"]) == ("PodScheduled", "False", "Unschedulable")
    assert condition["message"] == told.message


def test_two_pods_that_want_one_port_are_not_put_on_one_node_in_the_same_look():
    cluster = Cluster(nodes=1)
    cluster.add(PODS, pod("a", port=HOST))
    cluster.add(PODS, pod("b", port=HOST))

    wish, tries = schedule(cluster.world(), {})

    assert [name_of(write.pod) for write in wish.writes if isinstance(write, Bind)] == ["a"]
    assert len(tries) == 1


def test_pods_spread_over_the_nodes():
    cluster = Cluster(nodes=3)
    for number in range(7):
        cluster.add(PODS, {"metadata": {"name": f"p{number}"}, "spec": template()["spec"]})

    wish, _ = schedule(cluster.world(), {})

    places = [write.node for write in wish.writes if isinstance(write, Bind)]
    assert sorted(places.count(name) for name in ("n1", "n2", "n3")) == [2, 2, 3]


def test_the_back_off_grows_to_two_seconds_and_a_freed_port_is_noticed_after_it():
    cluster = Cluster(nodes=1)
    cluster.add(PODS, pod("old", port=HOST, nodeName="n1"))
    cluster.add(PODS, pod("new", port=HOST))

    tries, waits = {}, []
    for _ in range(6):
        wish, tries = schedule(cluster.world(), tries)
        waits.append(wish.recheck)
        cluster.pass_time(wish.recheck)
    assert waits == [0.25, 0.5, 1.0, 2.0, 2.0, 2.0]

    cluster.change(PODS, "old", {"status": {"phase": "Succeeded"}})
    wish, tries = schedule(cluster.world(), tries)
    assert [type(write) for write in wish.writes] == [Bind]
    assert not tries


def test_a_pod_in_its_back_off_is_left_alone():
    cluster = Cluster(nodes=0)
    cluster.add(PODS, pod())
    _, tries = schedule(cluster.world(), {})
    cluster.add(NODES, node("n1"))

    wish, tries = schedule(cluster.world(), tries)
    assert wish.writes == ()

    cluster.pass_time(1)
    assert [write.node for write in schedule(cluster.world(), tries)[0].writes] == ["n1"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"metadata": {"deletionTimestamp": "2030-01-01T00:00:00Z"}}, id="it is being deleted"),
        pytest.param({"spec": {"schedulerName": "other"}}, id="another scheduler is asked for"),
        pytest.param({"spec": {"nodeName": "n1"}}, id="it has a node"),
    ],
)
def test_a_pod_is_none_of_the_schedulers_business_when(change):
    cluster = Cluster(nodes=1)
    cluster.add(PODS, pod())
    cluster.change(PODS, "p", change)

    assert schedule(cluster.world(), {})[0].writes == ()

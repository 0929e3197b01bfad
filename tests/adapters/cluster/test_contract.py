"""What every cluster must do, the fake one and the real adapter before the lab's API server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from migrator.adapters.cluster import connect
from migrator.domain.messages.errors import LeaseHeld, Refused
from migrator.domain.model.actions import ApplyObject, DeleteObject, PatchObject
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, dig, items, labels, mapping, uid_of
from migrator.domain.ports.outside import ClusterLease, ClusterReader, ClusterWriter
from tests.adapters import lab
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.words import refused, text

NAMESPACE = "istio-gateways"
THING = ObjectRef("v1", "ConfigMap", NAMESPACE, "thing")
GATEWAYS = ObjectRef("apps/v1", "DaemonSet", NAMESPACE, "contract-ds")
REPLICAS = ObjectRef("apps/v1", "Deployment", NAMESPACE, "contract-deploy")


@dataclass(frozen=True)
class Cluster:
    """One implementation, and how to let time pass in it."""

    reader: ClusterReader
    writer: ClusterWriter
    lease: ClusterLease
    until: Callable[[Callable[[], bool]], object]


def fake() -> Cluster:
    clock = FakeClock()
    cluster = FakeCluster(clock)
    for number in (2, 1, 3):
        cluster.add_node(f"node-{number}", f"10.9.0.{number}", node_role="gateway")
    cluster.add_node("node-9", "10.9.0.9", node_role="other")

    def until(look: Callable[[], bool]) -> None:
        for _ in range(100):
            if look():
                return
            clock.advance(0.5)
        raise AssertionError("it never happened")

    return Cluster(cluster, cluster, cluster, until)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with lab.running(tmp_path_factory.mktemp("lab"), nodes=3, replicas=1) as record:
        found = connect(lab.cluster_spec(record))
        yield Cluster(found.reader, found.writer, found.lease, lab.until)


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.lab)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    if request.param == "fake":
        return fake()
    found: Cluster = request.getfixturevalue("real")
    for ref in (THING, GATEWAYS, REPLICAS):
        there = found.reader.get(ref)
        if there is not None:
            found.writer.delete(DeleteObject(ref, uid_of(there)))
        lab.until(lambda ref=ref: found.reader.get(ref) is None)
    return found


def thing(**data: str) -> ApplyObject:
    meta: Manifest = {"name": "thing", "namespace": NAMESPACE}
    return ApplyObject({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {**data}})


def workload(ref: ObjectRef, **spec: Json) -> ApplyObject:
    """A workload of pods that run the lab's simplest image."""
    own: Manifest = {"contract": ref.name}
    container: Manifest = {"name": "main", "image": "lab/sleeper", "command": ["sleep", "3600"]}
    template: Manifest = {
        "metadata": {"labels": own},
        "spec": {
            "containers": [container],
            "nodeSelector": {"node-role": "gateway"},
            "terminationGracePeriodSeconds": 1,
        },
    }
    meta: Manifest = {"name": ref.name, "namespace": NAMESPACE, "labels": {"app.kubernetes.io/managed-by": "migrator"}}
    body: Manifest = {"selector": {"matchLabels": own}, "template": template, **spec}
    return ApplyObject({"apiVersion": ref.api_version, "kind": ref.kind, "metadata": meta, "spec": body})


def stored(cluster: Cluster, ref: ObjectRef = THING) -> Manifest:
    found = cluster.reader.get(ref)
    assert found is not None
    return found


def test_what_is_not_there_is_none_and_an_unknown_kind_is_empty(cluster: Cluster) -> None:
    assert cluster.reader.get(THING) is None
    assert cluster.reader.get(ObjectRef("nope.io/v1", "Nope", NAMESPACE, "x")) is None
    assert cluster.reader.list_objects("nope.io/v1", "Nope") == []
    assert cluster.reader.kinds("nope.io") == ()
    assert not cluster.reader.workload(GATEWAYS).exists


def test_applying_twice_is_applying_once(cluster: Cluster) -> None:
    cluster.writer.apply(thing(a="1"))
    first = stored(cluster)
    cluster.writer.apply(thing(a="1"))

    assert stored(cluster) == first
    assert labels(first, "data") == {"a": "1"}


def test_the_kinds_of_a_group_are_told(cluster: Cluster) -> None:
    cluster.writer.apply(workload(REPLICAS, replicas=0))

    assert "Deployment" in cluster.reader.kinds("apps")


def test_listed_objects_know_their_kind_and_selectors_select(cluster: Cluster) -> None:
    cluster.writer.apply(workload(REPLICAS, replicas=0))
    every = cluster.reader.list_objects("apps/v1", "Deployment", NAMESPACE)
    chosen = cluster.reader.list_objects("apps/v1", "Deployment", "", "app.kubernetes.io/managed-by=migrator")

    assert {(each["apiVersion"], each["kind"]) for each in every} == {("apps/v1", "Deployment")}
    assert [dig(each, "metadata", "name") for each in chosen] == [REPLICAS.name]


def test_a_patch_changes_what_it_names_and_null_removes(cluster: Cluster) -> None:
    cluster.writer.apply(thing(a="1", b="2"))
    uid = uid_of(stored(cluster))
    cluster.writer.patch(PatchObject(THING, {"data": {"a": None, "c": "3"}}, uid))

    assert labels(stored(cluster), "data") == {"b": "2", "c": "3"}
    assert uid_of(stored(cluster)) == uid


@pytest.mark.parametrize("uid", ["somebody-else", ""])
def test_another_object_of_the_same_name_is_neither_patched_nor_deleted(cluster: Cluster, uid: str) -> None:
    cluster.writer.apply(thing(a="1"))
    with pytest.raises(Refused):
        cluster.writer.patch(PatchObject(THING, {"data": {"a": "2"}}, uid))
    with pytest.raises(Refused):
        cluster.writer.delete(DeleteObject(THING, uid))

    assert labels(stored(cluster), "data") == {"a": "1"}


def test_patching_what_is_gone_is_refused(cluster: Cluster) -> None:
    with pytest.raises(Refused):
        cluster.writer.patch(PatchObject(THING, {"data": {}}, "some-uid"))


def test_deleting_twice_is_deleting_once(cluster: Cluster) -> None:
    cluster.writer.apply(thing())
    uid = uid_of(stored(cluster))
    cluster.writer.delete(DeleteObject(THING, uid))
    cluster.writer.delete(DeleteObject(THING, uid))

    assert cluster.reader.get(THING) is None


def test_nodes_come_by_label_with_their_address_and_in_order(cluster: Cluster) -> None:
    found = cluster.reader.nodes([("node-role", "gateway")])

    assert [node.name for node in found] == ["node-1", "node-2", "node-3"]
    assert all(isinstance(node, Node) and node.address for node in found)
    assert cluster.reader.nodes([("node-role", "nobody")]) == ()


def test_the_hosts_of_a_selector_are_read_as_they_are_now(cluster: Cluster) -> None:
    nodes = cluster.reader.nodes([("node-role", "gateway")])
    found = cluster.reader.hosts([("node-role", "gateway")])

    assert [(host.name, host.address) for host in found] == [(node.name, node.address) for node in nodes]
    assert not any(host.leaving or host.cordoned for host in found)
    assert cluster.reader.hosts([("node-role", "nobody")]) == ()


def test_a_daemon_set_gets_a_ready_pod_on_each_of_its_nodes(cluster: Cluster) -> None:
    cluster.writer.apply(workload(GATEWAYS, updateStrategy={"type": "OnDelete"}))
    cluster.until(lambda: cluster.reader.workload(GATEWAYS).ready == 3)
    found = cluster.reader.workload(GATEWAYS)

    assert (found.ours, found.rolling, found.wanted) == (True, False, 3)
    assert sorted(pod.ref.node for pod in found.pods) == ["node-1", "node-2", "node-3"]
    assert all(pod.ready and pod.ref.ip and pod.ref.uid and not pod.trouble for pod in found.pods)


def test_a_deployments_pods_are_found_behind_its_replica_sets_and_go_with_it(cluster: Cluster) -> None:
    cluster.writer.apply(workload(REPLICAS, replicas=2))
    cluster.until(lambda: cluster.reader.workload(REPLICAS).ready == 2)
    found = cluster.reader.workload(REPLICAS)
    assert (found.wanted, len(found.pods), found.rolling) == (2, 2, False)

    cluster.writer.delete(DeleteObject(REPLICAS, found.uid))
    left = cluster.reader.workload(REPLICAS)
    assert (left.exists, left.wanted) == (False, 0)
    cluster.until(lambda: not cluster.reader.workload(REPLICAS).live)
    cluster.until(lambda: not cluster.reader.workload(REPLICAS).pods)
    cluster.until(lambda: not cluster.reader.list_objects("v1", "Pod", NAMESPACE, f"contract={REPLICAS.name}"))


@pytest.mark.lab
def test_a_daemon_set_that_may_make_no_pod_says_why(real: Cluster) -> None:
    quota = ObjectRef("v1", "ResourceQuota", NAMESPACE, "none")
    meta: Manifest = {"name": quota.name, "namespace": NAMESPACE}
    body: Manifest = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": meta, "spec": {"hard": {"pods": "0"}}}
    real.writer.apply(ApplyObject(body))
    real.writer.apply(workload(GATEWAYS))
    real.until(lambda: real.reader.workload(GATEWAYS).trouble)
    said = real.reader.workload(GATEWAYS)
    real.writer.delete(DeleteObject(quota, uid_of(stored(real, quota))))
    real.writer.delete(DeleteObject(GATEWAYS, said.uid))

    assert said.pods == ()
    assert said.trouble["reason"] == "FailedCreate"
    assert "exceeded quota" in said.trouble["words"]


def test_a_dry_run_says_why_and_changes_nothing(cluster: Cluster) -> None:
    good, bad = workload(GATEWAYS).manifest, workload(GATEWAYS, selector={"matchLabels": {"a": "b"}}).manifest
    assert isinstance(good, dict)
    assert isinstance(bad, dict)

    assert cluster.reader.dry_run(good) is None
    assert "selector" in text(cluster.reader.dry_run(bad))
    assert cluster.reader.get(GATEWAYS) is None


def test_a_preview_merges_containers_by_name_and_changes_nothing(cluster: Cluster) -> None:
    cluster.writer.apply(workload(GATEWAYS, updateStrategy={"type": "OnDelete"}))
    before = cluster.reader.get(GATEWAYS)
    assert before is not None
    (container,) = items(before, "spec", "template", "spec", "containers")
    named: Manifest = {"name": container["name"], "image": "another:2"}

    after = cluster.reader.previewed(GATEWAYS, {"spec": {"template": {"spec": {"containers": [named]}}}})
    found = cluster.reader.get(GATEWAYS)

    assert items(after, "spec", "template", "spec", "containers") == [{**container, "image": "another:2"}]
    assert found is not None
    assert mapping(found, "spec") == mapping(before, "spec")


def test_the_server_knows_us_and_what_we_may(cluster: Cluster) -> None:
    assert cluster.reader.version().startswith("v1.")
    assert cluster.reader.allowed("create", "v1", "pods/portforward", NAMESPACE)
    assert cluster.reader.allowed("delete", "apps/v1", "Deployment", NAMESPACE)


def test_a_lease_has_one_holder_until_it_is_given_back(cluster: Cluster) -> None:
    cluster.lease.acquire("me@here", 30)
    cluster.lease.acquire("me@here", 30)
    with refused(LeaseHeld, "cluster.lease-held", holder="me@here"):
        cluster.lease.acquire("you@there", 30)
    cluster.lease.release("you@there")
    with pytest.raises(LeaseHeld):
        cluster.lease.acquire("you@there", 30)

    cluster.lease.release("me@here")
    cluster.lease.acquire("you@there", 30)
    cluster.lease.release("you@there")


def test_a_lease_that_is_gone_is_not_made_anew_for_who_does_not_want_that(cluster: Cluster) -> None:
    with refused(LeaseHeld, "cluster.lease-gone"):
        cluster.lease.acquire("me@here", 30, anew=False)
    cluster.lease.acquire("me@here", 30)
    cluster.lease.acquire("me@here", 30, anew=False)
    cluster.lease.release("me@here")


def test_a_lease_that_has_run_out_is_taken_over(cluster: Cluster) -> None:
    cluster.lease.acquire("me@here", 1)

    def taken() -> bool:
        try:
            cluster.lease.acquire("you@there", 30)
        except LeaseHeld:
            return False
        return True

    assert not taken()
    cluster.until(taken)
    cluster.lease.release("you@there")


def test_a_lease_that_has_run_out_stays_with_a_holder_whom_we_must_not_follow(cluster: Cluster) -> None:
    cluster.lease.acquire("me@here run 1", 1)

    def outlived() -> bool:
        try:
            cluster.lease.acquire("you@there run 2", 30, lambda other: not other.startswith("me@here"))
        except LeaseHeld as error:
            return error.message.code == "cluster.lease-of-open-run"
        raise AssertionError("it was taken")

    cluster.until(outlived)
    cluster.lease.acquire("you@there run 2", 30, lambda other: other == "me@here run 1")
    cluster.lease.release("you@there run 2")

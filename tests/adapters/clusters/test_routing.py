"""Two clusters behind the ports of one: each object is read and written in its own, and says of which it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.clusters.writing import RoutedPorts
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import ApplyObject, DeleteObject, PatchObject, PodRef
from migrator.domain.model.manifests import CLUSTER, Manifest, ObjectRef, of_cluster, ref_of, uid_of
from migrator.domain.observation.logins import Login
from migrator.domain.ports.clusters import TwoClusters as Both
from migrator.domain.ports.clusters import each_of, reader_of
from migrator.domain.ports.watching import WatchesPods
from tests.fakes.clusters import THERE, TwoClusters
from tests.fakes.objects import NAMESPACE
from tests.fakes.world import DEPLOYMENT, manifests

HERE = ObjectRef("v1", "ConfigMap", NAMESPACE, "settings")
AWAY = ObjectRef("v1", "ConfigMap", NAMESPACE, "settings", THERE)


def settings(said: str) -> Manifest:
    meta: Manifest = {"name": "settings", "namespace": NAMESPACE}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"said": said}}


@pytest.fixture
def both() -> TwoClusters:
    """Give two clusters with an object of one name, which says in each where it is."""
    made = TwoClusters()
    made.home.add(settings("home"))
    made.other.add(settings("away"))
    return made


def said(thing: Manifest | None) -> object:
    return None if thing is None else thing["data"]


def test_an_object_is_read_in_its_own_cluster_and_says_which_that_is(both: TwoClusters) -> None:
    here, there = both.reader.get(HERE), both.reader.get(AWAY)

    assert [said(here), said(there)] == [{"said": "home"}, {"said": "away"}]
    assert here is not None
    assert there is not None
    assert [ref_of(here), ref_of(there)] == [HERE, AWAY]
    assert both.reader.get(ObjectRef("v1", "ConfigMap", NAMESPACE, "none", THERE)) is None


def test_what_names_no_object_is_asked_at_home_and_of_a_cluster_by_its_name(both: TwoClusters) -> None:
    away = reader_of(both.reader, THERE)
    listed = [each.list_objects("v1", "ConfigMap") for each in each_of(both.reader)]

    assert isinstance(both.reader, Both)
    assert [said(rows[0]) for rows in listed] == [{"said": "home"}, {"said": "away"}]
    assert [ref_of(rows[0]).cluster for rows in listed] == ["", THERE]
    assert both.reader.list_objects("v1", "ConfigMap") == listed[0]
    assert reader_of(both.home, THERE) is both.home
    assert each_of(both.home) == (both.home,)
    assert isinstance(away, WatchesPods)


def test_nodes_rights_and_kinds_are_each_clusters_own(both: TwoClusters) -> None:
    both.other.add_node("node-1", "10.2.0.1")
    both.other.denied.add(("get", "Pod"))
    both.other.served["g"] = ("Thing",)
    away = reader_of(both.reader, THERE)

    assert [node.address for node in away.nodes(())] == ["10.2.0.1"]
    assert [host.address for host in away.hosts(())] == ["10.2.0.1"]
    assert both.reader.nodes(()) == ()
    assert both.reader.hosts(()) == ()
    assert both.reader.allowed("get", "v1", "Pod", NAMESPACE)
    assert not away.allowed("get", "v1", "Pod", NAMESPACE)
    assert (both.reader.kinds("g"), away.kinds("g")) == ((), ("Thing",))


def test_pods_of_the_other_cluster_say_so(both: TwoClusters) -> None:
    for cluster in (both.home, both.other):
        cluster.add_node("node-1", "10.2.0.1", role="gateway")
        for manifest in manifests(2, 0, 0):
            cluster.add(manifest)
    both.clock.advance(5.0)
    away = ObjectRef(DEPLOYMENT.api_version, DEPLOYMENT.kind, DEPLOYMENT.namespace, DEPLOYMENT.name, THERE)

    assert {pod.ref.cluster for pod in both.reader.workload(DEPLOYMENT).pods} == {""}
    assert {pod.ref.cluster for pod in both.reader.workload(away).pods} == {THERE}
    assert both.reader.workload_as_watched(away).ref == away


def test_each_write_goes_to_its_objects_own_cluster_which_does_not_hear_its_name(both: TwoClusters) -> None:
    both.writer.apply(ApplyObject(of_cluster(settings("new"), THERE)))
    found = both.other.get(HERE)
    assert found is not None
    both.writer.patch(PatchObject(AWAY, {"data": {"more": "x"}}, uid_of(found)))

    assert said(both.other.get(HERE)) == {"said": "new", "more": "x"}
    assert said(both.home.get(HERE)) == {"said": "home"}
    assert CLUSTER not in str(both.other.get(HERE))

    both.writer.delete(DeleteObject(AWAY, uid_of(found)))
    assert both.other.get(HERE) is None
    assert both.home.get(HERE) is not None


def test_a_dry_run_is_made_where_the_object_would_be(both: TwoClusters) -> None:
    assert both.reader.dry_run(of_cluster(settings("new"), THERE)) is None
    assert both.reader.dry_run(settings("new")) is None


def test_what_an_object_would_be_after_a_patch_is_asked_of_its_own_cluster(both: TwoClusters) -> None:
    patch: Manifest = {"metadata": {"labels": {"a": "b"}}}

    assert ref_of(both.reader.previewed(AWAY, patch)) == AWAY
    assert ref_of(both.reader.previewed(HERE, patch)) == HERE


def test_both_have_to_answer_before_a_version_is_told(both: TwoClusters) -> None:
    assert both.reader.version() == both.home.version()
    assert reader_of(both.reader, THERE).exposed() is None
    assert both.reader.exposed() is None


def test_each_cluster_knows_how_long_it_knows_us(both: TwoClusters) -> None:
    both.other.known = Login(verbatim("b"), ends=datetime(2026, 1, 1, tzinfo=UTC))
    away = both.reader.of(THERE)

    assert both.reader.login() is None
    assert away.login() == both.other.known


def test_the_pods_of_each_are_watched_by_a_reader_of_its_own(both: TwoClusters) -> None:
    away, told = both.reader.of(THERE), list[str]()
    away.follow_pods("edge", lambda: told.append("away"))
    away.unfollow()
    both.reader.follow_pods("home", lambda: told.append("home"))
    both.reader.unfollow()

    assert told == ["away", "home"]
    assert (both.home.watched, both.other.watched) == ("home", "edge")
    assert both.home.ended
    assert both.other.ended


class Line:
    """A stream that is one."""

    def send(self, data: bytes) -> None: ...

    def receive(self, seconds: float) -> bytes:
        return b""

    def close(self) -> None: ...


class Ways:
    """Notes who is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        self.asked.append(pod.name)
        return Line()


def test_a_pod_is_reached_through_its_own_api_server() -> None:
    home, other = Ways(), Ways()
    ports = RoutedPorts(home, {THERE: other})
    ports.open(PodRef(NAMESPACE, "one", "u", "10.0.0.1"), 1, 1.0)
    ports.open(PodRef(NAMESPACE, "two", "u", "10.0.0.2", cluster=THERE), 1, 1.0)

    assert (home.asked, other.asked) == (["one"], ["two"])

"""Pods are watched: every change is told, a forgotten version begins anew, and lists stand only while the watch does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.reader import LISTED_FOR, KubeReader
from migrator.adapters.cluster.resources import Resources
from migrator.adapters.cluster.watching import PodWatch
from migrator.domain.messages.errors import Denied, Unreachable
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.ports.watching import WatchesPods
from tests.adapters.conftest import SECRET
from tests.adapters.served import Asked, Reply, serving
from tests.lab.kube.world import Server, until

Specs = Callable[[str], ClusterSpec]
PODS = "/api/v1/namespaces/ns/pods"
DEPLOY = ObjectRef("apps/v1", "DaemonSet", "ns", "gw")


def event(kind: str, version: str, **more: Json) -> str:
    return json.dumps({"type": kind, "object": {"metadata": {"resourceVersion": version}, **more}})


class Script:
    """An API server whose watches say what is next in `watches`; it notes from which versions they began, and counts lists."""

    def __init__(self, *watches: list[str] | Reply) -> None:
        self.watches = list(watches)
        self.begun: list[str] = []
        self.lists = 0
        self.template = "1"

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        url = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/api/v1":
            return found({"resources": [{"name": "pods", "kind": "Pod", "namespaced": True}]})
        if url.path == "/apis/apps/v1":
            return found({"resources": [{"name": "daemonsets", "kind": "DaemonSet", "namespaced": True}]})
        if url.path.endswith("/daemonsets/gw"):
            meta: Json = {"name": "gw", "uid": "u", "resourceVersion": self.template}
            return found({"metadata": meta, "spec": {"selector": {"matchLabels": {"a": "b"}}}})
        if "watch" in query:
            self.begun.append(query["resourceVersion"])
            said = self.watches.pop(0)
            return said if isinstance(said, Reply) else Reply(200, "".join(f"{line}\n" for line in said).encode())
        self.lists += "labelSelector" in query
        return found({"kind": "PodList", "metadata": {"resourceVersion": "5"}, "items": []})


def found(thing: Manifest) -> Reply:
    return Reply(200, json.dumps(thing).encode())


def followed(script: Script, specs: Specs, times: int = 1) -> int:
    """Follow so many times; give how often a change was told."""
    told: list[int] = []
    with serving(script) as served:
        connection = Connection(specs(served.url))
        watch = PodWatch(connection, Resources(connection))
        for _ in range(times):
            watch.follow("ns", lambda: told.append(1))
        connection.close()
    return len(told)


def test_a_watch_begins_at_the_list_and_tells_of_each_change(spec_of: Specs) -> None:
    script = Script([event("ADDED", "6"), event("MODIFIED", "7"), event("DELETED", "8")])

    assert followed(script, spec_of) == 4  # the beginning, too: what came before it was not seen
    assert script.begun == ["5"]


def test_the_next_watch_begins_where_the_last_ended_and_a_bookmark_is_no_change(spec_of: Specs) -> None:
    script = Script([event("ADDED", "6"), event("BOOKMARK", "9")], [])

    assert followed(script, spec_of, 2) == 2
    assert script.begun == ["5", "9"]


def test_a_version_that_is_forgotten_is_listed_again_and_told(spec_of: Specs) -> None:
    script = Script([event("ADDED", "6"), event("ERROR", "", code=410, message="too old")], [])

    assert followed(script, spec_of, 2) == 4
    assert script.begun == ["5", "5"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param([event("ERROR", "", code=500, message="etcd")], "cluster.watch-ended", id="another error"),
        pytest.param(["<html>"], "cluster.no-json", id="no JSON"),
        pytest.param(['{"type": "ADDED"}'], "cluster.no-object", id="no object"),
        pytest.param(["[]"], "cluster.no-object", id="a list"),
        pytest.param(Reply(410, b"{}"), "cluster.in-trouble", id="410 as a status"),
    ],
)
def test_what_is_no_watch_is_unreachable(spec_of: Specs, said: Any, code: str) -> None:
    with pytest.raises(Unreachable) as met:
        followed(Script(said), spec_of)

    assert met.value.message.code == code


def test_a_status_of_410_is_followed_by_a_list(spec_of: Specs) -> None:
    script = Script([], Reply(410, b"{}"), [])
    with serving(script) as served:
        connection = Connection(spec_of(served.url))
        watch = PodWatch(connection, Resources(connection))
        watch.follow("ns", lambda: None)
        with pytest.raises(Unreachable):
            watch.follow("ns", lambda: None)
        watch.follow("ns", lambda: None)
        connection.close()

    assert script.begun == ["5", "5", "5"]


def test_a_watch_that_begins_anew_lets_no_list_of_before_stand(spec_of: Specs) -> None:
    script, stamps = Script([event("ADDED", "6")], [event("ADDED", "7")]), list[int | None]()
    with serving(script) as served:
        connection = Connection(spec_of(served.url))
        watch = PodWatch(connection, Resources(connection))
        for _ in range(2):
            watch.follow("ns", lambda: stamps.append(watch.stamp("ns")))
        connection.close()

    before, first, second = stamps
    assert before is None
    assert first is not None
    assert second == first + 2  # its beginning, and its event


def test_a_watch_that_was_ended_asks_nobody_any_more(spec_of: Specs) -> None:
    with serving(Script()) as served:
        connection = Connection(spec_of(served.url))
        watch = PodWatch(connection, Resources(connection))
        watch.end()
        watch.follow("ns", lambda: None)
        connection.close()

    assert served.asked == []


def test_a_right_that_is_missing_is_told_as_such(spec_of: Specs) -> None:
    with pytest.raises(Denied):
        followed(Script(Reply(403, b"{}")), spec_of)


# --- lists that stand while the watch does ---------------------------------------------------------------------------


class Standing:
    """A watch that stands at a number of changes, or does not."""

    def __init__(self, stamp: int | None) -> None:
        self.at = stamp

    def stamp(self, namespace: str) -> int | None:
        """Give the number."""
        return self.at


@pytest.fixture
def script() -> Script:
    """A server that nobody watches."""
    return Script()


@pytest.fixture
def reader(script: Script, spec_of: Specs) -> Iterator[KubeReader]:
    """A reader of that server."""
    with serving(script) as served:
        connection = Connection(spec_of(served.url))
        yield KubeReader(connection, Resources(connection))
        connection.close()


def looked(reader: KubeReader, stamps: list[int | None]) -> None:
    for stamp in stamps:
        reader._watch = Standing(stamp)  # type: ignore[assignment]  # a test sets the watch as it would stand
        reader.workload_as_watched(DEPLOY)


@pytest.mark.parametrize(
    ("stamps", "lists"),
    [
        pytest.param([3, 3, 3], 1, id="no change: one list"),
        pytest.param([3, 4, 4], 2, id="a change: one more"),
        pytest.param([None, None], 2, id="nobody watches: each time"),
        pytest.param([3, None, 3], 2, id="the watch broke off and told of nothing"),
    ],
)
def test_pods_are_listed_only_after_a_change(
    reader: KubeReader, script: Script, stamps: list[int | None], lists: int
) -> None:
    looked(reader, stamps)

    assert script.lists == lists


def test_a_workload_that_was_changed_is_listed_anew(reader: KubeReader, script: Script) -> None:
    looked(reader, [3])
    script.template = "2"
    looked(reader, [3])

    assert script.lists == 2


def test_a_list_stands_for_seconds_only(reader: KubeReader, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([1.0, 1.0 + LISTED_FOR / 2, 1.0 + LISTED_FOR])
    monkeypatch.setattr("migrator.adapters.cluster.reader.monotonic", lambda: next(moments))
    looked(reader, [3, 3, 3])

    assert script.lists == 2


def test_a_fresh_look_lists_whatever_the_watch_has_told(reader: KubeReader, script: Script) -> None:
    looked(reader, [3])
    reader.workload(DEPLOY)

    assert script.lists == 2
    assert isinstance(reader, WatchesPods)


# --- before the lab's API server -------------------------------------------------------------------------------------


@pytest.mark.lab
def test_a_real_watch_tells_of_a_pod_at_once_and_ends_when_it_is_told_to(spec_of: Specs) -> None:
    server = Server("--token", SECRET)
    told: list[int] = []
    connection = Connection(spec_of(server.url))
    watch = PodWatch(connection, Resources(connection))
    following = threading.Thread(target=watch.follow, args=("default", lambda: told.append(1)), daemon=True)
    following.start()
    try:
        until(lambda: watch.stamp("default"), "a watch that stands")
        pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
        code, _ = server.send("POST", "/api/v1/namespaces/default/pods", pod, token=SECRET)
        until(lambda: len(told) > 1, "a change")
        watch.end()
        following.join(8.0)
    finally:
        connection.close()
        server.close()

    assert code == 201
    assert not following.is_alive()
    assert watch.stamp("default") is None

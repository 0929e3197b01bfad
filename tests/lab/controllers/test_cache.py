"""The cache between watches and our own writes: newer wins, the dead stay dead, a list corrects everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from migrator.lab.apiclient import Access, ApiError, Unanswered, read_kubeconfig
from migrator.lab.controllers.api.objects import name_of
from migrator.lab.controllers.api.resources import PODS
from migrator.lab.controllers.engine.cache import Cache, follow
from tests.lab.controllers.live import write_kubeconfig

Json = dict[str, Any]


def pod(name: str, version: int, uid: str = "") -> Json:
    return {"metadata": {"name": name, "namespace": "d", "uid": uid or name, "resourceVersion": str(version)}}


@pytest.fixture
def changes() -> list[str]:
    return []


@pytest.fixture
def cache(changes: list[str]) -> Cache:
    return Cache(PODS, lambda resource: changes.append(resource.plural))


def versions(cache: Cache) -> dict[str, str]:
    return {name_of(item): item["metadata"]["resourceVersion"] for item in cache.items()}


def test_an_older_version_never_overwrites_a_newer_one_and_is_no_news(cache, changes):
    cache.put(pod("a", 5))
    cache.put(pod("a", 4))
    cache.put(pod("a", 5))

    assert versions(cache) == {"a": "5"}
    assert len(changes) == 1


def test_a_late_event_does_not_revive_a_dead_object_but_its_successor_lives(cache):
    cache.put(pod("a", 5, "first"))
    cache.drop(pod("a", 6, "first"))
    cache.put(pod("a", 7, "first"))
    assert versions(cache) == {}

    cache.put(pod("a", 8, "second"))
    cache.drop(pod("a", 9, "first"))
    assert versions(cache) == {"a": "8"}


def test_a_list_removes_what_it_lacks_but_not_what_is_newer_than_itself(cache):
    cache.put(pod("old", 5))
    cache.put(pod("just-written", 12))

    cache.replace([pod("listed", 7)], version=10)

    assert versions(cache) == {"just-written": "12", "listed": "7"}


def test_a_mark_shows_our_own_write_before_the_watch_does(cache):
    cache.put(pod("a", 5))
    bound = pod("a", 5) | {"spec": {"nodeName": "n1"}}
    cache.mark(bound)
    cache.mark(pod("unknown", 1))

    assert [item.get("spec") for item in cache.items()] == [{"nodeName": "n1"}]


def test_objects_from_a_list_are_given_the_kind_that_lists_leave_out(cache):
    cache.put(pod("a", 1))

    [item] = cache.items()
    assert (item["apiVersion"], item["kind"]) == ("v1", "Pod")


class Script:
    """An API that answers lists and watches from a script, and is silent for ever at its end."""

    def __init__(self, lists: list[Json | Exception], watches: list[list[Json] | Exception]) -> None:
        self._lists, self._watches = lists, watches
        self.asked: list[str] = []
        self.silent = asyncio.Event()

    async def call(self, method: str, path: str) -> Json:
        answer = self._lists.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def watch(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Json]:
        self.asked.append(query["resourceVersion"])
        if not self._watches:
            self.silent.set()
            await asyncio.Event().wait()
        answer = self._watches.pop(0)
        if isinstance(answer, Exception):
            raise answer
        for event in answer:
            yield event


def listing(version: int, *pods: Json) -> Json:
    return {"metadata": {"resourceVersion": str(version)}, "items": list(pods)}


def event(kind: str, item: Json) -> Json:
    return {"type": kind, "object": item}


GONE = {"type": "ERROR", "object": {"code": 410, "reason": "Expired", "message": "too old"}}


@pytest.mark.parametrize(
    ("lists", "watches", "asked", "left"),
    [
        pytest.param(
            [listing(1, pod("a", 1))],
            [[event("ADDED", pod("b", 2)), event("DELETED", pod("a", 3))]],
            ["1", "3"],
            {"b": "2"},
            id="a watch that ends is taken up at the last version seen",
        ),
        pytest.param(
            [listing(1, pod("a", 1))],
            [[event("BOOKMARK", {"metadata": {"resourceVersion": "40"}})]],
            ["1", "40"],
            {"a": "1"},
            id="a bookmark moves the version and nothing else",
        ),
        pytest.param(
            [listing(1, pod("a", 1)), listing(50, pod("b", 40))],
            [[GONE]],
            ["1", "50"],
            {"b": "40"},
            id="410 inside the stream leads to a new list",
        ),
        pytest.param(
            [listing(1, pod("a", 1)), listing(50, pod("b", 40))],
            [Unanswered("reset")],
            ["1", "50"],
            {"b": "40"},
            id="a broken connection leads to a new list",
        ),
        pytest.param(
            [Unanswered("refused"), ApiError(503, "", ""), listing(50, pod("b", 40))],
            [],
            ["50"],
            {"b": "40"},
            id="a server that is not there yet is asked again",
        ),
        pytest.param(
            [ApiError(404, "", "404 page not found"), listing(50, pod("b", 40))],
            [],
            ["50"],
            {"b": "40"},
            id="a type that is not defined yet is empty until it is",
        ),
    ],
)
def test_following_survives(cache, lists, watches, asked, left):
    script = Script(lists, watches)

    async def run() -> None:
        task = asyncio.create_task(follow(script, cache))
        await asyncio.wait_for(script.silent.wait(), 5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())

    assert script.asked == asked
    assert versions(cache) == left
    assert cache.filled.is_set()


def test_a_kubeconfig_is_read_by_its_current_context(tmp_path):

    path = write_kubeconfig(tmp_path / "config", Access("http://127.77.0.1:6443/", "t"))

    assert read_kubeconfig(path) == Access("http://127.77.0.1:6443", "t")

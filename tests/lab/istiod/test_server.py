"""The config server over HTTP on loopback: long polls, faults, the list for people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from migrator.lab.controllers.api.resources import ISTIO_GATEWAYS, PODS, SERVICES, VIRTUAL_SERVICES
from migrator.lab.istiod.server import WATCHES, ConfigServer
from tests.lab.controllers.cluster import Cluster
from tests.lab.istiod.test_config import backend, mesh, pod, service

pytestmark = pytest.mark.lab
PATH = "/v1/config/gateways/gw-1"


class Desk:
    """A config server in front of a cluster in memory."""

    def __init__(self, client: TestClient[Any, Any], server: ConfigServer, cluster: Cluster) -> None:
        self.client, self.server, self.cluster = client, server, cluster
        self.show()

    def show(self) -> None:
        """Bring the cluster's objects into the server's caches, as its watches would."""
        for resource in WATCHES:
            for item in self.cluster.all(resource):
                self.server.caches[resource].put(item)

    async def get(self, path: str = PATH, **query: str) -> tuple[int, Any]:
        async with self.client.get(path, params=query) as reply:
            return reply.status, await reply.json()

    async def fault(self, kind: str) -> int:
        body = {"namespace": "gateways", "pod": "gw-1", "kind": kind}
        async with self.client.post("/v1/fault", json=body) as reply:
            return reply.status


@asynccontextmanager
async def desk(*, with_pod: bool = True) -> AsyncIterator[Desk]:
    cluster = mesh(services=(service(),))
    if with_pod:
        cluster.add(PODS, pod())
    server = ConfigServer()
    async with TestClient(TestServer(server.app(), host="127.0.0.1")) as client:
        yield Desk(client, server, cluster)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 20))


def test_a_pod_without_a_version_is_answered_at_once():
    async def test() -> None:
        async with desk() as front:
            status, found = await front.get(wait="10", version="")
            assert status == 200
            assert [one["port"] for one in found["listeners"]] == [8080]

    run(test)


def test_a_long_poll_ends_as_soon_as_the_config_changes():
    async def test() -> None:
        async with desk() as front:
            _, before = await front.get()
            poll = asyncio.create_task(front.get(wait="10", version=before["version"]))
            await front.get()  # a round trip: the poll is waiting by now
            started = time.monotonic()
            annotations = {"metadata": {"annotations": {"lab/endpoint": "127.77.0.3:8001"}}}
            front.cluster.change(SERVICES, "app", annotations, "app")
            front.show()
            _, after = await poll
            assert after["version"] != before["version"]
            assert time.monotonic() - started < 9, "the change was news before the poll was over"

    run(test)


def test_a_change_that_does_not_concern_the_pod_does_not_end_its_poll():
    async def test() -> None:
        async with desk() as front:
            _, before = await front.get()
            poll = asyncio.create_task(front.get(wait="0.3", version=before["version"]))
            other = backend()
            other["metadata"]["name"] = "other"
            front.cluster.add(SERVICES, other)
            front.show()
            started = time.monotonic()
            assert (await poll)[1]["version"] == before["version"]
            assert time.monotonic() - started > 0.1

    run(test)


def test_an_unknown_pod_is_waited_for_and_then_refused():
    async def test() -> None:
        async with desk(with_pod=False) as front:
            assert (await front.get(wait="0.1"))[0] == 404
            poll = asyncio.create_task(front.get(wait="10"))
            await front.get()
            front.cluster.add(PODS, pod())
            front.show()
            assert (await poll)[0] == 200

    run(test)


def test_a_stale_fault_is_pushed_and_taken_back():
    async def test() -> None:
        async with desk() as front:
            _, fresh = await front.get()
            assert await front.fault("stale") == 200
            _, old = await front.get(wait="10", version=fresh["version"])
            assert [one["endpoints"][0]["port"] for one in old["clusters"]] == [1]
            assert await front.fault("none") == 200
            assert (await front.get(wait="10", version=old["version"]))[1] == fresh
            assert await front.fault("nonsense") == 400

    run(test)


def test_the_list_of_pods_says_who_asked_and_what_each_holds():
    async def test() -> None:
        async with desk() as front:
            front.cluster.add(PODS, pod("gw-2"))
            front.cluster.add(PODS, pod("stranger", labels={"a": "b"}))
            front.show()
            _, found = await front.get()
            await front.get(version=found["version"])
            _, listed = await front.get("/v1/pods")
            assert [(one["name"], one["holds"]) for one in listed["pods"]] == [
                ("gw-1", found["version"]),
                ("gw-2", None),
            ]

    run(test)


def test_a_wait_that_is_no_number_is_refused():
    async def test() -> None:
        async with desk() as front:
            assert (await front.get(wait="soon"))[0] == 400

    run(test)


def test_a_poll_ends_when_routes_arrive():
    async def test() -> None:
        async with desk() as front:
            _, before = await front.get()
            for resource in (VIRTUAL_SERVICES, ISTIO_GATEWAYS):
                for item in front.cluster.all(resource):
                    front.server.caches[resource].drop(item)
            _, bare = await front.get(wait="10", version=before["version"])
            assert bare["listeners"] == []

    run(test)

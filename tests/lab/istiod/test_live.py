"""The config server as a process, following a real API server of the lab."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from subprocess import Popen
from typing import Any

import aiohttp
import pytest

from migrator.lab.apiclient import Api
from migrator.lab.controllers.api.resources import ISTIO_GATEWAYS, NAMESPACES, PODS, SERVICES, VIRTUAL_SERVICES
from migrator.lab.process import ready_line, spawn, stop
from tests.lab.controllers.live import Live, start_server, write_kubeconfig
from tests.lab.istiod.test_config import backend, gateway, pod, service, virtual

pytestmark = [pytest.mark.lab, pytest.mark.slow]


async def seed(cluster: Live) -> None:
    for name in ("gateways", "app"):
        await cluster.add(NAMESPACES, {"metadata": {"name": name}}, "")
    await cluster.add(SERVICES, backend(), "app")
    await cluster.add(SERVICES, service(), "gateways")
    await cluster.add(ISTIO_GATEWAYS, gateway(), "gateways")
    await cluster.add(PODS, pod(), "gateways")


async def follow(cluster: Live, url: str) -> None:
    """Ask as a gateway asks, through a route that arrives, a label that moves the port, and a fault."""
    async with aiohttp.ClientSession(url) as http:

        async def config(**query: str) -> dict[str, Any]:
            async with http.get("/v1/config/gateways/gw-1", params=query) as reply:
                assert reply.status == 200
                found: dict[str, Any] = await reply.json()
                return found

        await seed(cluster)
        bare = await config(wait="10")
        poll = asyncio.create_task(config(wait="10", version=bare["version"]))
        await cluster.add(VIRTUAL_SERVICES, virtual(), "gateways")
        started = time.monotonic()
        served = await poll
        assert time.monotonic() - started < 9, "the route was news before the poll was over"
        assert [one["port"] for one in served["listeners"]] == [8080]

        narrowed = {"spec": {"selector": {"pod-template-hash": "old"}}}
        await cluster.change(SERVICES, "igw", narrowed, "gateways")
        moved = await config(wait="10", version=served["version"])
        assert [one["port"] for one in moved["listeners"]] == [80], "no Service selects the pod any more"

        fault = {"namespace": "gateways", "pod": "gw-1", "kind": "stale"}
        async with http.post("/v1/fault", json=fault) as reply:
            assert reply.status == 200
        stale = await config(wait="10", version=moved["version"])
        assert [one["port"] for cluster in stale["clusters"] for one in cluster["endpoints"]] == [1]


async def stopped_amid_a_poll(url: str, istiod: Popen[bytes]) -> None:
    """End the server while a gateway waits for news: it must not wait for the poll."""
    async with aiohttp.ClientSession(url) as http:
        poll = asyncio.create_task(http.get("/v1/config/gateways/nobody", params={"wait": "50"}))
        async with http.get("/v1/pods") as reply:
            assert reply.status == 200
        started = time.monotonic()
        assert await asyncio.to_thread(stop, istiod, 20.0) == 0
        assert time.monotonic() - started < 40, "it did not wait for the poll of 50 s"
        await asyncio.gather(poll, return_exceptions=True)


def test_gateways_are_told_of_every_change_that_concerns_them(net: str, tmp_path: Path) -> None:
    server, access = start_server(net)
    istiod = None
    try:
        kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", access)
        argv = ["-m", "migrator.lab.istiod", "--kubeconfig", str(kubeconfig), "--host", f"{net}.0.2", "--port", "15010"]
        istiod = spawn([sys.executable, *argv])
        line = ready_line(istiod, 20)

        async def test() -> None:
            async with asyncio.timeout(40), Api(access) as api:
                await follow(Live(api, kubeconfig), line["url"])
                await stopped_amid_a_poll(line["url"], istiod)

        asyncio.run(test())
    finally:
        for process in (istiod, server):
            if process is not None:
                stop(process)

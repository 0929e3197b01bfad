"""The controllers as a process against the lab's API server: the measured behaviours, end to end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from migrator.lab.controllers.api.objects import condition_of, controller_of, name_of
from migrator.lab.controllers.api.resources import (
    DAEMON_SETS,
    DEPLOYMENTS,
    ENDPOINT_SLICES,
    EVENTS,
    NODES,
    PODS,
    REPLICA_SETS,
    SERVICE_ACCOUNTS,
    SERVICES,
    Resource,
)
from migrator.lab.process import stop
from tests.lab.controllers.cluster import daemon_set_of, deployment_of, template
from tests.lab.controllers.live import Live, live, start_controllers

pytestmark = [pytest.mark.lab, pytest.mark.slow]
SERVICE = {
    "metadata": {"name": "web"},
    "spec": {"selector": {"app": "gw"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
QUOTAS = Resource("v1", "resourcequotas", "ResourceQuota")
Test = Callable[[Live], Awaitable[None]]


@pytest.fixture
def run(net: str, tmp_path: Path) -> Callable[..., None]:
    """Run an async test body against a fresh cluster, bounded in time."""

    def go(test: Test, *options: str) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(60), live(net, tmp_path, *options) as cluster:
                await test(cluster)

        asyncio.run(bounded())

    return go


def test_a_deployment_and_a_daemonset_are_rolled_out(run):
    async def test(cluster: Live) -> None:
        await cluster.add(DEPLOYMENTS, deployment_of(3))
        await cluster.add(DAEMON_SETS, daemon_set_of())
        await cluster.until("deployment", lambda: cluster.has_ready(3, app="gw"))
        await cluster.until("daemonset", lambda: cluster.has_ready(5, app="ds"))

        async def reported() -> bool:
            found = await cluster.get(DEPLOYMENTS, "gw")
            progress = condition_of(found, "Progressing") or {}
            daemons = (await cluster.get(DAEMON_SETS, "ds"))["status"]
            return progress.get("reason") == "NewReplicaSetAvailable" and daemons.get("numberAvailable") == 5

        await cluster.until("status", reported)
        found = await cluster.get(DEPLOYMENTS, "gw")
        assert found["metadata"]["generation"] == found["status"]["observedGeneration"] == 1
        assert found["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1"
        assert "unavailableReplicas" not in found["status"]
        assert await cluster.get(SERVICE_ACCOUNTS, "default")

    run(test)


def test_a_new_template_is_rolled_out_to_the_end_and_an_old_one_back(run):
    async def test(cluster: Live) -> None:
        await cluster.add(DEPLOYMENTS, deployment_of(3))
        await cluster.until("first", lambda: cluster.has_ready(3, app="gw"))
        for image in ("lab/httpd:2", "lab/httpd"):
            await cluster.change(DEPLOYMENTS, "gw", {"spec": {"template": template(image)}})

            async def rolled(image: str = image) -> bool:
                pods = await cluster.ready_pods(app="gw")
                return [pod["spec"]["containers"][0]["image"] for pod in pods] == [image] * 3

            await cluster.until(image, rolled)
        assert len(await cluster.all(REPLICA_SETS)) == 2

    run(test)


def test_a_relabelled_pod_is_orphaned_and_replaced(run):
    async def test(cluster: Live) -> None:
        await cluster.add(DEPLOYMENTS, deployment_of(3))
        await cluster.until("pods", lambda: cluster.has_ready(3, app="gw"))
        orphan = name_of((await cluster.ready_pods(app="gw"))[0])
        await cluster.change(PODS, orphan, {"metadata": {"labels": {"app": "other"}}})
        await cluster.until("replacement", lambda: cluster.has_ready(3, app="gw"))
        assert controller_of(await cluster.get(PODS, orphan)) is None

    run(test)


def test_a_taken_host_port_is_told_as_the_real_scheduler_tells_it_and_noticed_when_free(run):
    async def test(cluster: Live) -> None:
        pod = template(ports=(8080,), hostNetwork=True)
        for number in (1, 2, 3):
            spec = pod["spec"] | {"nodeName": f"n{number}"}
            await cluster.add(PODS, {"metadata": {"name": f"old-{number}"}, "spec": spec})
        await cluster.add(DAEMON_SETS, daemon_set_of(pod=pod))
        await cluster.until("two ready", lambda: cluster.has_ready(2, app="ds"))

        async def told() -> list[dict[str, Any]]:
            return [event for event in await cluster.all(EVENTS) if event["reason"] == "FailedScheduling"]

        await cluster.until("events", told)
        event = (await told())[0]
        assert event["message"] == (
            "0/5 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, "
            "4 node(s) didn't match Pod's node affinity."
        )
        assert (event["source"], event["reportingComponent"]) == ({}, "default-scheduler")
        assert event["eventTime"]
        assert event.get("firstTimestamp") is None

        async def counted() -> bool:
            status = (await cluster.get(DAEMON_SETS, "ds"))["status"]
            return {"updatedNumberScheduled": 5, "numberReady": 2, "numberUnavailable": 3}.items() <= status.items()

        await cluster.until("status", counted)
        for number in (1, 2, 3):
            await cluster.delete(PODS, f"old-{number}")
        await cluster.until("ports noticed", lambda: cluster.has_ready(5, app="ds"))

    run(test)


def test_a_quota_is_told_in_events_and_conditions_until_it_is_lifted(run):
    async def test(cluster: Live) -> None:
        await cluster.add(QUOTAS, {"metadata": {"name": "q"}, "spec": {"hard": {"pods": "2"}}})
        await cluster.add(DEPLOYMENTS, deployment_of(3))

        async def refused() -> bool:
            found = await cluster.get(DEPLOYMENTS, "gw")
            return (condition_of(found, "ReplicaFailure") or {}).get("reason") == "FailedCreate"

        await cluster.until("condition", refused)
        events = [event for event in await cluster.all(EVENTS) if event["reason"] == "FailedCreate"]
        assert events[0]["type"] == "Warning"
        assert "exceeded quota: q" in events[0]["message"]
        await cluster.change(QUOTAS, "q", {"spec": {"hard": {"pods": "9"}}})
        await cluster.until("pods", lambda: cluster.has_ready(3, app="gw"))

        async def cleared() -> bool:
            return not await refused()

        await cluster.until("condition gone", cleared)

    run(test)


def test_a_deleted_pod_leaves_the_slice_at_once(run):
    async def test(cluster: Live) -> None:
        await cluster.add(SERVICES, SERVICE)
        await cluster.add(DEPLOYMENTS, deployment_of(2))

        async def ready() -> set[str]:
            slices = await cluster.all(ENDPOINT_SLICES)
            ends = [one for item in slices for one in item.get("endpoints") or [] if one["conditions"]["ready"]]
            return {one["targetRef"]["name"] for one in ends}

        async def two() -> bool:
            return len(await ready()) == 2

        await cluster.until("endpoints", two)
        victim = (await ready()).pop()
        cluster.dead_nodes = {f"n{number}" for number in range(1, 6)}  # nobody stops the container meanwhile
        await cluster.delete(PODS, victim, grace=30)

        async def left() -> bool:
            return victim not in await ready()

        await cluster.until("left", left)

    run(test)


def test_a_lost_node_makes_the_daemonset_look_complete_and_comes_back(run):
    async def test(cluster: Live) -> None:
        await cluster.add(DAEMON_SETS, daemon_set_of())
        await cluster.until("pods", lambda: cluster.has_ready(5, app="ds"))
        cluster.dead_nodes = {"n5"}

        async def lost() -> bool:
            node = await cluster.get(NODES, "n5", "")
            taints = [taint["key"] for taint in node["spec"].get("taints") or []]
            return taints == ["node.kubernetes.io/unreachable"] and len(await cluster.ready_pods(app="ds")) == 4

        async def shrunk() -> bool:
            status = (await cluster.get(DAEMON_SETS, "ds"))["status"]
            wanted = {"desiredNumberScheduled": 4, "numberMisscheduled": 1, "numberAvailable": 4, "numberReady": 4}
            return wanted.items() <= status.items() and "numberUnavailable" not in status

        await cluster.until("lost", lost)
        await cluster.until("shrunk", shrunk)
        assert condition_of(await cluster.get(NODES, "n5", ""), "Ready")["status"] == "Unknown"
        cluster.dead_nodes = set()
        await cluster.until("recovered", lambda: cluster.has_ready(5, app="ds"))

        async def untainted() -> bool:
            return not (await cluster.get(NODES, "n5", ""))["spec"].get("taints")

        await cluster.until("untainted", untainted)

    run(test)


@pytest.mark.parametrize("policy", ["Background", "Foreground", "Orphan"])
def test_a_deployment_is_deleted_as_asked(run, policy):
    async def test(cluster: Live) -> None:
        await cluster.add(DEPLOYMENTS, deployment_of(2))
        await cluster.until("pods", lambda: cluster.has_ready(2, app="gw"))
        before = {name_of(pod) for pod in await cluster.ready_pods(app="gw")}
        await cluster.delete(DEPLOYMENTS, "gw", policy)

        async def gone() -> bool:
            return not await cluster.all(DEPLOYMENTS)

        await cluster.until("deployment gone", gone)
        if policy == "Orphan":
            [left] = await cluster.all(REPLICA_SETS)
            assert controller_of(left) is None
            assert {name_of(pod) for pod in await cluster.ready_pods(app="gw")} == before
        else:
            await cluster.until("pods gone", lambda: cluster.has_ready(0, app="gw"))

    run(test)


def test_killed_controllers_are_followed_by_others_that_make_nothing_twice(net, tmp_path):
    async def test() -> None:
        async with asyncio.timeout(60), live(net, tmp_path) as cluster:
            second = start_controllers(cluster.kubeconfig)  # two at once: worse than a restart
            try:
                await cluster.add(DEPLOYMENTS, deployment_of(3))
                await cluster.until("pods", lambda: cluster.has_ready(3, app="gw"))
            finally:
                second.kill()
                assert stop(second) == -9
            await cluster.change(DEPLOYMENTS, "gw", {"spec": {"replicas": 5}})
            await cluster.until("scaled", lambda: cluster.has_ready(5, app="gw"))
            assert len(await cluster.all(REPLICA_SETS)) == 1

    asyncio.run(test())


def test_a_watch_that_fell_out_of_the_window_is_followed_by_a_list(run):
    async def test(cluster: Live) -> None:
        await cluster.add(DEPLOYMENTS, deployment_of(3))
        await cluster.until("pods", lambda: cluster.has_ready(3, app="gw"))
        for number in range(60):
            await cluster.change(
                PODS, name_of((await cluster.all(PODS))[0]), {"metadata": {"labels": {"n": f"{number}"}}}
            )
        await cluster.change(DEPLOYMENTS, "gw", {"spec": {"replicas": 4}})
        await cluster.until("scaled", lambda: cluster.has_ready(4, app="gw"))

    run(test, "--watch-window", "4")

"""The moments of a run become Events that the API server takes, once, and that `kubectl describe` finds by their uid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.telling.cluster_events import ClusterEvents
from migrator.domain.messages.errors import Denied
from migrator.domain.model.spec import ClusterSpec, Moment
from migrator.domain.ports.telling import Letter
from tests.lab.kube.world import TOKEN, Server, Space
from tests.store.world import START, make_plan

LETTERS = tuple(
    Letter(f"plan-1-row-{n}", moment, START, f"Run 1 (edge): {moment}", f"What is so: {moment}.\nrow {n}")
    for n, moment in enumerate(Moment)
)
POD = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
SPEC = {"selector": {"matchLabels": {"a": "b"}}, "template": POD}


def channel(server: Server, space: Space, folder: Path, token: str = TOKEN) -> ClusterEvents:
    """Give the channel for the two workloads of a namespace."""
    file = folder / "kubeconfig"
    content = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server.url}}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    cluster = ClusterSpec(space.name, kubeconfig=str(file))
    return ClusterEvents(Connection(cluster), replace(make_plan("c1").spec, cluster=cluster), lambda: START)


@pytest.fixture
def workloads(space: Space) -> dict[str, Any]:
    """Both workloads, by kind."""
    return {
        "Deployment": space.make("apps/deployments", {"metadata": {"name": "gw"}, "spec": SPEC}),
        "DaemonSet": space.make("apps/daemonsets", {"metadata": {"name": "gw-ds"}, "spec": SPEC}),
    }


def events(server: Server, space: Space, uid: str) -> list[dict[str, Any]]:
    """Ask as `kubectl describe` does."""
    query = {"fieldSelector": f"involvedObject.uid={uid}"}
    _, found = server.send("GET", f"/api/v1/namespaces/{space.name}/events", query=query)
    return [dict(event) for event in found["items"]]


def test_each_moment_is_one_event_of_each_workload_however_often_it_is_told(
    server: Server, space: Space, workloads: dict[str, Any], tmp_path: Path
) -> None:
    told = channel(server, space, tmp_path)
    for letter in (*LETTERS, *LETTERS):
        told.send(letter)

    for kind, made in workloads.items():
        found = events(server, space, made["metadata"]["uid"])
        assert len(found) == len(Moment)
        assert {event["involvedObject"]["kind"] for event in found} == {kind}
        assert {event["reason"] for event in found} >= {"MigrationBegan", "MigrationTurnedBack", "MigrationUnwatched"}


def test_a_token_without_the_right_is_denied(server: Server, space: Space, tmp_path: Path) -> None:
    with pytest.raises(Denied):
        channel(server, space, tmp_path, "nobody's").send(LETTERS[0])

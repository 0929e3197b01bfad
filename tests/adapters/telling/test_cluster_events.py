"""The moments of a run as Events: one for each workload however often it is told, and nothing that would hold a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.telling.cluster_events import ClusterEvents
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.spec import ClusterSpec, Moment
from migrator.domain.ports.telling import Letter
from tests.adapters.served import Asked, Reply, serving
from tests.store.world import START, make_plan

LETTER = Letter("plan-1-row-3", Moment.TURNED_BACK, START, "Run 1 (edge): turned back", "It is bad.\n\x1b[2Jid-1")


def answering(post: int, gone: str = "") -> Callable[[Asked], Reply]:
    """Give an API server that has both workloads, or all but one, and answers a new Event so."""

    def reply(asked: Asked) -> Reply:
        if asked.method == "POST":
            return Reply(post, b'{"kind":"Status","message":"no"}')
        if gone and gone in asked.path:
            return Reply(404)
        return Reply(body=json.dumps({"metadata": {"uid": f"uid of {asked.path}"}}).encode())

    return reply


def events(spec_of: Callable[[str], ClusterSpec], url: str, now: datetime = START) -> ClusterEvents:
    spec = replace(make_plan("c0").spec, cluster=replace(spec_of(url), namespace="istio-gateways"))
    return ClusterEvents(Connection(spec.cluster, 2.0), spec, lambda: now)


def posted(asked: list[Asked]) -> list[dict[str, object]]:
    return [json.loads(each.body) for each in asked if each.method == "POST"]


def test_both_workloads_get_an_event_that_names_them(spec_of: Callable[[str], ClusterSpec]) -> None:
    with serving(answering(201)) as there:
        events(spec_of, there.url).send(LETTER)

    made = posted(there.asked)
    involved = [event["involvedObject"] for event in made]
    assert [(each["kind"], each["name"]) for each in involved] == [("Deployment", "gw"), ("DaemonSet", "gw-ds")]  # type: ignore[index]
    assert {(event["type"], event["reason"]) for event in made} == {("Warning", "MigrationTurnedBack")}
    assert all("\x1b" not in str(event["message"]) and "\n" not in str(event["message"]) for event in made)


def test_telling_twice_makes_the_same_events_and_the_second_time_is_no_fault(
    spec_of: Callable[[str], ClusterSpec],
) -> None:
    with serving(answering(201)) as there:
        events(spec_of, there.url).send(LETTER)
    with serving(answering(409)) as again:
        events(spec_of, again.url).send(LETTER)

    names = [[event["metadata"]["name"] for event in posted(each.asked)] for each in (there, again)]  # type: ignore[index]
    assert names[0] == names[1]
    assert len(set(names[0])) == 2


def test_of_two_clusters_each_has_the_events_of_its_own_workload_and_is_a_channel_of_its_own(
    spec_of: Callable[[str], ClusterSpec],
) -> None:
    with serving(answering(201)) as there:
        one = events(spec_of, there.url)
        home = replace(spec_of(there.url), namespace="istio-gateways")
        spec = replace(make_plan("c0").spec, cluster=home, second=replace(home, context="b"))
        connection = Connection(home, 2.0)
        both = [ClusterEvents(connection, spec, lambda: START, cluster) for cluster in ("", "b")]
        for each in both:
            each.send(LETTER)

    made = [event["involvedObject"] for event in posted(there.asked)]
    assert [each["kind"] for each in made] == ["Deployment", "DaemonSet"]  # type: ignore[index]
    assert both[0].name == one.name != both[1].name


def test_a_workload_that_is_gone_has_none(spec_of: Callable[[str], ClusterSpec]) -> None:
    with serving(answering(201, gone="deployments")) as there:
        events(spec_of, there.url).send(LETTER)

    assert [event["involvedObject"]["kind"] for event in posted(there.asked)] == ["DaemonSet"]  # type: ignore[index]


def test_without_the_right_it_is_refused_and_in_trouble_it_is_for_later(spec_of: Callable[[str], ClusterSpec]) -> None:
    with serving(answering(403)) as there, pytest.raises(Refused):
        events(spec_of, there.url).send(LETTER)
    with serving(answering(503)) as there, pytest.raises(Unreachable):
        events(spec_of, there.url).send(LETTER)


def test_what_the_server_would_have_forgotten_is_not_told(spec_of: Callable[[str], ClusterSpec]) -> None:
    with serving(answering(201)) as there:
        events(spec_of, there.url, START + timedelta(minutes=61)).send(LETTER)

    assert there.asked == []

"""From routes to questions, and from backends to places: safe methods, hosts that match, and pods that live now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.answers.places import living, places
from migrator.domain.answers.questions import MOST, concrete, questions
from migrator.domain.model.answers import SAFE_METHODS, AnswersSpec, Origin, Protocol, Question, Route
from migrator.domain.model.balancer import Backend, ProbeWay, Side
from migrator.domain.model.spec import ListenerSpec
from tests.domain.answers.asked import places as both
from tests.domain.seen import pod, workload
from tests.fakes.world import SPEC

WHERE = both(1, 1)


@given(
    st.lists(
        st.builds(
            Route,
            st.sampled_from([8080, 8443]),
            st.booleans(),
            st.sampled_from(["a.x", "*", "*.b.x", "c.*"]),
            st.sampled_from(["/", "/p"]),
        ),
        max_size=12,
    )
)
def test_routes_give_safe_questions_alone_each_once_with_a_host_that_can_be_asked(routes: list[Route]) -> None:
    found = questions(SPEC, routes, WHERE)

    assert {question.method for question in found} <= SAFE_METHODS
    assert len(set(found)) == len(found)
    assert all("*" not in question.host and question.origin is Origin.ROUTES for question in found)
    assert {question.port for question in found} <= {80}


def test_of_a_site_the_first_path_is_also_asked_with_head_and_in_tls_with_http2() -> None:
    routes = [Route(8080, True, "a.x", "/"), Route(8080, True, "a.x", "/p")]
    found = [(q.method, q.path, q.protocol) for q in questions(SPEC, routes, WHERE)]

    assert found == [
        ("GET", "/", Protocol.HTTP1),
        ("HEAD", "/", Protocol.HTTP1),
        ("GET", "/", Protocol.HTTP2),
        ("GET", "/p", Protocol.HTTP1),
    ]


def test_the_list_comes_first_and_a_backend_port_of_the_plan_names_its_listener() -> None:
    listed = Question("http", "l.x", port=80)
    balancer = replace(SPEC.balancer, listeners=(ListenerSpec("l-1", 443, 8443),))
    spec = replace(SPEC, balancer=balancer, answers=AnswersSpec(questions=(listed,)))
    found = questions(spec, [Route(8443, True, "a.x")], ())

    assert found[0] == listed
    assert {question.port for question in found[1:]} == {443}


def test_so_many_questions_at_most() -> None:
    assert len(questions(SPEC, [Route(8080, False, f"h{n}.x") for n in range(MOST)], WHERE)) == MOST


@pytest.mark.parametrize(
    ("pattern", "host"),
    [("a.x", "a.x"), ("*", "probe.x"), ("*.x", "migrator-asks.x"), ("a.*", "a.migrator-asks")],
)
def test_a_pattern_of_hosts_is_asked_by_a_name_that_it_matches(pattern: str, host: str) -> None:
    assert concrete(pattern, "probe.x") == host


def test_a_place_knows_the_pod_that_is_dialled_at_its_own_address_and_the_port_of_its_clients() -> None:
    side = workload(Side.OLD)
    rows = (Backend("l-1", side.pods[0].ref.ip, 8080), Backend("l-1", "10.9.9.9", 30080), Backend("l-9", "10.0.0.1", 1))
    found = places(Side.OLD, (ListenerSpec("l-1", 80),), rows, side)

    assert [(place.client_port, place.pod and place.pod.name) for place in found] == [(80, "old-0"), (80, None)]
    assert found[1].name == "10.9.9.9:30080"


def test_a_side_of_pods_is_its_ready_pods_on_every_port_and_a_side_of_nodes_its_rows() -> None:
    side = workload(Side.OLD, (pod(Side.OLD, 0), pod(Side.OLD, 1, ready=False)))
    rows = (Backend("l-1", side.pods[0].ref.ip, 8080), Backend("l-2", side.pods[0].ref.ip, 8443))
    nodes = (Backend("l-1", "10.9.9.9", 30080),)

    assert set(living(rows, side)) == set(rows)
    assert living(nodes, side) == nodes
    assert living((Backend("l-1", side.pods[1].ref.ip, 8080),), side) == (rows[0],)


@pytest.mark.parametrize(
    ("way", "found"),
    [
        (ProbeWay.AUTO, [False]),
        (ProbeWay.HTTP, [False]),
        (ProbeWay.HTTPS_PROXY, [True]),
        (ProbeWay.TCP, []),
        (ProbeWay.NONE, []),
    ],
)
def test_a_place_is_asked_as_its_listener_is_and_one_that_speaks_no_http_is_not(
    way: ProbeWay, found: list[bool]
) -> None:
    side, rows = workload(Side.OLD), (Backend("l-1", "10.0.0.1", 8080),)
    said = places(Side.OLD, (ListenerSpec("l-1", 80, probe=way),), rows, side)
    told = places(Side.OLD, (ListenerSpec("l-1", 80),), rows, side, {"l-1": way})

    assert [place.introduced for place in said] == [place.introduced for place in told] == found

"""Which counters count, and that what is absent is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.adapters.gateways.counters import Counted, counted, counted_by_istio, nearest_edge, stats_target
from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.istio import ISTIO
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.samples import Classes, Listened

GATEWAY = "outbound_0.0.0.0_8080"


def stats(*rows: tuple[str, int], histogram: Json = None) -> Manifest:
    listed: list[Json] = [{"name": name, "value": value} for name, value in rows]
    return {"stats": [*listed, {"histograms": [histogram] if histogram else []}]}


def answers(prefix: str, ok: int = 0, bad: int = 0) -> list[tuple[str, int]]:
    return [(f"http.{prefix}.downstream_rq_2xx", ok), (f"http.{prefix}.downstream_rq_5xx", bad)]


def connections(listener: str, active: int, total: int) -> list[tuple[str, int]]:
    return [(f"listener.{listener}.downstream_cx_active", active), (f"listener.{listener}.downstream_cx_total", total)]


@pytest.mark.parametrize("noise", ["admin", "agent", "stats", "agent;"])
def test_admin_and_probe_requests_do_not_count(noise: str) -> None:
    found = counted(stats(*answers(GATEWAY, 7, 2), *answers(noise, 100, 50)), None, ISTIO.own)

    assert (found.requests, found.bad) == (9, 2)


@pytest.mark.parametrize(
    ("kind", "prefixes", "ports"),
    [
        pytest.param("envoy", ["admin", "eg-ready-http", "eg-stats-http"], [19001, 19003], id="Envoy Gateway"),
        pytest.param("contour", ["envoy-admin", "stats"], [8002, 9001], id="Contour"),
    ],
)
def test_what_probes_and_scrapes_ask_is_no_evidence_and_their_connections_are_not_drained(
    kind: str, prefixes: list[str], ports: list[int]
) -> None:
    noise = [row for prefix in prefixes for row in answers(prefix, 100, 50)]
    kept = [row for port in ports for row in connections(f"0.0.0.0_{port}", 3, 30)]
    client = connections("0.0.0.0_10080", 1, 8)
    found = counted(stats(*answers("http-10080", 7, 2), *noise, *client, *kept), None, PROFILES[kind].own)

    assert (found.requests, found.bad, found.connections, found.accepted) == (9, 2, 1, 8)
    assert found.classes is not None
    assert [row.listener for row in found.classes.listeners] == ["http-10080"]


def test_every_serving_listener_counts_and_no_thread_counts_twice() -> None:
    names = ["0.0.0.0_8080", "0.0.0.0_8443", "0.0.0.0_8080.worker_0", "0.0.0.0_15021", "10.0.0.1_15090", "admin"]
    names += ["admin.main_thread", "[__]_15021", "127.0.0.1_9901"]
    rows = [row for name in names for row in connections(name, 3, 30)]
    found = counted(stats(*answers(GATEWAY), *rows), None, replace(ISTIO.own, ports=ISTIO.own.ports | {9901}))

    assert (found.connections, found.accepted) == (6, 60)


def test_absent_counters_are_unknown_and_not_zero() -> None:
    assert counted(stats(), 1.0, ISTIO.own) == Counted(None, 0, None, None, None)


def test_a_counter_at_zero_is_zero() -> None:
    found = counted(stats(*answers(GATEWAY), *connections("0.0.0.0_80", 0, 0)), None, ISTIO.own)

    assert (found.requests, found.connections, found.accepted) == (0, 0, 0)


def test_used_counters_alone_are_filled_in_beside_what_the_process_has() -> None:
    first = Counted(requests=0, connections=None, accepted=0, slow=None)

    assert counted(stats(), None, ISTIO.own).beside(first) == Counted(0, 0, None, None, 0)


BUCKETS: Manifest = {
    "name": f"http.{GATEWAY}.downstream_rq_time",
    "buckets": [
        {"upper_bound": 500, "cumulative": 90},
        {"upper_bound": 1000, "cumulative": 95},
        {"upper_bound": 2500, "cumulative": 99},
        {"upper_bound": 3600000, "cumulative": 100},
    ],
}


@pytest.mark.parametrize(
    ("over", "slow", "edge"),
    [
        pytest.param(1.0, 5, 1.0, id="an edge"),
        pytest.param(1.2, 5, 1.0, id="near an edge"),
        pytest.param(2.0, 1, 2.5, id="nearer to the next edge"),
        pytest.param(0.1, 10, 0.5, id="below all edges"),
    ],
)
def test_slow_is_what_lies_above_the_nearest_edge_which_is_told(over: float, slow: int, edge: float) -> None:
    found = counted(stats(*answers(GATEWAY, 100), histogram=BUCKETS), over, ISTIO.own)

    assert (found.slow, found.timed, found.slow_over) == (slow, 100, edge)


def test_a_reading_of_used_counters_alone_keeps_the_edge_of_the_first() -> None:
    first = Counted(requests=1, slow=0, slow_over=2.5)

    assert Counted(requests=2).beside(first) == Counted(requests=2, slow=0, slow_over=2.5)


def test_the_nearest_edge_can_be_told_to_people() -> None:
    assert nearest_edge([0.5, 1.0, 2.5], 1.9) == 2.5
    assert nearest_edge([], 1.0) is None


def test_latency_is_asked_for_only_when_it_is_wanted() -> None:
    assert "time" in stats_target(1.0)
    assert "time" not in stats_target(None)
    assert "usedonly" in stats_target(None, used_only=True)


def refusing(cluster_4xx: int = 20) -> Json:
    rows = [
        ("http.outbound_0.0.0.0_8080;.downstream_rq_2xx", 60),
        ("http.outbound_0.0.0.0_8080;.downstream_rq_4xx", 30),
        ("http.outbound_0.0.0.0_8080;.no_route", 7),
        ("http.outbound_0.0.0.0_8080;.downstream_rq_active", 4),
        ("http.outbound_0.0.0.0_8080;.downstream_rq_rx_reset", 2),
        ("http.edge.downstream_rq_2xx", 5),
        ("http.agent.downstream_rq_4xx", 99),
        ("listener.0.0.0.0_8080.downstream_cx_overflow", 1),
        ("listener.0.0.0.0_15021.downstream_cx_overflow", 50),
        ("cluster.outbound|80||shop.svc.upstream_rq_4xx", cluster_4xx),
        ("cluster.outbound|80||shop.svc.external.upstream_rq_4xx", cluster_4xx),
        ("cluster.outbound|80||shop.svc.zone.a.b.upstream_rq_4xx", cluster_4xx),
        ("cluster.outbound|80||idle.svc.upstream_rq_4xx", 0),
    ]
    return {"stats": [{"name": name, "value": value} for name, value in rows]}


def test_answers_are_counted_by_class_and_listener_and_what_came_from_behind_once() -> None:
    found = counted(refusing(), None, ISTIO.own, {8080: 80})

    assert found.active == 4
    assert found.classes == Classes(
        client=30,
        own=7,
        broken=3,
        upstream=(("outbound|80||shop.svc", 20),),
        listeners=(Listened("edge", 5, 0, None), Listened("outbound_0.0.0.0_80", 90, 30, 7)),
    )


def test_a_gateway_that_counts_neither_routes_nor_clusters_does_not_say_which_answers_are_its_own() -> None:
    found = counted({"stats": [{"name": "http.edge.downstream_rq_4xx", "value": 3}]}, None, ISTIO.own)

    assert found.classes == Classes(3, None, None, None, (Listened("edge", 3, 3, None),))
    assert counted({"stats": []}, None, ISTIO.own).classes is None


def test_what_was_never_used_is_0_where_the_first_reading_had_it() -> None:
    first = counted(refusing(), None, ISTIO.own)
    later = counted({"stats": [{"name": "http.edge.downstream_rq_2xx", "value": 9}]}, None, ISTIO.own).beside(first)

    assert later.classes == Classes(0, 0, 0, (), (Listened("edge", 9, 0, None),))
    assert Counted(requests=None).beside(first).classes == Classes(0, 0, 0, ())
    assert Counted(requests=1, classes=Classes(1)).beside(Counted(requests=1)).classes == Classes(1)


def test_istios_own_counter_counts_what_the_gateway_answered() -> None:
    metrics = "\n".join(
        [
            "# TYPE istio_requests_total counter",
            'istio_requests_total{reporter="source",response_code="200",destination_service="a{b}"} 40',
            'istio_requests_total{reporter="source",response_code="503",response_flags="UF"} 2',
            'istio_requests_total{reporter="source",response_code="0",response_flags="DC"} 9',
            'istio_requests_total{reporter="destination",response_code="200"} 1000',
            'istio_requests_total{reporter="source",response_code="204"} 1.5e+3',
            'istio_requests_total{reporter="source",response_code="404",response_flags="NR"} 3',
            'istio_requests_total{reporter="source",response_code="404",response_flags="-"} 4',
            "istio_requests_other 5",
        ]
    )

    assert counted_by_istio(metrics) == Counted(1549, 2, classes=Classes(7, 3))
    assert counted_by_istio("") == Counted(0, 0, classes=Classes(0, 0))

"""How much configuration a start waits for: counted, measured on old pods where they tell, and said where nobody looked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.istio.scale import FILTER, ISTIOD, clusters_are_filtered, start_takes_time
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HASH, OLD, SPEC, codes, thing, world

ROUTES = thing("VirtualService", "shop", {"http": [{}, {}], "tls": [{}]}, api="networking.istio.io/v1")
MANY = [thing("Service", f"s-{index}", {}, space="apps") for index in range(500)]


def old_pod(began: str, ready: str, name: str = f"{OLD}-{HASH}-1") -> Any:
    conditions = [{"type": "Initialized"}, {"type": "Ready", "lastTransitionTime": ready}]
    statuses = [{"state": {"running": {"startedAt": began}}}]
    return {**thing("Pod", name, {}), "status": {"conditions": conditions, "containerStatuses": statuses}}


def istiod(value: str | None = None, app: str = "istiod") -> Any:
    rows = [{"name": FILTER, "value": value}] if value else []
    spec = {"template": {"spec": {"containers": [{"name": "discovery", "env": rows}]}}}
    return {**thing("Deployment", "istiod", spec, "istio-system", "apps/v1", labels={"app": app}), "kind": ISTIOD}


def test_a_start_is_told_with_what_it_waits_for_and_how_long_it_took() -> None:
    seen = world(
        ROUTES,
        old_pod("2026-11-30T07:00:00Z", "2026-11-30T07:00:04Z"),
        old_pod("2026-11-30T07:00:00Z", "2026-11-30T07:00:09Z", f"{OLD}-{HASH}-2"),
        old_pod("2026-11-30T07:00:00Z", "2026-11-30T07:09:00Z", "another"),
    )

    (found,) = start_takes_time(propose(seen, SPEC))

    assert (found.code, found["virtual_services"], found["routes"]) == ("istio.start", 1, 3)
    assert (found["least"], found["most"], found["pods"]) == (4.0, 9.0, 2)


UNTOLD = [
    pytest.param(old_pod("", "2026-11-30T07:00:04Z"), id="nobody says when it began"),
    pytest.param(old_pod("2026-11-30T07:00:00Z", ""), id="nobody says when it was Ready"),
    pytest.param(old_pod("2026-11-30T07:00:00Z", "2026-11-30T09:00:00Z"), id="Ready again hours later"),
    pytest.param(old_pod("2026-11-30T07:00:10Z", "2026-11-30T07:00:00Z"), id="restarted since"),
]


@pytest.mark.parametrize("pod", UNTOLD)
def test_a_start_that_no_pod_tells_is_not_guessed(pod: Any) -> None:
    (found,) = start_takes_time(propose(world(ROUTES, pod), SPEC))

    assert (found.code, found.variant) == ("istio.start", "unmeasured")


def test_nothing_is_told_without_routes_or_without_a_source() -> None:
    assert not list(start_takes_time(propose(world(), SPEC)))
    assert not list(start_takes_time(propose(replace(world(ROUTES), source=None), SPEC)))


FILTERS = [
    pytest.param([istiod("true")], set(), id="on"),
    pytest.param([istiod("false")], {"istio.clusters warn"}, id="off"),
    pytest.param([istiod()], {"istio.clusters warn"}, id="unset"),
    pytest.param([istiod("true", app="kiali")], {"istio.clusters info"}, id="another program"),
    pytest.param([], {"istio.clusters info"}, id="no istiod that can be read"),
]


@pytest.mark.parametrize(("planes", "found"), FILTERS)
def test_unfiltered_clusters_of_a_large_mesh_are_told(planes: Any, found: set[str]) -> None:
    assert codes(clusters_are_filtered(propose(world(*MANY, *planes), SPEC))) == found


def test_a_small_mesh_is_left_alone() -> None:
    assert not list(clusters_are_filtered(propose(world(istiod()), SPEC)))
    assert not list(clusters_are_filtered(propose(replace(world(*MANY), source=None), SPEC)))

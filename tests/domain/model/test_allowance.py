"""A plan allows a difference by its place: the place itself, or what is inside it, and nothing beside it."""

from __future__ import annotations

import pytest

from migrator.domain.model.spec import Allowance, allowance

TIMEOUT = "route/http.80 virtual_hosts[shop.example].routes[0].route.timeout"


@pytest.mark.parametrize(
    ("pattern", "place", "covered"),
    [
        pytest.param(TIMEOUT, TIMEOUT, True, id="the place itself"),
        pytest.param("route/http.80", TIMEOUT, True, id="a whole unit"),
        pytest.param("route/http.80 virtual_hosts[shop.example]", TIMEOUT, True, id="a part of a unit"),
        pytest.param("route/http.8", TIMEOUT, False, id="no beginning of a name"),
        pytest.param("route/*", TIMEOUT, True, id="all of a section"),
        pytest.param("* virtual_hosts[shop.example].*.timeout", TIMEOUT, True, id="any routes of a host"),
        pytest.param("*.timeout", f"{TIMEOUT}_more", False, id="no beginning of a key"),
        pytest.param(
            "route/http.80 virtual_hosts[shop.*]",
            "route/http.80 virtual_hosts[api.example].routes",
            False,
            id="another host",
        ),
        pytest.param("route/http?80", TIMEOUT, False, id="a question mark is itself"),
    ],
)
def test_a_place_is_covered_by_itself_and_what_it_is_inside_of(pattern: str, place: str, covered: bool) -> None:
    assert Allowance(pattern, "because").covers(place) is covered


def test_the_first_allowance_that_covers_a_place_is_the_one() -> None:
    first, second = Allowance("route/*", "one"), Allowance("*", "two")

    assert allowance(TIMEOUT, (first, second)) == first
    assert allowance("cluster/x", (first, second)) == second
    assert allowance("cluster/x", (first,)) is None


@pytest.mark.parametrize(
    ("place", "known"), [("route/x", True), ("*", True), ("process/runtime a.b", True), ("routes/x", False)]
)
def test_a_place_begins_with_a_section_that_configurations_have(place: str, known: bool) -> None:
    assert Allowance(place, "because").known is known

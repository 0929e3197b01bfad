"""A difference counts only when three answers of each side never overlap; what varies on the old side alone is no gate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.answers.answer import Answer, Failure
from migrator.domain.answers.compare import EACH, compare
from migrator.domain.answers.trial import Trial
from migrator.domain.model.answers import Concern
from migrator.domain.model.balancer import Side
from tests.domain.answers.asked import OK, SHOP, compared, place

BODIES = st.lists(st.sampled_from("abc"), min_size=0, max_size=6)


def trials(old: list[Answer], new: list[Answer]) -> list[Trial]:
    """Give trials over three gateways of each side."""
    both = ((Side.OLD, old), (Side.NEW, new))
    return [Trial(SHOP, place(side, n % 3), answer) for side, given_by in both for n, answer in enumerate(given_by)]


def bodies(said: list[str]) -> list[Answer]:
    return [replace(OK, body=body) for body in said]


@given(old=BODIES, new=BODIES)
def test_a_difference_needs_three_of_each_side_one_value_of_old_and_none_in_common(
    old: list[str], new: list[str]
) -> None:
    found = compared(trials(bodies(old), bodies(new)))
    counts = len(old) >= EACH and len(new) >= EACH and len(set(old)) == 1 and not set(old) & set(new)

    assert bool([d for d in found.differences if not d.pods]) == counts
    assert [u.concern for u in found.unstable] == [Concern.BODY] * (len(set(old)) > 1)


@given(old=BODIES, new=BODIES)
def test_equal_sides_never_differ_whatever_they_say(old: list[str], new: list[str]) -> None:
    assert compared(trials(bodies(old), bodies(old))).differences == ()


def test_a_request_id_in_the_body_is_unstable_and_everything_else_is_still_compared() -> None:
    old = [replace(OK, body=f"id-{n}") for n in range(3)]
    new = [replace(OK, body=f"id-{n}", status=404) for n in range(3, 6)]
    found = compared(trials(old, new))

    assert [u.concern for u in found.unstable] == [Concern.BODY]
    assert [(d.concern, d.old, d.new) for d in found.differences] == [(Concern.STATUS, ("200",), ("404",))]


@pytest.mark.parametrize(
    ("other", "concern", "name"),
    [
        pytest.param({"status": 404}, Concern.STATUS, "", id="another status"),
        pytest.param({"headers": ()}, Concern.HEADERS, "content-type", id="a header that is missing"),
        pytest.param({"redirect": "https://b.x/"}, Concern.REDIRECT, "", id="another redirect"),
        pytest.param({"certificate": "c2"}, Concern.CERTIFICATE, "", id="another certificate"),
        pytest.param({"body": "other"}, Concern.BODY, "", id="another body"),
        pytest.param({"protocol": "http/1.1"}, Concern.PROTOCOL, "", id="another protocol"),
        pytest.param({"grpc": "7"}, Concern.STATUS, "", id="another grpc-status"),
    ],
)
def test_every_part_of_an_answer_is_compared(other: dict[str, object], concern: Concern, name: str) -> None:
    old = replace(OK, certificate="c1", protocol="h2")
    new = replace(old, **other)  # type: ignore[arg-type]  # a table of fields
    found = compared(trials([old] * 3, [new] * 3))

    assert [(d.concern, d.name) for d in found.differences] == [(concern, name)]


def test_a_part_that_the_plan_does_not_compare_does_not_differ() -> None:
    found = compare(trials([OK] * 3, [replace(OK, body="x")] * 3), (Concern.STATUS,), ())

    assert found.differences == ()


def test_no_answer_differs_from_an_answer_and_says_nothing_of_the_other_parts() -> None:
    silent = Answer(failure=Failure.REFUSED, certificate="c")
    found = compared(trials([OK] * 3, [silent] * 3))

    assert [(d.concern, d.new) for d in found.differences] == [(Concern.STATUS, ("refused",))]


def test_one_gateway_that_answers_otherwise_three_times_counts_though_the_side_overlaps() -> None:
    mixed = [
        Trial(SHOP, place(Side.NEW, number), OK if number == 1 else Answer(404)) for number in (1, 2) for _ in range(3)
    ]
    found = compared([*trials([OK] * 3, []), *mixed])

    assert {d.pods for d in found.differences if d.concern is Concern.STATUS} == {("new-2",)}
    assert {d.new for d in found.differences if d.concern is Concern.STATUS} == {("404",)}


def test_headers_that_speak_of_one_connection_are_never_compared() -> None:
    """A gateway that was told to go closes its connections, which says nothing of the site."""
    parts = Answer(200, (("connection", "close"), ("vary", "x"))).parts((Concern.HEADERS,), ("connection", "vary"))

    assert parts == {(Concern.HEADERS, "vary"): "x"}

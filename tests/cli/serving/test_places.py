"""One caller cannot keep all others out."""

from __future__ import annotations

from migrator.cli.serving.places import Places


def test_one_address_has_a_few_places_and_all_have_no_more_than_there_are() -> None:
    places = Places(3, 2)

    assert [places.take("10.0.0.9") for _ in range(3)] == [True, True, False]
    assert [places.take("10.0.0.1"), places.take("10.0.0.2")] == [True, False]


def test_a_place_that_is_given_back_is_anybodys() -> None:
    places = Places(2, 1)
    assert places.take("10.0.0.9")
    places.give_back("10.0.0.9")

    assert places.take("10.0.0.9")
    assert places.take("10.0.0.1")

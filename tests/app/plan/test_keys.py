"""Every key of the plan file has a meaning, and the published schema says it, with the providers and their options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from migrator.adapters.balancers import DRIVERS
from migrator.adapters.planfile.allowed import node_at, schema
from migrator.app.plan.keys import explained, published
from migrator.domain.messages.errors import UsageError
from migrator.wording import render
from migrator.wording.keys import meanings
from tests.adapters.planfile.test_full import keys
from tests.wording.languages import EVERY_LANGUAGE


def known() -> set[str]:
    """Give the path of every key, as the meanings write it: `[]` behind what is a list."""
    found = set()
    for path in keys(schema()):
        written = ""
        for part in path.split("."):
            written = f"{written}.{part}".lstrip(".")
            below = node_at(tuple(parts_of(written))) or {}
            written += "[]" if below.get("type") == "array" and path != written.replace("[]", "") else ""
        found.add(written)
    return found


def parts_of(path: str) -> Iterator[str | int]:
    for part in path.split("."):
        yield part.removesuffix("[]")
        if part.endswith("[]"):
            yield 0


@EVERY_LANGUAGE
def test_every_key_has_a_meaning_and_every_meaning_a_key(language: str) -> None:
    assert set(meanings(language)) == known()


def balancer() -> dict[str, Any]:
    of_balancer: dict[str, Any] = published()["$defs"]["LoadBalancer"]
    return of_balancer


def test_the_published_schema_says_what_a_key_means_and_what_may_stand_there() -> None:
    soak = published()["$defs"]["Traffic"]["properties"]["soak"]["description"]

    assert soak.startswith(meanings()["spec.traffic.soak"])
    assert "a duration with units" in soak
    assert published()["$defs"]["PlanSpec"]["properties"]["loadBalancer"]["description"]


def test_the_published_schema_names_the_providers_and_the_options_of_each() -> None:
    assert balancer()["properties"]["provider"]["enum"] == list(DRIVERS)
    by_provider = {
        row["if"]["properties"]["provider"]["const"]: row["then"]["properties"]["options"]
        for row in balancer()["allOf"]
    }
    assert set(by_provider) == set(DRIVERS)
    assert set(by_provider["haproxy"]["properties"]) == {"socket", "check"}
    assert by_provider["haproxy"]["additionalProperties"] is False
    assert by_provider["exec"]["additionalProperties"] == {"type": "string"}


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        pytest.param("spec.traffic.soak", "spec.traffic.soak", id="a whole path"),
        pytest.param("traffic.soak", "spec.traffic.soak", id="without spec"),
        pytest.param("maxSoak", "spec.traffic.maxSoak", id="the last word of one key"),
        pytest.param("spec.waive[0].code", "spec.waive[].code", id="an item of a list"),
        pytest.param("judge.latency", "spec.judge.latency", id="a part"),
    ],
)
def test_a_key_is_found_by_its_path_or_its_last_word(asked: str, path: str) -> None:
    assert explained(asked).path == path


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("soack", "soak"), ("window", "spec.judge.scrape.window"), ("spec.trafic.soak", "spec.traffic.soak")],
)
def test_a_key_that_is_none_or_several_names_those_that_were_meant(asked: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        explained(asked)

    assert meant in render(caught.value.message)


def test_every_key_can_be_explained() -> None:
    for path in meanings():
        key = explained(path)
        assert key.meaning
        assert key.below or key.allowed is not None


def test_defaults_and_what_is_required_are_told() -> None:
    assert explained("spec.traffic.soak").usual == "10m"
    assert explained("spec.traffic.shares").usual in ("[10.0, 50.0, 90.0, 100.0]", None)
    assert explained("spec.source.name").required
    assert not explained("spec.traffic").required
    assert "spec.waive[].reason" in explained("spec.waive").below

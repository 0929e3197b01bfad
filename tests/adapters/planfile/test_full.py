"""The reference of all keys: it is read, nothing of the schema is missing in it, and it tells the true defaults."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.adapters.planfile.allowed import schema
from migrator.adapters.planfile.read import read, read_file
from migrator.domain.model.spec import CleanupSpec, DeadlineSpec, DrainSpec, ScrapeSpec, TrafficSpec
from tests.adapters.planfile.small_schema import faults

PLANS = Path(__file__).parents[3] / "plans"
FULL = (PLANS / "full.yaml").read_text(encoding="utf-8")


def keys(node: dict[str, Any], at: str = "") -> Iterator[str]:
    """Give the path of every key that the schema knows."""
    if "$ref" in node:
        yield from keys(schema()["$defs"][node["$ref"].removeprefix("#/$defs/")], at)
    for option in node.get("anyOf", []):
        yield from keys(option, at)
    if "items" in node:
        yield from keys(node["items"], at)
    for key, inner in node.get("properties", {}).items():
        yield f"{at}.{key}".lstrip(".")
        yield from keys(inner, f"{at}.{key}".lstrip("."))


def written(value: Any, at: str = "") -> Iterator[str]:
    """Give the path of every key in a file."""
    for item in value if isinstance(value, list) else ():
        yield from written(item, at)
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield f"{at}.{key}".lstrip(".")
        yield from written(inner, f"{at}.{key}".lstrip("."))


def test_the_reference_holds_every_key_of_the_schema() -> None:
    others = ("spec.target.existing", "spec.target.replicas", "spec.target.cluster", "spec.source.cluster")
    other_form = {key for key in keys(schema()) if key.startswith(others)}

    assert "`cluster: {context" in FULL
    assert "`existing: {" in FULL
    assert "`replicas`" in FULL
    assert set(keys(schema())) - other_form - set(written(yaml.safe_load(FULL))) == set()


def test_every_key_is_explained_beside_it_or_beside_the_part_it_is_in() -> None:
    bare, parts = [], []
    for line in FULL.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        parts = [(at, said) for at, said in parts if at < indent] + [(indent, " # " in line)]
        if not line.rstrip().endswith(":") and not any(said for _, said in parts):
            bare.append(line.strip())

    assert bare == ["kind: Migration", "id: lb-xxxxxxxx"]


def test_the_reference_tells_the_defaults_of_the_program() -> None:
    found = read(FULL)

    assert found.judge.scrape == ScrapeSpec()
    assert (found.drain, found.cleanup, found.deadlines) == (DrainSpec(), CleanupSpec(), DeadlineSpec())
    assert found.traffic == TrafficSpec(rehearse=30.0)


def test_what_the_file_leaves_out_has_the_defaults_of_the_program() -> None:
    lines = FULL.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("  traffic:"))

    found = read("\n".join(lines[:start]))

    assert (found.traffic, found.drain, found.cleanup) == (TrafficSpec(), DrainSpec(), CleanupSpec())
    assert found.judge.scrape == ScrapeSpec()


@pytest.mark.parametrize("name", ["lab.yaml", "lab-tencent-l7.yaml", "full.yaml"])
def test_a_shipped_plan_is_read_and_fits_the_published_schema(name: str) -> None:
    read_file(str(PLANS / name))

    assert faults(schema(), yaml.safe_load((PLANS / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("soak: 10m", "soak: 10", id="no unit"),
        pytest.param("soak: 10m", "soack: 10m", id="unknown key"),
        pytest.param("[10, 50, 90, 100]", "[130]", id="a share of 130"),
        pytest.param("kind: istio", "kind: apache", id="not one of them"),
        pytest.param("port: 80 ", "port: 70000 ", id="no port"),
        pytest.param('"8080": 80', '"http": 80', id="a port by name"),
        pytest.param("leave: [kong-admin]", "leave: kong-admin", id="a name where a list is wanted"),
    ],
)
def test_the_published_schema_refuses_what_the_program_refuses(before: str, after: str) -> None:
    assert before in FULL

    assert faults(schema(), yaml.safe_load(FULL.replace(before, after))) != []


def test_a_plan_file_may_be_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (PLANS / "lab.yaml").read_text(encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))

    assert read_file("-") == read(text)

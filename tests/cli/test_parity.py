"""`migrator parity` compares two saved dumps or two pods, says what differs, and ends with a code that a script can use."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from migrator.cli.main import cli
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.manifests import Json, Manifest, items
from tests.adapters.gateways.istio_dumps import by_hand
from tests.adapters.gateways.istio_like import NEW, OLD
from tests.adapters.gateways.seeds import SEEDS


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(by_hand(OLD)), encoding="utf-8")
    new.write_text(json.dumps(by_hand(NEW)), encoding="utf-8")
    return old, new


def asked(*words: str) -> int:
    """Run the command; give its exit code."""
    try:
        return int(cli.main(["parity", *words], standalone_mode=False))  # type: ignore[attr-defined]  # a group
    except SystemExit as end:
        return int(str(end.code))


def shown(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["parity"]
    return found


def different(file: Path, what: str) -> None:
    """Sow a difference into a saved dump."""
    dump: Manifest = json.loads(file.read_text(encoding="utf-8"))
    next(change for _, name, change, _ in SEEDS if name == what)(dump)
    file.write_text(json.dumps(dump), encoding="utf-8")


def test_dumps_of_equal_intent_are_alike_and_say_themselves_which_port_is_which(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code = asked(*map(str, files), "--output", "json")
    found = shown(capsys)

    assert (code, found["alike"], found["differences"]) == (0, True, [])
    assert found["ports"] == {"8080": 80, "8443": 443}


def test_a_difference_names_section_item_path_both_values_and_the_object(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    different(files[1], "a timeout")
    code = asked(*map(str, files), "--output", "json")
    found = shown(capsys)["differences"]

    assert code == 2
    assert [{key: row[key] for key in ("section", "item", "path", "old", "new", "by")} for row in found] == [
        {
            "section": "route",
            "item": "http.80",
            "path": "virtual_hosts[shop.example].routes[0].route.timeout",
            "old": '"15s"',
            "new": '"16s"',
            "by": "VirtualService shop/shop",
        }
    ]


def test_people_read_the_verdict_and_the_lines(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(*map(str, files)) == 0
    assert "ALIKE" in capsys.readouterr().out

    different(files[1], "one TLS chain gone")
    assert asked(*map(str, files)) == 2
    words = " ".join(capsys.readouterr().out.split())
    assert "DIFFERENT: 1 difference" in words
    assert "listener/0.0.0.0_443 filter_chains[b.example,www.b.example]: missing on the new gateway" in words


def test_a_wrong_port_map_shows_as_listeners_that_are_missing(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(*map(str, files), "--port", "8080:81", "--port", "8443:443", "--output", "json") == 2
    assert {"listener/0.0.0.0_81", "listener/0.0.0.0_80"} <= {
        f"{row['section']}/{row['item']}" for row in shown(capsys)["differences"]
    }


def warming(dump: Manifest) -> None:
    sections: Json = dump["configs"]
    assert isinstance(sections, list)
    secrets = next(each for each in sections if isinstance(each, dict) and "dynamic_active_secrets" in each)
    assert isinstance(secrets, dict)
    secrets["dynamic_warming_secrets"] = [{"name": "kubernetes://z"}]


def test_what_the_new_gateway_alone_has_not_settled_keeps_them_apart(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = copy.deepcopy(by_hand(OLD)), copy.deepcopy(by_hand(NEW))
    warming(new)
    files[1].write_text(json.dumps(new), encoding="utf-8")
    assert asked(*map(str, files)) == 2
    assert "NOT SETTLED" in capsys.readouterr().out

    warming(old)
    files[0].write_text(json.dumps(old), encoding="utf-8")
    assert asked(*map(str, files), "--output", "json") == 0
    assert shown(capsys)["unsettled"] == {"old": ["secret kubernetes://z: warming"], "new": []}


def test_endpoints_that_only_one_dump_was_saved_with_are_left_out(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    sections = [section for section in items(by_hand(NEW), "configs") if "Endpoints" not in str(section["@type"])]
    files[1].write_text(json.dumps({"configs": sections}), encoding="utf-8")

    assert asked(*map(str, files), "--output", "json") == 0
    assert len(shown(capsys)["notes"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["nowhere.json"], id="no such file"),
        pytest.param(["text.json"], id="no JSON"),
        pytest.param(["other.json"], id="JSON of something else"),
        pytest.param(["new.json", "--port", "80"], id="half a port"),
    ],
)
def test_what_cannot_be_compared_is_refused(files: tuple[Path, Path], words: list[str]) -> None:
    folder = files[0].parent
    (folder / "text.json").write_text("hello", encoding="utf-8")
    (folder / "other.json").write_text("{}", encoding="utf-8")
    new = str(folder / words[0])

    assert asked(str(files[0]), new, *words[1:]) == UsageError.exit_code

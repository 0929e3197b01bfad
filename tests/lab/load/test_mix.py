"""Mixes: sized as promised, scaled only where the rate is not the kind's nature, and read from a file with care."""

import json
from pathlib import Path
from typing import Any

import pytest

from migrator.lab.load.mix import NAMED, Group, Kind, Mix, compare, load, parsed, standard


def test_the_standard_mix_has_every_kind_and_a_load_that_two_cores_can_share() -> None:
    mix = standard()

    assert {group.kind for group in mix.groups} == set(Kind)
    assert 180 <= mix.offered <= 220


def test_the_compare_mix_keeps_at_least_two_hundred_connections_alive() -> None:
    kept = compare().only(Kind.KEEP_ALIVE)

    assert kept.clients >= 200
    assert compare().offered <= 220


@pytest.mark.parametrize("name", [name for name in NAMED if name != "plain"])
@pytest.mark.parametrize("total", [60.0, 200.0, 500.0])
def test_a_mix_at_a_rate_offers_that_rate_and_leaves_the_slow_kinds_alone(name: str, total: float) -> None:
    mix = load(name)

    scaled = mix.at_rate(total)

    slow = (Kind.SLOW_KEEP_ALIVE, Kind.LONG_REQUEST, Kind.WEBSOCKET, Kind.IDLE)
    assert scaled.offered == pytest.approx(total)
    assert scaled.only(*slow) == mix.only(*slow)


def test_the_plain_mix_has_no_slow_kind_and_asks_for_the_path_that_is_told() -> None:
    mix = load("plain").at_rate(0.5).at_path("/ping")

    assert mix.offered == pytest.approx(0.5)
    assert {group.path for group in mix.groups} == {"/ping"}
    assert all(group.body == "" for group in mix.groups)


def test_a_rate_below_what_the_slow_kinds_make_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot offer 3 requests/s"):
        standard().at_rate(3)


def test_long_requests_offer_no_more_than_one_after_the_other() -> None:
    assert Group(Kind.LONG_REQUEST, clients=6, rate=5.0, takes=3.0).offered == pytest.approx(2.0)


def test_a_request_has_its_own_duration_on_top_of_the_patience() -> None:
    assert Group(Kind.LONG_REQUEST, clients=1, takes=3.0).deadline == 13.0


def test_a_mix_is_read_from_a_file(tmp_path: Path) -> None:
    rows = [{"kind": "keep-alive", "clients": 300, "rate": 0.5, "path": "/bytes?n=10"}, {"kind": "idle", "clients": 5}]
    file = tmp_path / "crowd.json"
    file.write_text(json.dumps({"name": "crowd", "groups": rows}))

    groups = (Group(Kind.KEEP_ALIVE, 300, 0.5, "/bytes?n=10"), Group(Kind.IDLE, 5))
    assert load(str(file)) == Mix("crowd", groups)


@pytest.mark.parametrize(
    "found",
    [
        pytest.param([], id="no object"),
        pytest.param({"groups": []}, id="no groups"),
        pytest.param({"groups": [{"clients": 2}]}, id="no kind"),
        pytest.param({"groups": [{"kind": "idle"}]}, id="no number of clients"),
        pytest.param({"groups": [{"kind": "carrier-pigeon", "clients": 1}]}, id="an unknown kind"),
        pytest.param({"groups": [{"kind": "idle", "clients": 1, "colour": 1}]}, id="an unknown key"),
        pytest.param({"groups": [{"kind": "idle", "clients": "two"}]}, id="a number in words"),
        pytest.param({"groups": [{"kind": "idle", "clients": 0}]}, id="nobody"),
        pytest.param({"groups": [{"kind": "idle", "clients": 1, "rate": 0}]}, id="a rate of nothing"),
        pytest.param({"groups": [{"kind": "idle", "clients": 1, "path": "x y"}]}, id="a path with a blank"),
        pytest.param({"groups": [{"kind": "idle", "clients": 1}] * 2}, id="a kind twice"),
    ],
)
def test_a_mix_that_makes_no_sense_is_refused(found: Any) -> None:
    with pytest.raises(ValueError, match=r"mix|group|kind|Kind|clients|rate|path"):
        parsed(found)


def test_a_name_that_is_neither_a_mix_nor_a_file_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match=", ".join(NAMED)):
        load("no-such-mix")

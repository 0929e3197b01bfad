"""What a lab says of itself: its parts, how to reach it, and what its clients have counted."""

import json
from dataclasses import replace
from pathlib import Path

from migrator.lab.world import view
from migrator.lab.world.record import Part, Record, process

COUNTS = {"sent": 1234, "answered": 1230, "lost": 0, "bad": 4, "cut": 2}


def record(folder: Path) -> Record:
    here = process(1)
    return Record(
        "127.77", "down", here, str(folder / "kubeconfig"), {}, (Part("load", here, str(folder / "logs" / "load.log")),)
    )


def test_the_clients_account_is_shown_when_there_is_one(tmp_path: Path) -> None:
    lab = record(tmp_path)
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "live.json").write_text(json.dumps(COUNTS | {"t": 1.0, "gateways": {}}))

    assert view.value(lab)["load"] == COUNTS
    assert "1,234 sent, 1,230 answered, 4 in flight, 0 lost, 4 bad (5xx), 2 idle connections cut" in view.text(lab)


def test_a_lab_without_clients_has_no_account(tmp_path: Path) -> None:
    lab = replace(record(tmp_path), parts=())

    assert view.value(lab)["load"] is None
    assert "requests" not in view.text(lab)

"""`migrator load` sends what it says, to where it says, counts it, and stops by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.app.load.aim import Aim, Bounds
from migrator.cli.loading import command, loading
from migrator.cli.views.human.comparison.load import _aimed
from migrator.domain.messages.errors import Refused
from tests.adapters.served import Reply, serving


def aim(port: int, path: str = "/ping") -> Aim:
    return Aim("127.0.0.1", port, "shop.example", path, "x-who", tls=False)


def test_requests_are_sent_counted_and_end_by_themselves(tmp_path: Path) -> None:
    with serving(lambda _: Reply(headers={"x-who": "gw-1"})) as served:
        with loading(aim(served.port), Bounds(40.0, 1.0), "migrator-load (test)", tmp_path) as running:
            running.until_over(lambda: None)
            summary = running.end()
        asked = served.asked

    assert summary["totals"]["sent"] == summary["totals"]["answered"] > 0
    assert summary["gateways"] == {"gw-1": summary["totals"]["sent"]}
    assert {request.headers["user-agent"] for request in asked} == {"migrator-load (test)"}
    assert {request.headers["host"] for request in asked} == {"shop.example"}


def test_clients_that_cannot_begin_are_told_with_their_last_words(tmp_path: Path) -> None:
    with loading(aim(1, "no path"), Bounds(1.0, 1.0), "agent", tmp_path) as running:
        running.until_over(lambda: None)
        with pytest.raises(Refused) as failed:
            running.end()

    assert failed.value.message.code == "load.failed"
    assert "no path" in str(failed.value.message["words"])


def test_an_address_of_ipv6_stands_in_brackets_and_tls_is_asked_for(tmp_path: Path) -> None:
    six = Aim("fd00::1", 443, "h", "/", "x", tls=True)
    words = command(six, Bounds(1.0, 1.0), "a", tmp_path)

    assert "[fd00::1]:443" in words
    assert _aimed(six, Bounds(1.0, 1.0))["url"] == "https://[fd00::1]:443/"
    assert "--tls" in words

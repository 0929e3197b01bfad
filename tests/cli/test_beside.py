"""Requests beside a run end with it, and their account is kept; what becomes of them is no matter of the run."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from migrator.app.load.account import Account
from migrator.app.load.aim import Aim
from migrator.app.load.kept import folder, of_run
from migrator.cli.beside import with_load
from migrator.store import Store
from tests.adapters.served import Reply, serving
from tests.app.one_run.test_gateway_lease import created
from tests.app.world import stored
from tests.fakes.world import FakeWorld
from tests.store.world import make_plan

WITHIN = 20.0


class Shown:
    """A view that remembers what it was asked to show."""

    def __init__(self) -> None:
        self.accounts: list[tuple[Account, bool]] = []

    def load(self, account: Account, beside: bool = False) -> None:
        self.accounts.append((account, beside))


def carried(store: Store, port: int, carry_out: Any, shown: Shown, path: str = "/") -> tuple[int, int]:
    plan, wired = make_plan(), SimpleNamespace(readers=FakeWorld().readers)
    run = created(store, plan=plan)
    aim = Aim("127.0.0.1", port, "shop.example", path, "x-gateway", tls=False)
    return with_load(carry_out, aim, store, run, plan, wired, shown), run.id  # type: ignore[arg-type]  # stand-ins


def test_the_account_of_what_was_sent_beside_a_run_is_shown_and_kept(tmp_path: Path) -> None:
    shown = Shown()
    with serving(lambda _: Reply()) as served, stored(tmp_path) as (store, _):

        def carry_out() -> int:
            until = time.monotonic() + WITHIN
            while not served.asked and time.monotonic() < until:
                time.sleep(0.02)
            return 4

        code, run = carried(store, served.port, carry_out, shown)
        kept = of_run(store, run)
        ledger = folder(store, run) / "ledger.jsonl"
        rows = ledger.read_text().splitlines()

    assert code == 4
    assert kept is not None
    assert shown.accounts == [(kept, True)]
    assert kept.sent == kept.answered == len(rows) > 0


def test_clients_that_fail_change_nothing_of_the_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = Shown()
    with stored(tmp_path) as (store, _):
        code, run = carried(store, 1, lambda: 0, shown, "no path")

        assert of_run(store, run) is None
    assert (code, shown.accounts) == (0, [])
    assert "load.not-kept" in caplog.text


def test_clients_that_cannot_be_started_keep_no_run_from_beginning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shown, begun = Shown(), list[int]()

    def carry_out() -> int:
        begun.append(1)
        return 0

    with stored(tmp_path) as (store, _):
        folder(store, 1).write_text("no folder")
        code, run = carried(store, 1, carry_out, shown)

    assert (run, code, begun, shown.accounts) == (1, 0, [1], [])
    assert "load.not-begun" in caplog.text

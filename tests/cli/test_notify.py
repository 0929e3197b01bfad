"""`notify` by hand, and `run` that does not begin while a channel of its plan cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.adapters.served import Reply, serving
from tests.cli.world import Terminal

SECRET = "canary-of-the-address"


@pytest.fixture
def plan(terminal: Terminal) -> str:
    """A plan file that tells one channel."""
    file = Path(terminal.plan())
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["spec"]["notify"] = [{"name": "ops", "moments": ["waits"]}]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(file)


def test_a_channel_can_be_tried_before_anything_begins(
    terminal: Terminal, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: `pip install migrator[notify]`")
    with serving(lambda _: Reply()) as there:
        monkeypatch.setenv("MIGRATOR_NOTIFY_OPS", f"json://user:{SECRET}@127.0.0.1:{there.port}/")
        done = terminal.call("notify", "--test", plan)

    assert (done.exit_code, len(there.asked)) == (0, 1), done.output
    assert SECRET not in done.output


def test_a_channel_without_an_address_is_told(terminal: Terminal, plan: str) -> None:
    done = terminal.call("notify", "--test", plan)

    assert done.exit_code == 1
    assert "MIGRATOR_NOTIFY_OPS" in done.output


def test_a_plan_without_a_channel_has_nobody_to_tell(terminal: Terminal) -> None:
    assert "no channel" in terminal.refused("notify", "--test", terminal.plan(), code=2)


def test_without_a_run_there_is_nothing_to_tell(terminal: Terminal) -> None:
    assert terminal.call("notify").exit_code == 0

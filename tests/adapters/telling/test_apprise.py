"""apprise over a real webhook: it says everything once, and an address appears in nothing that migrator says or keeps."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.telling import channels
from migrator.app.telling.sender import Post
from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.spec import ChannelSpec, Moment
from migrator.domain.ports.telling import Letter
from tests.adapters.served import Asked, Reply, serving
from tests.app.telling.test_notices import ALL
from tests.app.telling.world import eventful
from tests.app.world import stored
from tests.store.world import START, make_plan

pytest.importorskip("apprise", reason="apprise is not installed: `pip install migrator[notify]`")

SECRET = "canary-of-the-address"
OPS = ChannelSpec("ops-de")
LETTER = Letter("id-1", Moment.WAITS, START, "Run 1 (edge): waits", "The run waits.\nid-1")

CHILD = """
import sys
from migrator.adapters.clock import SystemClock
from migrator.adapters.telling import channels
from migrator.app.telling.sender import Post
from migrator.domain.model.spec import ChannelSpec
from migrator.store import Store
with Store.open(sys.argv[1], SystemClock()) as store:
    run = store.run(1)
    (channel,), _ = channels((ChannelSpec("ops-de"),))
    Post.of(store, run, store.plan(run.plan_id).spec, channel).empty()
"""


def address(port: int) -> dict[str, str]:
    return {"MIGRATOR_NOTIFY_OPS_DE": f"json://user:{SECRET}@127.0.0.1:{port}/hook?rto=2&cto=2"}


def told(asked: Asked) -> str:
    said: dict[str, Any] = json.loads(asked.body)
    return str(said["message"])


def test_a_webhook_gets_the_letter() -> None:
    with serving(lambda _: Reply()) as there:
        (channel,), troubles = channels((OPS,), address(there.port))
        channel.send(LETTER)

    assert troubles == ()
    assert [told(asked) for asked in there.asked] == [LETTER.text]
    assert json.loads(there.asked[0].body)["title"] == LETTER.title


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(500), id="in trouble"),
        pytest.param(Reply(403), id="refuses"),
        pytest.param(Reply(drop=True), id="drops"),
        pytest.param(Reply(301, headers={"Location": "http://127.0.0.1:9/"}), id="leads nowhere"),
    ],
)
def test_what_a_channel_does_not_take_is_for_later_and_no_address_is_said(
    reply: Reply, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "apprise")
    with serving(lambda _: reply) as there:
        (channel,), _ = channels((OPS,), address(there.port))
        with pytest.raises(Unreachable) as error:
            channel.send(LETTER)

    out, err = capfd.readouterr()
    assert SECRET not in f"{error.value} {error.value.__cause__} {caplog.text} {out} {err}"


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        pytest.param({}, "notify.no-address", id="not set"),
        pytest.param({"MIGRATOR_NOTIFY_OPS_DE": "  "}, "notify.no-address", id="empty"),
        pytest.param({"MIGRATOR_NOTIFY_OPS_DE": f"nobody://{SECRET}"}, "notify.address-unknown", id="unknown"),
        pytest.param({"MIGRATOR_NOTIFY_OPS_DE": f"{SECRET}"}, "notify.address-unknown", id="no address at all"),
    ],
)
def test_an_address_that_is_missing_or_wrong_is_told_without_being_shown(
    environment: dict[str, str], code: str
) -> None:
    ready, troubles = channels((OPS,), environment)

    assert ready == ()
    assert [trouble.code for trouble in troubles] == [code]
    assert SECRET not in str(troubles)


def test_the_store_holds_no_address(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock), serving(lambda _: Reply()) as there:
        run, _ = eventful(store, clock, make_plan("a7"))
        (channel,), _ = channels((OPS,), address(there.port))
        assert Post.of(store, run, store.plan(run.plan_id).spec, channel).empty()

    assert len(there.asked) == len(ALL)
    assert all(SECRET.encode() not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_tells_repeats_one_letter_and_loses_none(tmp_path: Path) -> None:
    children: list[subprocess.Popen[bytes]] = []
    deadly = {3}

    def reply(_: Asked) -> Reply:
        if len(there.asked) in deadly:
            children[-1].send_signal(signal.SIGKILL)
            children[-1].wait(10)
            return Reply(drop=True)
        return Reply()

    with stored(tmp_path) as (store, clock):
        eventful(store, clock, make_plan("a8"))
        file = store.file
    with serving(reply) as there:
        for _ in range(2):
            environment = {**os.environ, **address(there.port)}
            children.append(subprocess.Popen([sys.executable, "-c", CHILD, str(file)], env=environment))
            children[-1].wait(60)
    bodies = [told(asked) for asked in there.asked]

    assert [child.returncode for child in children] == [-signal.SIGKILL, 0]
    assert (len(bodies), len(set(bodies))) == (len(ALL) + 1, len(ALL))

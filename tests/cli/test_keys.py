"""Single keys on the one screen: only what means something now acts, once, and what moves traffic asks first."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.clock import SystemClock
from migrator.app.inspect.status import Status
from migrator.cli.keys.pressing import ANSWER_WITHIN, LEAVE, REFUSED_FOR, Pad, below, legal, pressed
from migrator.cli.keys.pressing import asked as requested
from migrator.cli.keys.terminal import key_read
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading, Request, RequestKind, Run, State
from migrator.domain.observation.sides import WayBack
from migrator.domain.turn.journeys import FORWARD
from migrator.store import Store
from migrator.wording import render
from tests.cli.screens import asking, standing
from tests.store.world import START, make_plan

WITHIN = 60.0
LOOK_EVERY = 0.05


@pytest.fixture(name="going", scope="module")
def _going(tmp_path_factory: pytest.TempPathFactory) -> Status:
    found = standing(tmp_path_factory.mktemp("store"))
    return replace(found, run=replace(found.run, heading=Heading.FORWARD), journey=FORWARD)


def codes(pad: Pad, status: Status, now: float = 0.0) -> list[str]:
    return [line.code for line in below(pad, status, True, now)]


def asked(status: Status, kind: RequestKind) -> Status:
    return replace(status, pending=(Request(1, kind, "ann@ops", START),))


def test_the_keys_of_a_run_that_goes_on_are_pause_and_back(going: Status) -> None:
    assert legal(going) == ("p", "b")


def test_a_run_that_rests_goes_on_or_back(going: Status) -> None:
    assert legal(replace(going, run=replace(going.run, state=State.PAUSED))) == ("r", "b")


def test_a_question_is_approved_by_a_key_while_somebody_carries_the_run_out(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert "a" in legal(asking(tmp_path / "a", "ann@ops pid 1"))
    assert legal(asking(tmp_path / "b", None)) == ()


def test_what_waits_to_be_applied_cannot_be_asked_a_second_time(going: Status) -> None:
    assert legal(asked(going, RequestKind.PAUSE)) == ("b",)
    assert pressed(Pad(), "p", asked(going, RequestKind.PAUSE), True, 0.0) == (Pad(), "")


def test_there_is_no_key_back_without_a_way_back(going: Status) -> None:
    gone = (
        replace(going, newest=replace(going.newest, way_back=WayBack(0, 8, 0.0, gone=True))) if going.newest else going
    )

    assert legal(gone) == ("p",)


@pytest.mark.parametrize("key", ["b", LEAVE])
def test_a_key_that_moves_traffic_or_leaves_the_run_alone_asks_first(going: Status, key: str) -> None:
    pad, act = pressed(Pad(), key, going, True, 0.0)
    answers = {answer: pressed(pad, answer, going, True, 1.0)[1] for answer in ("y", "n", "b", "Y", "\r", LEAVE)}

    assert (pad.asks, act) == (key, "")
    assert answers == {"y": key, "n": "", "b": "", "Y": "", "\r": "", LEAVE: ""}


def test_a_question_that_nobody_answers_is_answered_no_and_who_answers_too_late_reads_so(going: Status) -> None:
    pad, _ = pressed(Pad(), "b", going, True, 0.0)
    late, act = pressed(pad, "y", going, True, ANSWER_WITHIN + 1)

    assert act == ""
    assert (
        codes(late, going, ANSWER_WITHIN + 1) == codes(pad, going, ANSWER_WITHIN + 1) == ["keys.unanswered", "keys.row"]
    )
    assert codes(late, going, ANSWER_WITHIN + REFUSED_FOR + 1) == ["keys.row"]
    assert pressed(late, "b", going, True, ANSWER_WITHIN + 2)[0].asks == "b"


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param(lambda run: replace(run, cursor=run.cursor + 1), id="another step"),
        pytest.param(lambda run: replace(run, state=State.PAUSED), id="paused meanwhile"),
        pytest.param(lambda run: replace(run, why=say("run.cancelled")), id="another reason"),
    ],
)
def test_a_way_back_that_is_confirmed_is_asked_for_at_whatever_step_the_run_is_by_then(
    going: Status, moved: Callable[[Run], Run]
) -> None:
    pad, _ = pressed(Pad(), "b", going, True, 0.0)

    assert pressed(pad, "y", replace(going, run=moved(going.run)), True, 1.0) == (Pad(), "b")


def test_a_way_back_that_cannot_be_asked_for_any_more_is_refused_aloud(going: Status) -> None:
    pad, _ = pressed(Pad(), "b", going, True, 0.0)
    alone = replace(going, holder=None)
    back = replace(going, run=replace(going.run, heading=Heading.BACK))

    told, act = pressed(pad, "y", alone, True, 1.0)

    assert act == ""
    assert render(told.told).endswith(f"Where it is still wanted: migrator rollback {going.run.id}")
    assert "migrator" not in render(pressed(pad, "y", back, True, 1.0)[0].told)


def test_going_on_is_not_asked_of_a_run_that_rests_for_something_else_by_now(going: Status) -> None:
    rests = replace(going, run=replace(going.run, state=State.PAUSED))
    pad, _ = pressed(Pad(), "r", rests, True, 0.0)
    later = replace(rests, run=replace(rests.run, state=State.HALTED, why=say("run.cancelled")))

    told, act = pressed(pad, "y", later, True, 1.0)

    assert (act, told.told and told.told.code) == ("", "keys.moved-on")


def test_what_somebody_else_has_asked_meanwhile_is_told_as_asked(going: Status) -> None:
    pad, _ = pressed(Pad(), "b", going, True, 0.0)

    assert pressed(pad, "y", asked(going, RequestKind.ROLLBACK), True, 1.0) == (requested("b", 1.0), "")


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("p", {"state": State.RUNNING}, {"state": State.PAUSED}),
        ("b", {"heading": Heading.FORWARD}, {"heading": Heading.BACK}),
        ("r", {"state": State.PAUSED}, {"state": State.RUNNING}),
        ("a", {"state": State.WAITING}, {"state": State.RUNNING}),
    ],
)
def test_a_request_is_told_until_the_run_shows_it(
    going: Status, key: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    pad = requested(key, 0.0)

    assert codes(pad, replace(going, run=replace(going.run, **before)), 1.0) == ["keys.asked", "keys.row"]
    assert codes(pad, replace(going, run=replace(going.run, **after)), 1.0) == ["keys.row"]


def test_leaving_asks_only_where_this_process_carries_the_run_out(going: Status) -> None:
    assert pressed(Pad(), LEAVE, going, False, 0.0) == (Pad(), LEAVE)


def test_help_says_what_the_keys_of_now_do_and_goes_again(going: Status) -> None:
    pad, _ = pressed(Pad(), "?", going, True, 0.0)

    assert codes(pad, going, 9e9) == ["keys.row", "keys.about-pause", "keys.about-rollback", "keys.about-leave"]
    assert pressed(pad, "?", going, True, 1.0) == (Pad(), "")


@pytest.mark.parametrize("key", ["x", "y", "r", "a", "\x1b", ""])
def test_any_other_key_does_nothing(going: Status, key: str) -> None:
    assert pressed(Pad(), key, going, True, 0.0) == (Pad(), "")


def test_there_are_no_keys_below_a_run_that_has_ended(going: Status) -> None:
    assert codes(Pad(), replace(going, run=replace(going.run, state=State.COMPLETED))) == []


OWN_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from migrator.cli.main import main
main()
"""
"""The command line as a shell would start it: in the foreground of the terminal on its standard input."""


class Watcher:
    """`status --watch` on a terminal of its own."""

    def __init__(self, store: Path) -> None:
        self.terminal, self._inner = pty.openpty()
        self.before, self.said = termios.tcgetattr(self._inner), ""
        words = [sys.executable, "-P", "-c", OWN_TERMINAL, "--lang", "en", "status", "--watch", "--store", str(store)]
        env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
        inner = self._inner
        self.process = subprocess.Popen(words, stdin=inner, stdout=inner, stderr=inner, env=env, start_new_session=True)

    @property
    def mode(self) -> list[object]:
        return termios.tcgetattr(self._inner)

    def sees(self, words: str) -> None:
        """Read until it has said this since the last key."""
        self.until(lambda: words in self.said, words)

    def until(self, happened: Callable[[], bool], what: str) -> None:
        """Read what it says until `happened`."""
        deadline = time.monotonic() + WITHIN
        while not happened():
            assert time.monotonic() < deadline, f"{what}: {self.said[-3000:]}"
            if select.select([self.terminal], [], [], LOOK_EVERY)[0]:
                piece = os.read(self.terminal, 1 << 16).decode(errors="replace")
                self.said += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", piece)

    def press(self, key: str, then: str) -> None:
        """Send a key, and wait for what it comes to."""
        self.said = ""
        os.write(self.terminal, key.encode())
        self.sees(then)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(WITHIN)
        os.close(self._inner)
        os.close(self.terminal)


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    """Give a store with a run that somebody carries out."""
    with Store.open(tmp_path / "migrator.db", SystemClock()) as store:
        run = store.create_run(make_plan("d1"))
        lease = store.acquire(run.id, "ann@ops pid 1")
        store.journal(run.id, lease).move(run, state=State.RUNNING)
        yield store
        lease.release()


@pytest.fixture(name="watcher")
def _watcher(store: Store) -> Iterator[Watcher]:
    found = Watcher(store.file)
    yield found
    found.close()


def kinds(store: Store) -> list[RequestKind]:
    return [request.kind for request in store.pending(1)]


def test_keys_of_somebody_who_watches_make_requests_once_and_leave_the_terminal_as_it_was(
    store: Store, watcher: Watcher
) -> None:
    watcher.sees("Keys: p pause, b roll back, q leave, ? help")
    watcher.press("p", "Requested: pause")
    watcher.press("b", "Send run 1 back to the old side?")
    watcher.press("n", "Not done.")
    before = kinds(store)
    watcher.press("b", "Send run 1 back to the old side?")
    watcher.press("y", "Requested: rollback")
    taken = watcher.mode
    watcher.press("q", "Stopped watching")
    watcher.process.wait(WITHIN)

    assert before == [RequestKind.PAUSE]
    assert kinds(store) == [RequestKind.PAUSE, RequestKind.ROLLBACK]
    assert taken != watcher.before
    assert (watcher.process.returncode, watcher.mode) == (0, watcher.before)


@pytest.fixture
def deaf() -> Iterator[None]:
    """Ignore Ctrl-C as who was started in the background of a script does: what is started meanwhile does so, too."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


def test_who_was_started_deaf_to_ctrl_c_leaves_by_it_and_by_its_key(deaf: None, store: Store) -> None:
    for key in ("\x03", "q"):
        with closing(Watcher(store.file)) as watcher:
            watcher.sees("Keys: p pause")
            watcher.press(key, "Stopped watching")
            watcher.process.wait(WITHIN)
            assert watcher.mode == watcher.before


def test_a_watcher_that_is_stopped_by_ctrl_c_leaves_the_terminal_as_it_was(watcher: Watcher) -> None:
    watcher.sees("Keys: p pause")
    watcher.press("\x03", "Stopped watching")
    watcher.process.wait(WITHIN)

    assert watcher.mode == watcher.before


@pytest.mark.parametrize(
    ("sent", "key"), [(b"p", "p"), (b"pp", ""), (b"\x1b[A", ""), ("é".encode(), ""), (b"\xff", "")]
)
def test_a_paste_and_what_an_arrow_sends_are_no_keys(sent: bytes, key: str) -> None:
    reader, writer = os.pipe()
    os.write(writer, sent)

    found = key_read(reader)
    os.close(writer)
    os.close(reader)

    assert found == key

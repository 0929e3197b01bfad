"""kill -9 of the process that carries a run out, again and again under load: its successor finishes, nothing is lost."""

import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from migrator.domain.model.runs import Heading, State
from tests.scenarios.ground import Ground, in_order
from tests.scenarios.operator import SHORT, Eye, Operator

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(420)]

ONE_UNIT = 1.0
"""Percent: what the rehearsal gives and takes back before the first share."""

FORWARD = (
    ("right after Deploy was intended", lambda eye: eye.intends("apply-object", "Deploy")),
    ("right after Attach was intended", lambda eye: eye.intends("register", "Attach new")),
    ("in the middle of the first share", lambda eye: eye.intends("set-weights", "Shift 10 %")),
    ("in the middle of half", lambda eye: eye.intends("set-weights", "Shift 50 %")),
    ("while soaking", lambda eye: eye.soaks("Shift 90 %")),
    ("right after the old side was told to go", lambda eye: eye.intends("tell", "Drain old")),
    ("right after Detach was intended", lambda eye: eye.intends("deregister", "Detach old")),
    ("right after the delete was intended", lambda eye: eye.intends("delete-object", "Retire")),
)
BACK = (
    ("right after the way back's first weights", lambda eye: eye.intends("set-weights", "Restore old")),
    ("right after the new side was told to go", lambda eye: eye.intends("tell", "Drain new")),
    ("right after the removal of the DaemonSet", lambda eye: eye.intends("delete-object", "Remove new")),
)


def test_a_run_killed_again_and_again_on_its_way_is_finished_by_its_successors(
    stage: Ground, operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        for what, moment in FORWARD:
            operator.await_(what, moment)
            operator.kill(running)
            running = successor(operator, what, capsys)
        code = operator.ends(running)
        summary = load.end()
    shares = [share for _, share in stage.effective_shares()]

    assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert in_order(shares, slack=ONE_UNIT), shares
    assert in_order(stage.asked_shares(), slack=ONE_UNIT)
    assert operator.report()["journal_whole"]
    assert stage.share() == 100


@pytest.mark.matrix
def test_a_run_killed_on_its_way_back_still_gets_there(
    stage: Ground, operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**SHORT)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        assert operator.call("rollback").returncode == 0
        for what, moment in BACK:
            operator.await_(what, on_the_way_back(moment))
            operator.kill(running)
            running = successor(operator, what, capsys)
        code = operator.ends(running)
        summary = load.end()

    assert (code, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == before
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")


@pytest.mark.matrix
def test_a_second_process_is_refused_and_told_who_has_the_run(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    running = operator.run()
    operator.await_("a run that goes on", lambda eye: eye.rests(State.RUNNING) and len(eye.rows) > 2)
    copied = copy_of(operator)
    same_store = operator.call("resume")
    another_store = copied.call("resume")

    assert same_store.returncode == 2
    assert f"pid {running.pid}" in same_store.stderr
    assert "Nothing was changed" in same_store.stderr
    assert another_store.returncode == 2, another_store.stderr
    assert "store" in another_store.stderr
    assert "Nothing was changed" in another_store.stderr
    assert running.poll() is None


def successor(operator: Operator, what: str, capsys: pytest.CaptureFixture[str]) -> subprocess.Popen[bytes]:
    """Resume, and print how soon after taking the lease the successor did something that its journal shows."""
    last, began = operator.events()[-1].id, time.monotonic()
    running = operator.begin("resume")
    eye = operator.await_("a row of the successor", lambda eye: eye.rows[-1].id > last, within=30.0)
    came = time.monotonic() - began
    first = next(row for row in eye.rows if row.id > last)
    taken = datetime.fromisoformat(operator.acquired()[0]).replace(tzinfo=UTC)
    with capsys.disabled():
        after = (first.at - taken).total_seconds()
        print(f"\n  killed {what}: {after:.2f} s from lease to {first.kind}, {came:.2f} s from the command", end="")
    return running


def on_the_way_back(moment: Callable[[Eye], bool]) -> Callable[[Eye], bool]:
    return lambda eye: eye.run.heading is Heading.BACK and moment(eye)


def copy_of(operator: Operator) -> Operator:
    """Give an operator with a copy of the store: nothing but the cluster's Lease keeps the two apart."""
    folder = operator.ground.folder / "copy"
    folder.mkdir()
    copied = Operator(operator.ground, folder / operator.store.name)
    with closing(sqlite3.connect(operator.store)) as theirs, closing(sqlite3.connect(copied.store)) as ours:
        theirs.backup(ours)
    return copied

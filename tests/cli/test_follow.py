"""What people and programs see of a follower: lines when something changes, where it stands, its last line, its refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from migrator.app.inspect.status import Status, status, where
from migrator.cli.views.human import nodes as words_of
from migrator.cli.views.human.status import drawn, titled
from migrator.cli.views.live.nodes import Nodes
from migrator.cli.views.view import HUMAN, JSON, chosen
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Register
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.decisions import Do, Settle, Wait
from migrator.domain.model.runs import RequestKind, Run, State
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.turn.journeys import FOLLOW, FORWARD, Journey
from migrator.store import Store
from migrator.workflow.progress import Progress
from tests.app.world import HOLDER
from tests.cli.world import Terminal
from tests.fakes.follower import Follower

BACKEND = Backend("l-1", "10.1.0.1", 18080)
X = say("step.done")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Follower:
    """Give a completed run (1) and its follower (2), which nobody carries out."""
    return Follower(tmp_path_factory.mktemp("follower"))


@pytest.fixture
def store_file(terminal: Terminal, made: Follower) -> Path:
    """Give the terminal a copy of their store."""
    terminal.store.parent.mkdir(exist_ok=True)
    terminal.store.write_bytes(made._file.read_bytes())
    return terminal.store


def going(store: Store, to: State, *troubles: Message) -> Run:
    """Let a process carry the follower for a moment."""
    lease = store.acquire(2, HOLDER)
    journal = store.journal(2, lease)
    run = journal.move(store.run(2), state=State.RUNNING)
    weights = (Weighted(BACKEND, 100), Weighted(replace(BACKEND, address="10.1.0.2"), 0))
    journal.looked(Snapshot(store.now(), 100.0, weights, troubles=troubles), leaves=True)
    run = (
        run
        if to is State.RUNNING
        else journal.move(run, state=to, why=say("request.by", request="pause", by="ann", note=""))
    )
    lease.release()
    return run


def plain(found: Status) -> str:
    """Give the lines of a status without colours."""
    return "\n".join(line.plain for line in (titled(found), *drawn(found, Console(width=200))))


def progress(run: Run, decision: Do | Settle | Wait, words: Message) -> Progress:
    return Progress(run, (say("step.follow"),), decision, None, words)


def test_a_follower_without_a_run_to_follow_is_refused_with_code_2(terminal: Terminal, store_file: Path) -> None:
    assert "never run" in terminal.refused("run", code=2)  # the follower's plan is no plan to run
    assert "There is no run 9" in terminal.refused("follow", "9", code=2)


def test_a_followers_plan_is_not_to_be_run(terminal: Terminal, store_file: Path, made: Follower) -> None:
    assert "`migrator follow` carries it out" in terminal.refused("run", made.plan.id, code=2)


def test_a_follower_can_be_ended_for_good(terminal: Terminal, store_file: Path, made: Follower) -> None:
    with Store.open(store_file, made.world.clock) as store:
        going(store, State.RUNNING)

    assert "Run 2 (edge-nodes) ended: completed: ended by" in terminal.call("follow", "--end").output
    assert "Nobody has begun to look after the nodes of run 1" in terminal.refused("follow", "--end", code=2)


def test_a_follower_has_no_rollback(terminal: Terminal, store_file: Path, made: Follower) -> None:
    with Store.open(store_file, made.world.clock) as store:
        lease = store.acquire(2, HOLDER)
        said = terminal.refused("rollback", "2", code=2)
        lease.release()

    assert "looks after its nodes, so it has no way back" in said


def test_status_says_what_a_person_should_know_and_that_nobody_looks_after_the_nodes(
    terminal: Terminal, store_file: Path, made: Follower
) -> None:
    with Store.open(store_file, made.world.clock) as store:
        going(store, State.RUNNING, say("follow.cordoned", node="n-2", taint="leaving"))
    said = terminal.call("status", "2").output
    value = json.loads(terminal.call("status", "2", "--output", "json").output)["run"]

    assert "Run 2 (edge-nodes)  running" in said
    assert "1 backend with weight on the balancer" in said
    assert "! n-2 is cordoned and keeps its traffic" in said
    assert "NOBODY LOOKS AFTER THE NODES" in said
    assert "you can: migrator follow 2" in said
    assert (value["step"], value["troubles"]) == (
        "Follow nodes",
        ["n-2 is cordoned and keeps its traffic; taint it with leaving to drain it"],
    )


def test_a_paused_follower_with_a_process_can_be_resumed(store_file: Path, made: Follower) -> None:
    with Store.open(store_file, made.world.clock) as store:
        going(store, State.PAUSED)
        store.ask_run(2, RequestKind.RESUME, "ann", "again")
        lease = store.acquire(2, HOLDER)
        said = plain(status(store, store.run(2)))
        lease.release()

    assert "why: pause by ann" in said
    assert "requested: resume by ann (again), not applied yet" in said
    assert f"carried out by {HOLDER}" in said
    assert "you can: migrator resume 2" in said


def test_the_status_of_a_follower_that_has_never_begun_is_short(store_file: Path, made: Follower) -> None:
    with Store.open(store_file, made.world.clock) as store:
        said = plain(status(store, store.run(2)))

    assert said.splitlines()[0] == "Run 2 (edge-nodes)  planned"
    assert "backend" not in said


def test_the_last_line_says_that_nobody_looks_after_the_nodes_now(
    store_file: Path, made: Follower, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(store_file, made.world.clock) as store:
        going(store, State.RUNNING)
        left = where(store, store.run(2))
    chosen(HUMAN).left(left)
    chosen(JSON).left(left)
    *lines, line = capsys.readouterr().out.splitlines()
    human = " ".join(lines)

    assert human == words_of.left(left)
    assert human.startswith("Left run 2 (edge-nodes) running. NOBODY LOOKS AFTER THE NODES NOW")
    assert json.loads(line)["run"]["state"] == "running"
    assert "will be read back first" in words_of.left(replace(left, open_write=True))


def test_a_completed_run_ends_with_the_command_that_comes_next(
    terminal: Terminal, store_file: Path, made: Follower, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(store_file, made.world.clock) as store:
        chosen(HUMAN).left(where(store, store.run(1)))

    assert "Now keep `migrator follow 1` running" in capsys.readouterr().out
    assert "`migrator follow 1` looks after the nodes" in " ".join(terminal.call("report", "1").output.split())


@pytest.mark.parametrize(
    ("state", "journey", "exits"),
    [
        pytest.param(State.RUNNING, FOLLOW, 0, id="left when told to"),
        pytest.param(State.PAUSED, FOLLOW, 0, id="left while paused"),
        pytest.param(State.HALTED, FOLLOW, 5, id="left while halted"),
        pytest.param(State.RUNNING, FORWARD, 3, id="a migration"),
    ],
)
def test_a_follower_that_was_told_to_leave_exits_with_0(state: State, journey: Journey, exits: int) -> None:
    assert journey.exits[state] == exits


def test_a_line_is_said_when_something_changes_and_now_and_then_to_show_a_pulse(made: Follower) -> None:
    said: list[str] = []
    moments = iter([0.0, 1.0, 3.0, 4.0, 700.0])
    tell = Nodes(lambda turn: said.append(str(turn.words)), lambda: next(moments))
    run = made.migrated
    for decision, words in (
        (Wait(X), say("leaving.drains", connections=5)),
        (Wait(X), say("leaving.drains", connections=4)),
        (Settle(1), say("write.read-back")),
        (Do(Register(()), X), say("follow.raise", addresses=("10.1.0.4",))),
        (Do(Register(()), X), say("follow.raise", addresses=("10.1.0.5",))),
        (Do(Register(()), X), say("follow.raise", addresses=("10.1.0.5",))),
    ):
        tell(progress(run, decision, words))

    assert said == [
        "leaving.drains connections=5",
        *(
            "follow.raise addresses=[10.1.0.4]",
            "follow.raise addresses=[10.1.0.5]",
            "follow.raise addresses=[10.1.0.5]",
        ),
    ]


def test_programs_get_a_json_value_on_each_line(made: Follower, capsys: pytest.CaptureFixture[str]) -> None:
    for output in (JSON, HUMAN):
        with chosen(output).live(made.plan) as tell:
            tell(progress(made.migrated, Do(Register(()), X), say("follow.register", addresses=("10.1.0.4",))))
    line, human = capsys.readouterr().out.splitlines()
    value = json.loads(line)

    assert (value["version"], value["run"], value["decided"]) == (1, 1, "do")
    assert value["words"] == "register 10.1.0.4 at weight 0"
    assert human.endswith("run 1 completed: register 10.1.0.4 at weight 0")

"""What is shown: JSON with stable keys, text that fits 80 columns and a log, and nothing cut that a person must act on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.adapters.clock import SystemClock
from migrator.cli.views.live.lines import LONGEST, Lines
from migrator.domain.messages.findings import Severity, worded
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Decision, Done, Halt, Wait
from migrator.domain.model.runs import Heading, RequestKind, Run, State
from migrator.domain.model.samples import Observed
from migrator.domain.observation.sighting import Sighting, Stale, Witnessed, Workloads
from migrator.store import Store
from migrator.workflow.progress import Progress
from tests.app.world import HOLDER, seen, stored, walked
from tests.cli.world import Terminal
from tests.store.world import START, make_plan
from tests.words import text

TITLES = (
    say("step.preflight"),
    say("step.guard"),
    say("step.shift", share=10.0),
    say("step.drain", side=Side.OLD),
)
RUN = {"id", "name", "plan", "state", "heading", "cursor", "why", "created", "updated"}
STEP = {"title", "heading", "entered", "left", "seconds", "note", "rested"}
POINTLESS = verbatim(
    "0 of 5 pods are Ready (" + "node-1: not ready: containers with unready status: [istio-proxy]; " * 5 + ")"
)
WORDS = text(POINTLESS)


@pytest.fixture
def finished(terminal: Terminal) -> Terminal:
    """A terminal whose store has one completed run."""
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        walked(store, clock)
    return terminal


def answer(terminal: Terminal, *words: str) -> dict[str, object]:
    """Give a command's JSON."""
    done = terminal.call(*words, "--output", "json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found.pop("version") == 1
    return dict(found)


def test_the_keys_of_every_json_answer_are_the_documented_ones(finished: Terminal) -> None:
    docs = (Path(__file__).parents[2] / "docs/json.md").read_text(encoding="utf-8")
    status, report = answer(finished, "status")["run"], answer(finished, "report")["run"]
    events, listed = answer(finished, "events"), answer(finished, "list")

    assert isinstance(status, dict)
    assert isinstance(report, dict)
    assert set(status) == RUN | {"step", "steps", "share", "holder", "soaked", "requests", "entered", "open_write"} | {
        *(
            "weights",
            "pending",
            "seen_at",
            "meant",
            "verdict",
            "troubles",
            "protection",
            "differences",
            "allows",
            "checklist",
            "can",
            "way_back",
            "held",
            "looked_at",
            "answers",
            "live",
            "until",
            "left_seconds",
            "observed",
            "latency",
            "backends",
            "more_backends",
            "untold",
            "says",
            "kept",
            "clusters",
        )
    }
    assert set(report) == RUN | {
        "steps",
        "shares",
        "verdicts",
        "turned_back",
        "witness",
        "cut",
        "writes",
        "waived",
        "prometheus",
    } | {
        "journal_whole",
        "judge",
        "interruptions",
        "differences",
        "allows",
        "checklist",
        "answers",
        "way_back",
        "sets",
        "load",
        "evidence",
        "loss",
        "series",
        "clusters",
    }
    assert set(report["steps"][0]) == STEP | {"messages"}
    assert set(report["shares"][0]) == {"requested", "achieved", "observed", "connections", "source", "became"}
    assert set(events) == {"run", "events"}
    assert set(listed) == {"runs", "plans"}
    assert isinstance(events["events"], list)
    assert set(events["events"][0]) == {"id", "at", "kind", "heading", "step", "answers", "data"}
    assert [key for key in {*status, *report, *STEP} if f"`{key}`" not in docs] == []


def test_followed_events_are_a_json_value_on_each_line(finished: Terminal) -> None:
    done = finished.call("events", "--follow", "--output", "json")

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["kind"] for row in rows][:2] == ["moved", "moved"]
    assert (rows[-1]["data"]["state"], {row["version"] for row in rows}) == ("completed", {1})


@pytest.mark.parametrize("command", ["status", "report", "list", "status --watch"])
def test_a_terminal_of_80_columns_is_enough(finished: Terminal, command: str) -> None:
    done = finished.call(*command.split())

    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if len(line.rstrip()) > 80] == []
    assert "completed" in done.output


def test_the_report_has_a_line_for_each_step_and_names_what_was_observed(finished: Terminal) -> None:
    said = finished.call("report").output

    assert "9.91 %" in said
    assert "9.93 %" in said
    assert "7 new connections to the balancer, answered by old 5, by new 2, side unknown 0; not answered 0" in " ".join(
        said.split()
    )


def test_the_process_that_holds_a_run_is_named_and_its_absence_is_loud(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with Store.open(terminal.store, SystemClock()) as store:
        run = store.create_run(make_plan("b1"))
        lease = store.acquire(run.id, HOLDER)
        held = terminal.call("status").output
        second = terminal.refused("resume", code=2)
        lease.release()

    assert f"carried out by {HOLDER}" in held
    assert f"Run {run.id} is carried out by {HOLDER}. Nothing was changed." in second
    assert "NOBODY WATCHES IT" in terminal.call("status").output


@pytest.mark.parametrize("kind", list(RequestKind))
def test_a_request_to_a_run_that_has_ended_is_refused(finished: Terminal, kind: RequestKind) -> None:
    words = ("soak=20m",) if kind is RequestKind.SET else ()
    said = finished.refused(kind.value, *words, code=2)

    assert "Run 1 (istio-ingress) has ended: completed." in said
    assert ("migrator plan --reverse 1" in said) is (kind is RequestKind.ROLLBACK)
    assert "othing was changed" in said


def test_a_run_that_never_began_can_be_cancelled_and_no_other(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, _clock):
        store.create_run(make_plan("b2"))
    first = terminal.call("cancel", "--note", "not today")

    assert (first.exit_code, "ended: cancelled: not today" in first.output) == (0, True)
    assert "cannot cancel" in terminal.refused("cancel", code=2)


def test_an_approval_without_a_question_is_refused(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, _clock):
        store.create_run(make_plan("b3"))

    assert "asks nothing" in terminal.refused("approve", code=2)


def test_a_yes_names_the_question_it_answers(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, _clock):
        run = store.create_run(make_plan("b4"))
        lease = store.acquire(run.id, HOLDER)
        store.journal(run.id, lease).move(run, state=State.WAITING, why=say("detach.ask", connections=5, side="old"))
        lease.release()

    said = " ".join(terminal.call("approve").output.split())
    assert (
        'approve requested (an answer to "5 connections are live on the old side. Remove its backends and cut them?")'
        in said
    )
    with stored(terminal.store.parent) as (store, _clock):
        assert [request.question for request in store.pending(run.id)] == ["detach.ask"]
    messages = answer(terminal, "approve")["messages"]
    assert isinstance(messages, dict)
    assert messages["question"]["code"] == "detach.ask"


def test_the_report_says_how_often_prometheus_had_no_answer(finished: Terminal) -> None:
    counts = {"answered": 3, "empty": 1, "silent": 2, "why": verbatim("timed out")}
    with stored(finished.store.parent) as (store, _clock):
        lease = store.acquire(1, HOLDER)
        store.journal(1, lease).tally("prometheus", counts)
        lease.release()

    said = " ".join(finished.call("report").output.split())

    assert "Prometheus: asked 6 times, 3 answers, 1 without data of the new side, 2 times no answer at all" in said
    assert "(last: timed out)" in said


@pytest.mark.parametrize(
    ("connections", "words"),
    [(0, "Drained: no connection was left on the old side"), (None, "Cut: an unknown number of"), (3, "Cut: 3 conn")],
)
def test_the_report_says_what_was_cut(finished: Terminal, connections: int | None, words: str) -> None:
    with stored(finished.store.parent) as (store, _clock):
        lease = store.acquire(1, HOLDER)
        store.journal(1, lease).tally("cut", {"side": "old", "connections": connections})
        lease.release()

    assert words in finished.call("report").output


# --- progress ----------------------------------------------------------------------------------------------------------


def progress(decision: Decision, words: Message, cursor: int = 2, state: State = State.RUNNING) -> Progress:
    """Give a turn."""
    run = Run(7, "a0", "istio-ingress", state, Heading.FORWARD, cursor, START, START)
    found = seen(100, 11, Observed(99, 997, "gateway counters"), Witnessed(7, 5, 2))
    return Progress(run, TITLES, decision, found, words)


def soaking(soaked: float) -> Message:
    """Give what is told of a soak."""
    return say("soak.going-on", share=10.0, soaked=soaked, soak=128.0, judge=say("judge.silent"))


def said(*turns: Progress, times: tuple[float, ...] = (), longest: int | None = LONGEST) -> list[str]:
    """Give the lines of some turns; `times` are the seconds at which they were told."""
    lines: list[str] = []
    clock = iter(times or range(len(turns)))
    tell = Lines(lines.append, longest, lambda: float(next(clock)))
    for turn in turns:
        tell(turn)
    return lines


def test_a_line_is_short_however_many_pods_have_something_to_say() -> None:
    lines = said(progress(Wait(POINTLESS), POINTLESS))

    assert len(lines[0]) <= LONGEST
    assert "0 of 5 pods are Ready (node-1" in lines[0]
    assert "new 9.9 %, seen 9.9 %; pass new 0/90 old 0/10; witness 7/7" in lines[0]


def test_a_line_is_cut_between_words_on_a_terminal_and_not_at_all_in_a_file() -> None:
    turn = progress(Wait(POINTLESS), POINTLESS)
    short, whole = said(turn)[0], said(turn, longest=None)[0]

    kept = short.split(" …")[0].split("Shift 10 %: ")[1]
    assert WORDS.startswith(kept + " ")
    assert WORDS.strip() in whole


def test_words_that_a_person_must_act_on_are_never_cut() -> None:
    halt = Halt((worded("a.b", Severity.BLOCK, "pods", WORDS),))

    assert WORDS in said(progress(halt, say("run.halts", why=POINTLESS), state=State.HALTED))[0]
    order = say(
        "hand-over.scale", object="EnvoyProxy edge/public", command=f"kubectl {WORDS}", proof="Deployment edge/gw"
    )
    waits = say("hand-over.waiting", orders=(order,))
    assert WORDS in said(progress(Wait(waits), waits))[0]


@pytest.mark.parametrize("seen_at_all", [True, False], ids=["one system is silent", "nothing could be looked at"])
def test_the_reason_why_a_system_is_silent_is_never_cut(seen_at_all: bool) -> None:
    reason = verbatim(
        "The API server https://10.0.0.1:6443 (context prod) cannot be reached for GET "
        "/apis/apps/v1/namespaces/istio-gateways/deployments/istio-ingressgateway: nobody accepts the connection."
    )
    turn = progress(Wait(reason), say("look.silent", why=(reason,)))
    silent = Sighting(Stale(((Workloads, reason),))) if seen_at_all else None

    assert "nobody accepts the connection. Traffic stays" in said(replace(turn, seen=silent))[0]


def test_numbers_alone_make_no_new_line_but_time_does() -> None:
    turns = [progress(Wait(say("step.done"), 5), soaking(float(second))) for second in (1, 2, 3)]

    assert len(said(*turns, times=(0, 1, 9))) == 1
    assert len(said(*turns, times=(0, 1, 10))) == 2


def test_the_line_of_a_finished_step_names_that_step() -> None:
    assert "[2/4] running Guard: done: 1 object guarded" in said(progress(Done(), say("guard.done", objects=1)))[0]


def test_a_last_line_names_each_difference_below_the_reason_and_obeys_none() -> None:
    lines = tuple(say("view.line", line=line) for line in ("listener 80: absent", "\x1b[2J"))
    said = {
        "run": 1,
        "name": "edge",
        "state": "halted",
        "step": "Shift 50 %",
        "new_side": "New side: 50 %",
        "since": None,
    }
    told = text(say("view.left", **said, why=None, differing=lines, goes=say("view.goes-back")))
    none = text(say("view.left", **said, why=None, differing=(), goes=say("view.goes-back")))

    assert told.splitlines()[:3] == ["Left run 1 (edge) halted at Shift 50 %.", "  listener 80: absent", "  \\x1b[2J"]
    assert none.splitlines()[1].startswith("New side: 50 %; nothing changes the weights now.")

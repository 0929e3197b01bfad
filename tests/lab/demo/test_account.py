"""The demonstration's account: what was asked for, what came, and which promises were not kept."""

from dataclasses import replace
from typing import Any

import pytest

from migrator.lab.demo.account import Account
from migrator.lab.demo.command_line import plan_for
from migrator.lab.demo.shares import Split, achieved, split_of

TOTALS = {"sent": 12_000, "answered": 12_000, "lost": 0, "bad": 0, "wrong": 0, "cut": 3, "clients": 64}


def account(fault: str | None = None, state: str = "completed", **totals: int) -> Account:
    return Account(
        fault=fault,
        exit_code=0,
        began=100.0,
        struck=150.0 if fault else None,
        bad_nodes=("127.77.1.1",),
        summary={"totals": {**TOTALS, **totals}, "seconds": 80.0, "kinds": {}},
        answers={"report": {"run": {"state": state, "steps": []}}},
        achieved=(),
        rows=(),
    )


def row(at: float, gateway: str, outcome: str = "answered", took: float = 0.01) -> dict[str, Any]:
    return {"kind": "keep-alive", "t_start": at, "t_end": at + took, "gateway": gateway, "outcome": outcome}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        pytest.param(account(lost=1), "1 requests were lost", id="lost"),
        pytest.param(account(bad=2), "2 requests were answered with a 5xx", id="bad without a fault"),
        pytest.param(account(wrong=3), "3 requests got another answer than they asked for", id="wrong without a fault"),
        pytest.param(account(state="halted"), "the run is halted, not completed", id="not completed"),
        pytest.param(account("errors"), "the run is completed, not rolled-back", id="not rolled back"),
        pytest.param(account("errors", "rolled-back", lost=1), "1 requests were lost", id="lost in spite of rollback"),
        pytest.param(account("drift", "completed"), "the run is completed, not held", id="not held"),
        pytest.param(account(sent=9_999), "only 9999 requests were sent", id="too few"),
    ],
)
def test_a_promise_that_was_not_kept_is_said(given: Account, problem: str) -> None:
    assert [text for text in given.problems() if text.startswith(problem)]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(account(), id="completed"),
        pytest.param(account("errors", "rolled-back", bad=40), id="rolled back from errors"),
        pytest.param(account("not-found", "rolled-back", wrong=40), id="rolled back from wrong answers"),
        pytest.param(replace(account("drift", "running"), held=True), id="held"),
        pytest.param(account("crash", "rolled-back", lost=4), id="a killed gateway takes what it holds along"),
    ],
)
def test_kept_promises_leave_no_problem(given: Account) -> None:
    assert given.problems() == []


def test_an_error_in_the_runs_log_is_a_problem() -> None:
    given = account()
    fields = {name: getattr(given, name) for name in given.__slots__} | {"logged": ("12:01 ERROR m judge.failed",)}

    assert Account(**fields).problems() == ["the run logged 1 errors, first: 12:01 ERROR m judge.failed"]


def test_an_unknown_state_is_a_problem() -> None:
    nothing = account()
    unknown = Account(**{name: getattr(nothing, name) for name in nothing.__slots__} | {"answers": {}})

    assert unknown.problems() == ["the run is unknown, not completed (exit code 0)"]


def test_the_times_of_a_fault_count_from_its_strike() -> None:
    given = account("errors", "rolled-back")
    rows = (
        row(140.0, "127.77.1.1:18080", "bad"),
        row(151.0, "127.77.1.1:18080", "bad"),
        row(152.0, "127.77.1.2:18080", "bad"),
        row(153.0, "127.77.1.1:18080"),
        row(154.0, "127.77.11.2:8080"),
    )
    fields = {name: getattr(given, name) for name in given.__slots__} | {"rows": rows}
    run = {"state": "rolled-back", "turned_back": {"at": "1970-01-01T00:02:33.000Z", "why": "errors"}}
    times = Account(**fields | {"answers": {"report": {"run": run}}}).fault_times()

    assert times["first_bad_answer"] == pytest.approx(1.01)
    assert times["last_bad_answer"] == pytest.approx(1.01)
    assert times["verdict"] == pytest.approx(3.0)
    assert times["last_request_to_bad_side"] == pytest.approx(3.0)


def test_what_was_harmed_before_the_run_turned_back_is_counted() -> None:
    given = account("not-found", "rolled-back")
    rows = (row(151.0, "a", "wrong"), row(152.0, "a", "bad"), row(152.5, "a"), row(154.0, "a", "wrong"))
    run = {"state": "rolled-back", "turned_back": {"at": "1970-01-01T00:02:33.000Z", "why": "404"}}
    fields = {name: getattr(given, name) for name in given.__slots__} | {"rows": rows}

    turned = Account(**fields | {"answers": {"report": {"run": run}}})

    assert turned.before_turning_back == {"wrong": 1, "bad": 1, "lost": 0}
    assert Account(**fields).before_turning_back == {"wrong": 2, "bad": 1, "lost": 0}
    assert turned.as_json()["before_turning_back"] == {"wrong": 1, "bad": 1, "lost": 0}


def test_the_split_counts_only_weights_in_force() -> None:
    targets = {
        "127.77.11.2:8080": {"connections": 30, "effective_weight": 100},
        "127.77.1.1:18080": {"connections": 10, "effective_weight": 50},
        "127.77.1.2:18080": {"connections": 0, "effective_weight": None},
    }

    assert split_of({"targets": targets}, "127.77.1.", 7.0) == Split(7.0, pytest.approx(100 / 3), 30, 10)


def test_where_nothing_has_weight_there_is_no_share() -> None:
    assert split_of({"targets": {}}, "127.77.1.", 7.0).share is None


def test_each_stretch_at_one_share_has_its_own_row() -> None:
    splits = [Split(0, 0.0, 0, 0), Split(1, 0.0, 50, 0), Split(2, 10.0, 60, 0), Split(3, 10.0, 150, 10)]
    rows = achieved(splits)

    assert [(each.asked, each.got, each.connections) for each in rows] == [(0.0, 0.0, 50), (10.0, 10.0, 100)]


def test_the_plan_fits_the_lab_it_is_for(tmp_path) -> None:
    template = tmp_path / "lab.yaml"
    template.write_text("kubeconfig: build/lab/kubeconfig\nendpoint: http://127.77.0.5:8080\n")
    same = plan_for("127.77", tmp_path.__class__("build/lab/kubeconfig"), template, tmp_path / "plan.yaml")
    other = plan_for("127.90", tmp_path / "kc", template, tmp_path / "plan.yaml")

    assert same == template
    assert other.read_text() == f"kubeconfig: {tmp_path}/kc\nendpoint: http://127.90.0.5:8080\n"


def test_the_plan_for_a_control_plane_of_strangers_names_their_context(tmp_path) -> None:
    template = tmp_path / "lab.yaml"
    template.write_text("kubeconfig: build/lab/kubeconfig\ncontext: lab   # the usual\n")
    made = plan_for("127.77", tmp_path / "kc", template, tmp_path / "plan.yaml", "yes: no")

    assert made.read_text() == f'kubeconfig: {tmp_path}/kc\ncontext: "yes: no"   # the usual\n'

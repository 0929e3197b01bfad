"""What migrator makes of faults on its way to others: the table's own rules, a sample of it, and all of it in the matrix."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.lab.faults.orders import Faults, Kind
from migrator.lab.ground.layout import HAPROXY, Scenario
from migrator.lab.trials import carry_out
from migrator.lab.trials.trial import Row, Trial, Tried, trials

SAMPLE = ("api:status-403", "api:reset-5%", "balancer:page")
"""Faults that are over in seconds: a plan gives up at once, or reads again."""

RUNS = (
    *("api:half-open", "api:status-401", "balancer:late", "balancer:lost", "balancer:status-429"),
    *("gateways:reset", "prometheus:dribble"),
)
"""Two minutes each; `migrator lab fault table --runs` tries all."""

TARGETS = ("api", "balancer", "prometheus", "gateways")


def scenario() -> Scenario:
    return Scenario(net="auto", parts=carry_out.PARTS)


def chosen(*names: str) -> list[Trial]:
    return [each for target in TARGETS for each in trials(target, "tencent") if not names or each.name in names]


@pytest.mark.parametrize("balancer", ["tencent", HAPROXY])
def test_every_trial_is_an_order_that_a_door_takes_and_each_kind_of_fault_is_tried(balancer: str) -> None:
    faults = Faults({"api": True, "balancer": balancer != HAPROXY, "prometheus": True})
    every = [each for target in TARGETS for each in trials(target, balancer)]
    for each in every:
        faults.order(each.order)

    assert len({each.name for each in every}) == len(every)
    assert {each.kind for each in every} == {str(kind) for kind in Kind}


def test_a_row_says_what_was_promised_and_not_kept() -> None:
    good, stuck = Tried(2, 3.0, "kube.no-answer"), Tried(None, 120.0)
    hurt = Tried(3, 90.0, state="rolled-back", lost=2, defect="KeyError: 'x'")

    assert Row(Trial("api", "reset"), good, Tried(0, 80.0, state="completed")).problems() == []
    assert Row(Trial("api", "reset"), stuck, hurt).problems() == [
        "plan: it did not end",
        "run: a defect of its own: KeyError: 'x'",
        "run: 2 lost, 0 bad",
    ]


@pytest.mark.lab
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_plan_through_faults_ends_and_says_so_in_our_words(tmp_path: Path) -> None:
    rows = {row.trial.name: row for row in carry_out.plans(scenario(), tmp_path, chosen(*SAMPLE), lambda _: None)}

    assert len(rows) == len(SAMPLE)
    assert [problem for row in rows.values() for problem in row.problems()] == []
    assert rows["api:reset-5%"].plan is not None
    assert rows["api:reset-5%"].plan.exit_code == 0  # reads are repeated


@pytest.mark.lab
@pytest.mark.matrix
@pytest.mark.timeout(3600)
def test_no_fault_at_any_door_keeps_a_plan_from_its_end(tmp_path: Path) -> None:
    rows = list(carry_out.plans(scenario(), tmp_path, chosen(), lambda _: None))

    assert [problem for row in rows for problem in row.problems()] == []


@pytest.mark.lab
@pytest.mark.matrix
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", RUNS)
def test_no_fault_at_any_door_costs_a_run_a_request(tmp_path: Path, name: str) -> None:
    (trial,) = chosen(name)
    found = carry_out.run(scenario(), tmp_path, trial, lambda _: None)

    assert Row(trial, run=found).problems() == []
    assert found.state in ("completed", "rolled-back", "waiting", "running")

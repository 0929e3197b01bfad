"""The balancer as a judge of the plan: it remembers its looks, and whoever is no such judge is asked as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from migrator.adapters.gates.monitoring import Balancer, Judges, LateBalancer
from migrator.domain.balancers.monitoring import Monitored, Reported
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import OtherSpec
from migrator.domain.model.spec.judging import Limits
from migrator.domain.ports.rates import JudgeAnswer, JudgeQuestion

OLD, NEW = (PodRef("edge", name, name, at) for name, at in (("gw-1", "10.0.0.1"), ("ds-1", "10.0.0.2")))
SIDES = ((Side.OLD, (OLD,)), (Side.NEW, (NEW,)))
JUDGE = OtherSpec("balancer", balancer=True)
AT = {Backend("web", pod.ip, 80): side for side, pods in SIDES for pod in pods}
QUESTION = JudgeQuestion(SIDES, AT, 400.0)
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Counters:
    """A balancer whose counters grow as they are told to."""

    def __init__(self) -> None:
        self.rows = dict.fromkeys((OLD.ip, NEW.ip), (1000, 0))

    def grow(self, at: str, asked: int, failed: int) -> None:
        was = self.rows[at]
        self.rows[at] = (was[0] + asked, was[1] + failed)

    def monitored(self) -> tuple[Monitored, ...]:
        return tuple(Monitored(Backend("web", at, 80), *row) for at, row in self.rows.items())


class Always:
    """A judge that always passes, and counts."""

    asked = 0

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        self.asked += 1
        return JudgeAnswer(Ruling.PASS)


def test_what_failed_before_the_first_look_is_nobodys() -> None:
    counters = Counters()
    judge = Balancer(counters, Limits())
    counters.grow(NEW.ip, 100, 50)

    assert judge.ask(JUDGE, QUESTION).ruling is Ruling.PASS


def test_connections_that_fail_on_the_new_side_alone_abort() -> None:
    counters = Counters()
    judge = Balancer(counters, Limits())
    judge.ask(JUDGE, QUESTION)
    counters.grow(NEW.ip, 100, 50)
    counters.grow(OLD.ip, 100, 0)

    assert judge.ask(JUDGE, QUESTION).ruling is Ruling.ABORT


def test_after_a_reload_it_begins_anew() -> None:
    counters = Counters()
    judge = Balancer(counters, Limits())
    judge.ask(JUDGE, QUESTION)
    counters.rows = dict.fromkeys(counters.rows, (0, 0))
    assert judge.ask(JUDGE, QUESTION).ruling is Ruling.PASS
    counters.grow(NEW.ip, 100, 50)
    counters.grow(OLD.ip, 100, 0)

    assert judge.ask(JUDGE, QUESTION).ruling is Ruling.ABORT


def test_each_judge_is_asked_where_the_plan_says() -> None:
    others, balancer = Always(), Always()
    judges = Judges(others, balancer)
    for judge in (JUDGE, OtherSpec("slo", "https://a.example/"), JUDGE):
        judges.ask(judge, QUESTION)

    assert (others.asked, balancer.asked) == (1, 2)


class Cloud:
    """A cloud whose monitoring has two whole minutes of each backend, in which one at the new side failed half."""

    asked = 0

    def reported(self) -> tuple[Reported, ...]:
        self.asked += 1
        return tuple(
            Reported(at, None, NOW.timestamp() - ago, 60.0, asked=100, failed=failed, backend=Backend("web", at, 80))
            for ago in (180.0, 120.0)
            for at, failed in ((OLD.ip, 0), (NEW.ip, 50))
        )


def test_a_clouds_late_figures_abort_where_they_are_of_this_share() -> None:
    judge = LateBalancer(Cloud(), Limits(), lambda: NOW)

    assert judge.ask(JUDGE, replace(QUESTION, stood=200.0)).ruling is Ruling.ABORT
    assert judge.ask(JUDGE, replace(QUESTION, stood=100.0)).ruling is Ruling.TOO_FEW


def test_a_cloud_is_asked_at_most_twice_in_one_of_its_periods() -> None:
    now = [NOW]
    cloud = Cloud()
    judge = LateBalancer(cloud, Limits(), lambda: now[0])
    for _ in range(8):
        judge.ask(JUDGE, QUESTION)
        now[0] += timedelta(seconds=15)

    assert cloud.asked == 4


def test_one_burst_of_failures_is_no_reason_to_turn_back_although_several_looks_hold_it() -> None:
    counters = Counters()
    judge = Balancer(counters, Limits())
    judge.ask(JUDGE, QUESTION)
    rulings = []
    for failed in (50, 0, 0):
        counters.grow(NEW.ip, 100, failed)
        counters.grow(OLD.ip, 100, 0)
        rulings.append(judge.ask(JUDGE, QUESTION).ruling)

    assert rulings == [Ruling.ABORT, Ruling.HOLD, Ruling.HOLD]


def test_at_100_percent_the_new_side_is_compared_with_what_the_old_one_was_like() -> None:
    counters = Counters()
    judge = Balancer(counters, Limits())
    judge.ask(JUDGE, QUESTION)
    counters.grow(OLD.ip, 100, 50)
    for _ in range(6):
        judge.ask(JUDGE, QUESTION)
        counters.grow(NEW.ip, 100, 50)

    assert judge.ask(JUDGE, QUESTION).ruling is Ruling.PASS


def test_a_row_that_has_changed_hands_is_counted_for_nobody() -> None:
    counters = Counters()
    judge = Balancer(counters, Limits())
    judge.ask(JUDGE, replace(QUESTION, backends=dict.fromkeys(AT, Side.OLD)))
    counters.grow(NEW.ip, 100, 50)
    counters.grow(OLD.ip, 100, 0)

    assert judge.ask(JUDGE, QUESTION).ruling is Ruling.PASS

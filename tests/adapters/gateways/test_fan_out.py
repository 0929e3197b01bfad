"""Many pods, few threads, one deadline."""

from __future__ import annotations

import threading
from time import monotonic

from migrator.adapters.gateways.fan_out import FanOut
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import PodRef
from tests.adapters.gateways.envoys import pod

PODS = [pod(f"p{number}") for number in range(40)]


def test_every_pod_is_asked_and_answers_keep_their_order() -> None:
    found = FanOut(threads=4).ask(PODS, lambda each: each.name, seconds=5.0)

    assert [answer for _, answer in found] == [each.name for each in PODS]


def test_who_does_not_answer_in_time_is_unreachable_and_delays_nobody() -> None:
    release = threading.Event()

    def question(each: PodRef) -> str:
        if each.name == "p0":
            release.wait(10.0)
        return each.name

    try:
        found = FanOut(threads=4).ask(PODS, question, seconds=0.2)
    finally:
        release.set()

    assert isinstance(found[0][1], Unreachable)
    assert [answer for _, answer in found[1:]] == [each.name for each in PODS[1:]]


def test_an_error_is_that_pods_answer() -> None:
    error = Unreachable(verbatim("gone"))

    def question(each: PodRef) -> str:
        if each.name == "p1":
            raise error
        return "fine"

    assert [answer for _, answer in FanOut().ask(PODS[:3], question, 5.0)] == ["fine", error, "fine"]


def broken_at_one(each: PodRef) -> str:
    if each.name == "p1":
        raise ZeroDivisionError("do-not-print-me")
    return "fine"


def test_a_defect_is_named_by_its_type_at_its_own_gateway_and_hides_no_other() -> None:
    found = [str(answer) for _, answer in FanOut().ask(PODS[:3], broken_at_one, 5.0)]

    assert found == ["fine", "gateway.broken pod=p1 error=ZeroDivisionError", "fine"]


MANY = [pod(f"m{number}") for number in range(1000)]
MUTE = {each.uid for each in MANY[::5]}


def test_200_silent_pods_of_1000_hold_up_no_sweep_and_each_has_its_own_reason() -> None:
    ended = threading.Event()

    def question(each: PodRef) -> str:
        if each.uid in MUTE:
            ended.wait(30.0)
            raise Unreachable(verbatim(f"{each.name} is gone"))
        return each.name

    fan_out = FanOut(slow_after=0.1)
    first = dict_of(fan_out.sweep("readings", MANY, question))
    began = monotonic()
    second = dict_of(fan_out.sweep("readings", MANY, question))
    took = monotonic() - began
    others = dict_of(fan_out.sweep("told", MANY, question))
    ended.set()
    until = monotonic() + 20.0
    while True:
        third = dict_of(fan_out.sweep("readings", MANY, question))
        if all(f"{each.name} is gone" in str(third[each.uid]) for each in MANY if each.uid in MUTE):
            break
        assert monotonic() < until

    for answers in (first, second, others):
        assert all(answers[each.uid] == each.name for each in MANY if each.uid not in MUTE)
        assert all("gateway.late" in str(answers[uid]) for uid in MUTE)
    assert took < 20.0, "a pod that says nothing takes 30 s"


def test_what_a_slow_pod_says_is_taken_by_a_later_sweep_and_it_is_asked_on() -> None:
    asked: list[str] = []

    def question(each: PodRef) -> int:
        asked.append(each.name)
        if len(asked) < 4:
            threading.Event().wait(0.3)
        return len(asked)

    fan_out, found = FanOut(slow_after=0.1), list[object]()
    until = monotonic() + 20.0
    while asked.count("p0") < 6 and monotonic() < until:
        found.append(fan_out.sweep("readings", PODS[:1], question)[0][1])
        threading.Event().wait(0.05)

    assert isinstance(found[0], Unreachable)
    assert {1, 2, 3} <= {each for each in found if isinstance(each, int)}
    assert found[-1] == 6


def test_a_defect_is_named_in_a_sweep_too() -> None:
    found = [str(answer) for _, answer in FanOut().sweep("readings", PODS[:3], broken_at_one)]

    assert found == ["fine", "gateway.broken pod=p1 error=ZeroDivisionError", "fine"]


def dict_of(answers: list[tuple[PodRef, object]]) -> dict[str, object]:
    return {each.uid: answer for each, answer in answers}

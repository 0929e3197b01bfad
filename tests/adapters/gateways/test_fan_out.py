"""Many pods, few threads, one deadline."""

from __future__ import annotations

import threading

import pytest

from migrator.adapters.gateways.fan_out import FanOut
from migrator.domain.messages.errors import Unreachable
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
    error = Unreachable("gone")

    def question(each: PodRef) -> str:
        if each.name == "p1":
            raise error
        return "fine"

    assert [answer for _, answer in FanOut().ask(PODS[:3], question, 5.0)] == ["fine", error, "fine"]


def test_a_defect_is_not_hidden_as_a_silent_gateway() -> None:
    def question(_each: PodRef) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        FanOut().ask(PODS[:2], question, 5.0)

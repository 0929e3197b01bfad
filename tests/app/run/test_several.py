"""Several gateways in one process: each goes on by itself, one in trouble is tried again, a defect of ours ends them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest

from migrator.app.run import several as room
from migrator.app.run.several import Carry, Several, Stand, doubled
from migrator.domain.messages.errors import LeaseHeld, MigratorError, Unreachable, UsageError
from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.runs import Heading, Run, State
from tests.domain.seen import at

RUN = Run(1, "p", "edge-nodes", State.RUNNING, Heading.FORWARD, 0, at(0), at(0))
ENDED = replace(RUN, state=State.COMPLETED)
WITHIN = 30.0


class Clock:
    """A clock on which every look is a minute later, so that nobody waits in a test."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60.0
        return self.now


class Gateway:
    """One gateway: what each try raises, and then it is followed until all are told to leave."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.tries, self.followed = 0, Event()

    def __call__(self, alive: Callable[[], None], leave: Callable[[], bool]) -> Run:
        self.tries += 1
        if self.troubles:
            raise self.troubles.pop(0)
        alive()
        self.followed.set()
        for _ in range(10_000):
            if leave():
                return RUN
            Event().wait(0.001)
        raise AssertionError("nobody told it to leave")


def looked_after(gateways: dict[str, Gateway], *followed: str) -> tuple[Several, list[tuple[str, Message]]]:
    """Look after these until those that will be followed are, and then leave."""
    told: list[tuple[str, Message]] = []

    def leave() -> bool:
        return all(gateways[name].followed.is_set() for name in followed)

    carries: dict[str, Carry] = dict(gateways)
    several = Several(carries, leave, lambda name, why: told.append((name, why)), Clock())
    several.until_told()
    return several, told


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(LeaseHeld(verbatim("bob has it")), id="somebody else has it"),
        pytest.param(Unreachable(verbatim("no answer"), retry_after=1.0), id="nobody answers"),
        pytest.param(UsageError(verbatim("not there")), id="it is not there yet"),
    ],
)
def test_a_gateway_in_trouble_is_tried_again_and_said_once_while_the_other_goes_on(trouble: MigratorError) -> None:
    gateways = {"a": Gateway(), "b": Gateway(trouble, trouble)}

    several, told = looked_after(gateways, "a", "b")

    assert told == [("b", trouble.message)]
    assert (gateways["a"].tries, gateways["b"].tries) == (1, 3)
    assert {sign.stand for sign in several.signs.values()} == {Stand.FOLLOWED}


def test_a_run_that_was_ended_is_not_begun_again() -> None:
    carries: dict[str, Carry] = {"a": lambda _alive, _leave: ENDED}
    several = Several(carries, lambda: False, lambda _name, _why: None, Clock())

    several.until_told()

    assert several.signs["a"].stand is Stand.ENDED
    assert several.ready
    assert several.alive


def test_a_defect_of_ours_ends_them_all_and_is_raised() -> None:
    carries: dict[str, Carry] = {"a": Gateway(), "b": Gateway(ZeroDivisionError("ours"))}
    several = Several(carries, lambda: False, lambda _name, _why: None, Clock())

    with pytest.raises(ZeroDivisionError):
        several.until_told()


@pytest.mark.parametrize(
    ("stand", "ready"),
    [
        (Stand.BEGINS, False),
        (Stand.FOLLOWED, True),
        (Stand.STANDS_BY, True),
        (Stand.TROUBLED, False),
        (Stand.ENDED, True),
    ],
)
def test_it_is_ready_when_somebody_looks_after_every_gateway(stand: Stand, ready: bool) -> None:
    several = Several({"a": Gateway()}, lambda: True, lambda _name, _why: None, lambda: 0.0)
    several.signs["a"] = replace(several.signs["a"], stand=stand)

    assert several.ready is ready


def test_it_is_alive_while_each_thread_gives_a_sign() -> None:
    now = [0.0]
    several = Several({"a": Gateway()}, lambda: True, lambda _name, _why: None, lambda: now[0])

    now[0] = room.LONGEST_SILENCE - 1
    early = several.alive
    now[0] = room.LONGEST_SILENCE

    assert (early, several.alive) == (True, False)


def test_the_first_name_that_is_there_twice_is_told() -> None:
    assert doubled(["a", "b", "a", "b"]) == "a"
    assert doubled(["a", "b"]) is None

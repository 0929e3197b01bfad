"""A reader or a writer may raise what no port promises, a library's error or a defect of ours: it ends no run, and no text
of it is passed on."""

from __future__ import annotations

import json
import logging
import subprocess
from dataclasses import replace
from itertools import count

import pytest

from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import NoDataSpec
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness, Life, soaked
from tests.fakes.world import FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, small
from tests.workflow.test_trouble import climbing, nobody_was_hurt, world_shares_never_fell

SECRET = "do-not-print-me"

ERRORS: tuple[Exception, ...] = (
    ValueError(SECRET),
    KeyError(SECRET),
    IndexError(SECRET),
    TypeError(SECRET),
    AttributeError(SECRET),
    OSError(5, SECRET),
    RuntimeError(SECRET),
    RecursionError(SECRET),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, SECRET),
    json.JSONDecodeError(SECRET, "x", 0),
    subprocess.TimeoutExpired(SECRET, 1.0),
    MemoryError(SECRET),
)
SOME = pytest.mark.parametrize("error", ERRORS[:2], ids=lambda error: type(error).__name__)
NAMED = pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)

READS = ("workload", "list_objects", "hosts", "targets", "readings", "told", "parity", "probe", "try_once")


def strike(world: FakeWorld, call: str, error: Exception, times: int) -> None:
    for of in (world.cluster, world.balancer, world.gateways, world):
        of.orders.fail(call, error, times=times)


def forgive(world: FakeWorld) -> None:
    for of in (world.cluster, world.balancer, world.gateways, world):
        of.orders.forgive()


class Struck(Life):
    """A process whose readers may raise anything."""

    foreign = (Exception,)


def struck(harness: Harness) -> Harness:
    harness.life = Struck
    return harness


@NAMED
def test_a_run_goes_on_though_every_reader_raises_it_one_after_the_other(
    make: Make, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    harness = struck(climbing(make))
    due, turns = list(READS), count()

    def next_one(_progress: Progress) -> bool:
        if due and next(turns) % 5 == 0:
            forgive(harness.world)
            strike(harness.world, due.pop(0), error, times=2)
        return False

    with caplog.at_level(logging.INFO):
        run = harness.process(leaves=next_one)

    assert run.state is State.COMPLETED
    assert due == []
    assert world_shares_never_fell(harness)
    assert SECRET not in "\n".join((*harness.words(), *(record.getMessage() for record in caplog.records)))


@SOME
@pytest.mark.parametrize("call", ["workload", "targets"])
def test_nothing_advances_on_what_a_reader_could_not_read(make: Make, call: str, error: Exception) -> None:
    harness = struck(climbing(make))
    harness.process(leaves=after(3))
    share = harness.world.share
    strike(harness.world, call, error, times=-1)

    run = harness.process(leaves=after(30))

    assert (run.state, run.heading, harness.world.share) == (State.RUNNING, Heading.FORWARD, share)
    assert any(type(error).__name__ in words for words in harness.words()[-3:])


@SOME
def test_gateways_whose_answers_nobody_can_read_are_no_data_and_no_pass(make: Make, error: Exception) -> None:
    spec = replace(AUTO, judge=replace(AUTO.judge, no_data=NoDataSpec(rollback_after=15.0)))
    harness = struck(make(small(), spec))
    harness.process(leaves=lambda progress: soaked(progress, 1))
    strike(harness.world, "readings", error, times=-1)

    harness.process(leaves=lambda _progress: harness.world.share == 0)

    assert "judge.no-data" in str(harness.run.why)


@SOME
@pytest.mark.parametrize("effect", [True, False], ids=["after its effect", "before it"])
def test_a_writer_that_raises_it_has_perhaps_written_and_a_look_decides(
    make: Make, error: Exception, effect: bool
) -> None:
    harness = make(small(), AUTO)
    for fake in (harness.world.balancer, harness.world.cluster, harness.world.gateways):
        for call in ("set_weights", "register", "deregister", "apply", "patch", "delete", "tell"):
            fake.orders.fail(call, error, times=1, after=effect)

    assert harness.process().state is State.COMPLETED
    assert nobody_was_hurt(harness)
    assert SECRET not in "\n".join(harness.words())


@SOME
def test_a_way_back_ends_though_every_writer_raises_it_once(make: Make, error: Exception) -> None:
    harness = climbing(make)
    harness.ask(RequestKind.ROLLBACK)
    for fake in (harness.world.balancer, harness.world.cluster, harness.world.gateways):
        for call in ("set_weights", "deregister", "apply", "patch", "delete", "tell"):
            fake.orders.fail(call, error, times=1)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals

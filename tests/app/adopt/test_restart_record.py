"""A restart whose store is lost: its record in the cluster takes it over, on or back, and its way back can be typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.adopt.adopting import recorded
from migrator.app.adopt.by_hand import of_store
from migrator.app.adopt.dead_man import Guard
from migrator.app.run.restarting import Asked
from migrator.domain.messages.errors import Refused, UsageError
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import OnSilence, SilenceSpec
from migrator.workflow.progress import Progress
from tests.app.adopt.test_adopting import WHERE, Surviving
from tests.fakes.objects import OLD
from tests.fakes.restarted import SHORT, SOAK, Restart
from tests.words import refused

SECRET = "hunter2-of-the-new-template"


class Lasting(Restart, Surviving):
    """A restart whose processes keep its record."""


def at(number: int) -> Callable[[Progress], bool]:
    """Leave at the renewal of the node of this number, once its pod was ended."""
    return lambda progress: progress.run.cursor == number and "renew.proving" in str(progress.words)


@pytest.fixture
def half(tmp_path: Path) -> Lasting:
    """A restart of three nodes that was left with the second one out."""
    made = Lasting(tmp_path)
    made.until(at(3))
    return made


def lost(made: Lasting, folder: Path) -> Lasting:
    made.lose_the_store(folder / "elsewhere")
    made.adopt()
    return made


def test_a_restart_is_adopted_halted_and_goes_on_with_the_node_that_is_out(half: Lasting, tmp_path: Path) -> None:
    ended = list(half.restarted.ended)
    again = lost(half, tmp_path)

    assert (again.run.state, again.run.heading, again.run.cursor) == (State.HALTED, Heading.FORWARD, 3)
    again.ask(RequestKind.RESUME)
    run = again.process()

    assert run.state is State.COMPLETED, (run.why, again.words()[-5:])
    assert again.revisions() == {again.wanted}
    assert again.weights() == again.before
    assert len(again.restarted.ended) == 3 > len(ended)
    assert not again.restarted.harm
    assert again.strategy == "RollingUpdate"


def test_an_adopted_restart_goes_back_to_the_former_revision(half: Lasting, tmp_path: Path) -> None:
    former = set(half.plan.seen.former)
    again = lost(half, tmp_path)

    again.ask(RequestKind.ROLLBACK)
    run = again.process()

    assert run.state is State.ROLLED_BACK, (run.why, again.words()[-5:])
    assert again.revisions() == former
    assert again.weights() == again.before
    assert not again.restarted.harm
    assert again.strategy == "RollingUpdate"


def test_a_restart_that_was_on_its_way_back_is_adopted_on_it(half: Lasting, tmp_path: Path) -> None:
    half.ask(RequestKind.ROLLBACK)
    half.until(lambda progress: progress.run.heading is Heading.BACK and progress.run.cursor >= 2)
    former = set(half.plan.seen.former)
    with half.store() as store:
        titles = [step.title for step in store.route(half.run.id, Heading.BACK)]

    again = lost(half, tmp_path)

    assert again.run.heading is Heading.BACK
    with again.store() as store:
        assert [step.title for step in store.route(again.run.id, Heading.BACK)] == titles
    again.ask(RequestKind.RESUME)
    assert again.process().state is State.ROLLED_BACK
    assert again.revisions() == former
    assert again.weights() == again.before


def of_template(value: str) -> Asked:
    row = {"name": "istio-proxy", "env": [{"name": "PASSWORD", "value": value}]}
    return Asked(soak=SOAK, patch={"spec": {"template": {"spec": {"containers": [row]}}}})


def test_a_new_value_is_in_no_record_and_found_again_in_the_new_template(tmp_path: Path) -> None:
    made = Lasting(tmp_path, of_template(SECRET))
    made.until(at(3))
    kept = json.dumps([thing for ref, thing in made.world.cluster.objects.items() if ref.kind == "ConfigMap"])
    assert SECRET not in kept

    _, plan = recorded(made.world.cluster, WHERE, OLD)

    assert SECRET in str(plan.changes[1].patch)
    assert plan.changes == made.plan.changes


def test_a_new_value_that_was_never_written_is_named_and_nothing_is_made_up(tmp_path: Path) -> None:
    made = Lasting(tmp_path, of_template(SECRET))
    made.until(lambda progress: progress.run.cursor == 0)

    with pytest.raises(Refused, match=r"adopt\.values-lost"):
        recorded(made.world.cluster, WHERE, OLD)


def test_no_guard_takes_a_restart_back_and_says_what_does(tmp_path: Path) -> None:
    wanted = replace(SHORT, on_silence=SilenceSpec(200.0, OnSilence.ROLLBACK))
    made = Lasting(tmp_path, spec=wanted)
    made.until(at(3))

    assert made.plan.spec.on_silence.then is OnSilence.HOLD
    with refused(UsageError, "guard.restart"):
        Guard(made.world.cluster, WHERE, OLD, made.world.clock.monotonic, lambda _spec: made.world.readers).listen()


def test_the_record_goes_with_the_end_of_the_restart(tmp_path: Path) -> None:
    made = Lasting(tmp_path)
    made.until(lambda progress: False)

    assert made.run.state is State.COMPLETED
    with made.store() as store, refused(UsageError, "hand.no-way-back"):
        of_store(store, str(made.run.id))

"""Channels are told at least once, each by one process at a time, and nothing that a channel does delays anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from migrator.app.telling.notify import Posts, Telling
from migrator.app.telling.sender import Post, Sender
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import Run, State
from migrator.domain.model.spec import ChannelSpec, Moment
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.ports.telling import Letter
from migrator.store import Store
from migrator.store.file.lock import Lock
from tests.app.telling.test_notices import ALL
from tests.app.telling.world import Kept, eventful
from tests.app.world import HOLDER, stored
from tests.store.world import make_plan


class Killed(BaseException):
    """What a kill is to the process that it hits: nothing after it is done."""


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        sleep(0.01)
    raise AssertionError("it never came true")


def post(store: Store, run: Run, channel: Kept) -> Post[Letter]:
    return Post.of(store, run, store.plan(run.plan_id).spec, channel)


def test_a_channel_is_told_everything_once(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f2"))
        ops = Kept()
        with Sender(store, run, store.plan(run.plan_id).spec, [ops], every=0.01):
            until(lambda: len(ops.letters) == len(ALL))
        post(store, run, ops).empty()

    assert ops.told == ALL
    assert len({letter.id for letter in ops.letters}) == len(ALL)
    assert all(letter.id in letter.text for letter in ops.letters)
    assert "migrator approve 1" in next(each.text for each in ops.letters if each.moment is Moment.WAITS)


def test_a_channel_is_told_only_what_the_plan_says(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f3"))
        ops = Kept(moments=frozenset({Moment.WAITS, Moment.ENDED}))
        post(store, run, ops).empty()

    assert ops.told == [Moment.WAITS, Moment.ENDED]


@pytest.mark.parametrize("edge", range(2 * len(ALL)))
def test_a_kill_at_any_edge_repeats_one_letter_at_most_and_loses_none(tmp_path: Path, edge: int) -> None:
    """Each letter has two edges: before the channel has it, and after it has it but before that is written down."""
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f4"))
        ops = Kept()
        take = ops.send

        def dies(letter: Letter) -> None:
            if edge == 2 * len(ops.letters):
                raise Killed
            take(letter)
            if edge == 2 * len(ops.letters) - 1:
                raise Killed

        ops.send = dies  # type: ignore[method-assign]
        with pytest.raises(Killed):
            post(store, run, ops).empty()
        ops.send = take  # type: ignore[method-assign]
        post(store, run, ops).empty()

    ids = [letter.id for letter in ops.letters]
    assert len(set(ids)) == len(ALL)
    assert len(ids) - len(set(ids)) == edge % 2


def test_a_silent_channel_is_told_later_and_a_refused_letter_is_passed_over(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f5"))
        silent, refusing = Kept("silent"), Kept("refusing")
        silent.silent = refusing.refuses = True
        later, never = post(store, run, silent), post(store, run, refusing)
        assert (later.empty(), never.empty()) == (False, True)
        silent.silent = refusing.refuses = False
        later.empty()
        never.empty()

    assert silent.told == ALL
    assert refusing.told == []


def test_a_channel_that_hangs_delays_neither_the_others_nor_the_end(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f6"))
        stuck, ops = Kept("stuck"), Kept()
        stuck.hangs = Event()
        began = monotonic()
        with Sender(store, run, store.plan(run.plan_id).spec, [stuck, ops], lambda: True, every=0.01):
            until(lambda: len(ops.letters) == len(ALL) and stuck.reached.is_set())
        took = monotonic() - began
        stuck.hangs.set()
        until(lambda: not Lock.taken(store.file.with_name(f"{store.file.name}.run-{run.id}-tell-stuck.lock")))

    assert ops.told == ALL
    assert took < 9  # `hangs` waits 10


def test_while_one_process_tells_a_channel_another_leaves_it_alone(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f7"))
        ops, again = Kept(), Kept()
        lock = Lock.take(store.file.with_name(f"{store.file.name}.run-{run.id}-tell-ops.lock"))
        assert lock is not None
        post(store, run, again).empty()
        lock.release()
        post(store, run, ops).empty()

    assert (again.told, ops.told) == ([], ALL)


def test_a_run_that_nobody_watches_any_more_is_told_from_outside_once(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = store.create_run(make_plan("f8"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.looked(Snapshot())
        run = journal.move(run, state=State.RUNNING)
        lease._lock.drop()  # what the kernel does for a process that is gone
        ops = Kept()
        outside = post(store, run, ops)
        outside.empty()
        clock.sleep(31)
        outside.empty()
        outside.empty()
        clock.sleep(1)
        journal = store.journal(run.id, store.acquire(run.id, "eve@ops pid 2"))
        journal.looked(Snapshot())
        journal.move(run, state=State.PAUSED, why=verbatim("lunch"))
        post(store, run, ops).empty()

    assert ops.told == [Moment.BEGAN, Moment.UNWATCHED]
    assert "migrator resume 1" in ops.letters[1].text


def test_from_outside_every_run_is_told_that_goes_on_or_ended_within_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan whose cluster this process knows nothing of, and whose channel has no address, is told of and holds no other."""
    monkeypatch.delenv("MIGRATOR_NOTIFY_OPS", raising=False)
    plan = make_plan("f9")
    cluster = replace(plan.spec.cluster, kubeconfig=str(tmp_path / "none"))
    spec = replace(plan.spec, cluster=cluster, notify=(ChannelSpec("ops"),), events=True)
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, replace(plan, spec=spec))
        posts = Posts(store)
        first, again = posts.round(posts.recent()), posts.round(posts.recent())
        clock.sleep(25 * 3600)
        late = posts.recent()

    assert [(told.run, told.channel) for told in first] == [(run.id, ""), (run.id, "")]
    assert next(told.trouble.code for told in first if told.trouble) == "notify.no-address"
    assert (again, late) == ([], [])


def test_from_outside_a_channel_that_hangs_is_told_of_and_waited_for_no_longer(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("fa"))
        stuck = Kept()
        stuck.hangs = Event()
        telling = Telling(run.id, "ops", post(store, run, stuck))
        telling.begin()
        first = telling.ended(0.01)
        telling.begin()  # it goes on still: the same letter is not sent beside itself
        stuck.hangs.set()
        until(lambda: (told := telling.ended(0.01)) is not None and told.trouble is None)

    assert first is not None
    assert first.trouble is not None
    assert first.trouble.code == "notify.hangs"
    assert stuck.told == ALL

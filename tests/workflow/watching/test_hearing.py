"""Logs are read when configurations are compared and when a share begins, and never without a new gateway."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.warned import LogLook, Trouble, Warned
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.opinions.hearing import EVERY, Hearing
from migrator.workflow.watching.watch import Watch, Watched
from tests.fakes.world import SPEC, FakeWorld

NEW = (PodRef("edge", "new-1", "u-1", "10.0.0.1"),)
REJECTED = Warned(Trouble.REJECTED, "edge/new-1", "new-1", Side.NEW)


@dataclass
class Logs:
    """Warns of what it is told to."""

    warned: tuple[Warned, ...] = ()
    asked: list[object] = field(default_factory=list)

    def heard(self, old: object, new: object) -> LogLook:
        self.asked.append(new)
        return LogLook(60.0, 1, self.warned)


def test_before_anything_was_read_the_board_says_that_it_will_be() -> None:
    board, logs = Board(), Logs()
    hearing = Hearing(logs, board)
    hearing()

    assert board.facets() == (LogLook(pending=True),)
    assert logs.asked == []


def test_it_reads_at_once_when_a_comparison_or_a_share_begins_and_again_while_comparing() -> None:
    board = Board()
    hearing = Hearing(Logs(), board)
    comparing, steady = WatchRequest(new=NEW, configs=True), WatchRequest(new=NEW, steady_since=7.0)

    assert hearing.wanted(1.0, WatchRequest()) == inf
    assert hearing.wanted(1.0, WatchRequest(new=NEW)) == inf
    assert hearing.wanted(1.0, comparing) == 1.0
    assert hearing.wanted(1.0, steady) == 1.0
    board.wish = comparing
    hearing()
    assert hearing.wanted(1.0, comparing) == 1.0 + EVERY
    board.wish = steady
    hearing()
    assert hearing.wanted(1.0, steady) == inf
    assert hearing.wanted(1.0, WatchRequest(new=NEW, steady_since=9.0)) == 1.0


def test_people_are_told_of_warnings_and_of_nothing_once_they_are_over() -> None:
    board, logs = Board(), Logs((REJECTED,))
    board.mention((), "record")
    hearing = Hearing(logs, board)
    board.wish = WatchRequest(new=NEW, configs=True)
    hearing()
    assert [message.code for message in board.mentioned] == ["logs.heard"]
    logs.warned = ()
    hearing()

    assert board.mentioned == ()
    assert board.facets() == (LogLook(60.0, 1),)


def test_a_watch_reads_logs_where_a_plan_wants_them_and_only_there() -> None:
    world, board = FakeWorld(), Board()
    reads = Watched(SPEC, replace(world.readers, logs=Logs()), board, world.clock, tuple)

    Watch(reads)
    Watch(Watched(SPEC, world.readers, (silent := Board()), world.clock, tuple))

    assert board.facets() == (LogLook(pending=True),)
    assert silent.facets() == ()

"""The board keeps the newest of each kind, and lets both sides of it wait for news without missing any."""

from __future__ import annotations

from threading import Thread
from time import monotonic

from migrator.domain.messages.message import say
from migrator.domain.observation.sighting import Judgement, Probes, Witnessed
from migrator.workflow.watching.board import Board, WatchRequest

LONG = 30.0
RULED = frozenset({Judgement})


def test_the_board_gives_the_newest_facet_of_each_kind() -> None:
    board = Board()
    board.publish(Probes((), 1.0), Judgement())
    board.publish(Probes((), 2.0))

    assert set(board.facets()) == {Probes((), 2.0), Judgement()}


def test_a_facet_published_since_the_last_look_is_not_waited_for() -> None:
    board = Board()
    board.publish(Judgement())

    assert board.await_facet(RULED, LONG)
    board.facets()
    assert not board.await_facet(RULED, 0.0)


def test_a_facet_of_another_kind_wakes_nobody() -> None:
    board = Board()
    board.publish(Witnessed())

    assert not board.await_facet(RULED, 0.01)
    assert not board.await_facet(frozenset(), 0.01)


def test_a_publication_wakes_the_one_who_waits() -> None:
    board, began = Board(), monotonic()
    publishing = Thread(target=board.publish, args=(Judgement(),))
    publishing.start()

    assert board.await_facet(RULED, LONG)
    publishing.join()
    assert monotonic() - began < LONG


def test_the_same_wish_again_wakes_nobody_and_another_one_does() -> None:
    board, known = Board(), WatchRequest()
    board.wish = WatchRequest()
    began = monotonic()
    board.await_wish(known, 0.05)
    assert monotonic() - began >= 0.05

    board.wish = WatchRequest(checks=True)
    board.await_wish(known, LONG)
    assert monotonic() - began < LONG


def test_a_closed_board_lets_nobody_wait_for_a_wish() -> None:
    board, began = Board(), monotonic()
    board.close()
    board.await_wish(WatchRequest(), LONG)

    assert monotonic() - began < LONG


def test_what_another_thread_mentions_stands_until_it_mentions_something_else() -> None:
    board, trouble = Board(), say("record.written-again", name="x")
    assert board.mentioned == ()
    board.mention((trouble,))
    assert board.mentioned == (trouble,)

    board.mention(())
    assert board.mentioned == ()

"""What a finished step leaves behind for the report."""

from __future__ import annotations

import pytest

from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Decision, Done, TurnBack, Wait
from migrator.domain.model.samples import Answers
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sighting import ConnectionCounts, Judgement
from migrator.domain.steps import Drain
from migrator.workflow.notes import filed, tallies, told
from tests.domain.seen import counts, seen

SILENT = verbatim("timed out")
DRAIN = Drain(Side.OLD, 50.0, OnTimeout.CUT)
SECOND = Judgement(second=Answers(answered=3, empty=1, silent=2, why=SILENT))


@pytest.mark.parametrize("decision", [Done(), TurnBack(())], ids=["done", "turned back"])
def test_what_became_of_the_questions_to_prometheus_is_kept(decision: Decision) -> None:
    said = dict(tallies(DRAIN, decision, seen(SECOND)))

    assert said["prometheus"] == {"answered": 3, "empty": 1, "silent": 2, "why": SILENT}
    assert "prometheus" not in dict(tallies(DRAIN, decision, seen()))


def test_a_step_that_goes_on_leaves_nothing() -> None:
    assert tallies(DRAIN, Wait(SILENT), seen(SECOND)) == []


@pytest.mark.parametrize(
    ("facet", "left"),
    [
        pytest.param(counts(old=2), 4, id="counted"),
        pytest.param(counts(old=None), None, id="a gateway that does not say"),
        pytest.param(counts(counted_at=1000.0), None, id="an old count"),
    ],
)
def test_a_drain_keeps_what_was_left_to_cut(facet: ConnectionCounts, left: int | None) -> None:
    said = dict(tallies(DRAIN, Done(), seen(facet)))

    assert said["cut"] == {"side": "old", "connections": left}


@pytest.mark.parametrize(
    ("note", "filed_as"),
    [
        (say("gate.frozen", by="ann", at="now"), "gates"),
        (say("nodes.over", trouble=say("gate.closed")), "gates"),
        (say("drift.held", what=()), "drift"),
        (say("node.gateway-not-ready"), "nodes"),
        (say("nodes.over", trouble="as older versions wrote it"), "nodes"),
        (say("hand-over.waiting", orders=()), "hand-over"),
        pytest.param(say("record.written-again", name="x"), "record", id="the record in the cluster"),
    ],
)
def test_a_note_is_filed_under_what_it_is_about(note: Message, filed_as: str) -> None:
    assert filed(note) == filed_as


def not_kept(why: str, silent: float | None) -> Message:
    return say("record.not-kept", why=say(why, silent=silent))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(not_kept("lease.fenced", 12.5), not_kept("lease.fenced", 17.5), id="an age"),
        pytest.param(
            not_kept("lease.fenced", 12.5), not_kept("lease.run-out", None), id="another reason of one outage"
        ),
        pytest.param(say("drift.blind", blind=20.0), say("drift.blind", blind=25.0), id="blind for longer"),
        pytest.param(
            say("follow.idle", node="n1", why=say("leaving.drains", connections=7)),
            say("follow.idle", node="n1", why=say("leaving.drains", connections=6)),
            id="a count that falls",
        ),
    ],
)
def test_a_trouble_that_lasts_is_noted_once_whatever_its_numbers(before: Message, now: Message) -> None:
    assert told((), (before,)) == [before]
    assert told((before,), (now,)) == []
    assert told((now,), ()) == [say("nodes.over", trouble=now)]


def test_a_weight_that_somebody_else_changes_again_is_noted_again() -> None:
    first, second = (
        say("follow.drift", backend="b", change=say("drift.changed", weight=weight, meant=10)) for weight in (5, 7)
    )

    assert told((first,), (second,)) == [second, say("nodes.over", trouble=first)]

"""What protects a run is what the last look shows, never what its state promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import DeleteObject
from migrator.domain.model.balancer import Health, Pools, Side
from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Ruling
from migrator.domain.observation.sighting import JournalFacts, Judgement, Sighting, Stale, Witnessed
from migrator.domain.observation.snapshot import Protection
from migrator.domain.turn.protection import guarded, protection, unprotected
from tests.domain.chain import HALF, HALTED, course
from tests.domain.seen import OLD_REF, at, meant, opened, pools, seen, verdict, workload, workloads

WITNESS, HEALTH = say("eye.witness"), say("eye.health")
JUDGE = say("eye.judge", source="gateway counters")
NOW = 1100.0
ALL = (replace(verdict(Ruling.PASS), at=NOW), Witnessed(5, at=NOW), HALF)
UNKNOWN = pools(new=100, health=Health.UNKNOWN)


def by(*facets: object) -> tuple[Protection, Sighting]:
    sighting = seen(*{type(facet): facet for facet in (*ALL, *facets)}.values())
    return protection(sighting), sighting


@pytest.mark.parametrize(
    ("facet", "lost"),
    [
        pytest.param(Witnessed(), WITNESS, id="nobody connects"),
        pytest.param(Witnessed(5, at=NOW - 11), WITNESS, id="the witness hangs"),
        pytest.param(Stale(((Pools, verbatim("401")),)), HEALTH, id="the balancer lets nobody in"),
        pytest.param(UNKNOWN, HEALTH, id="the balancer says nothing of health"),
        pytest.param(verdict(Ruling.PASS, ruled_at=NOW - 4), JUDGE, id="the judge hangs"),
        pytest.param(replace(verdict(Ruling.NO_DATA), at=NOW), JUDGE, id="the judge has no data"),
        pytest.param(Judgement(), say("eye.judge", source=""), id="the judge has never spoken"),
    ],
)
def test_each_eye_that_is_shut_is_named_and_the_others_still_protect(facet: object, lost: object) -> None:
    found, sighting = by(facet)

    assert found.lost == (lost,)
    assert len(found.by) == 2
    assert guarded(sighting) == say("protection.by", eyes=found.by)


def test_all_eyes_open_protect_together() -> None:
    assert by()[0] == Protection((WITNESS, HEALTH, JUDGE))


def test_a_run_without_any_eye_is_said_to_be_without() -> None:
    found, sighting = by(Witnessed(), UNKNOWN, Judgement())

    assert found.by == ()
    assert guarded(sighting) == say("protection.none", lost=found.lost)


@pytest.mark.parametrize(
    ("facets", "code"),
    [
        pytest.param((workloads(old=workload(Side.OLD, uid="")),), "protection.old-gone", id="old is gone"),
        pytest.param(
            (JournalFacts(weights=meant(HALF), open=opened(DeleteObject(OLD_REF, "u"))),),
            "protection.old-going",
            id="old goes",
        ),
        pytest.param(
            (course(HALTED), JournalFacts(weights=meant(pools(new=7)), entered_at=at(0))),
            "protection.foreign-hand",
            id="another hand",
        ),
        pytest.param((pools(),), "protection.no-weight", id="no weight"),
        pytest.param((course(heading=Heading.BACK),), "protection.going-back", id="on its way back"),
    ],
)
def test_a_run_that_nothing_would_turn_back_says_why(facets: tuple[object, ...], code: str) -> None:
    found, sighting = by(*facets)

    assert found.idle == say(code)
    assert guarded(sighting) == say(code)


def test_a_new_side_with_weight_and_an_old_one_to_go_to_is_protected() -> None:
    assert unprotected(by()[1]) is None

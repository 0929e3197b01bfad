"""A migration that has begun or ended already: seen on the balancer, in the cluster and in the Lease, and told plainly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.findings import Severity, Waiver, blocking
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.observation.world import World
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import propose
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY
from tests.domain.planning.checks.ground import NEW, SPACE, SPEC, codes, thing, world

MADE = {"creationTimestamp": "2026-11-23T04:00:00Z", "annotations": {DIGEST: "abc"}, "labels": {MANAGED_BY: "migrator"}}
FINDINGS = {"balancer.new-side-weighted block", "target.in-use block", "target.leftover warn", "target.migrated block"}


def target(space: str = SPACE) -> Manifest:
    """Give the DaemonSet of another run."""
    return thing("DaemonSet", NEW, {}, space=space, api="apps/v1", **MADE)


def begun(weight: int, old: int | None = 60, ours: bool = True) -> World:
    """Give a world whose target exists and has this weight on three nodes; `old` None leaves no old backend."""
    looked = world(target(), target("elsewhere"))
    rows = [Target(Backend("l-1", f"10.1.0.{n}", 18080), weight, Health.HEALTHY) for n in (1, 2, 3)]
    kept = [replace(row, weight=old) for row in looked.targets] if old is not None else []
    return replace(looked, new=replace(looked.new, uid="u-1", ours=ours), targets=(*kept, *rows))


def told(looked: World) -> set[str]:
    return codes(preflight(propose(looked, SPEC))) & FINDINGS


def test_a_run_that_is_half_way_blocks_a_plan_and_names_weights_and_maker() -> None:
    found = {row.code: row for row in preflight(propose(begun(60), SPEC))}

    assert told(begun(60)) == {"balancer.new-side-weighted block", "target.in-use block"}
    assert any("10.1.0.1:18080=60" in str(row) for row in found["balancer.new-side-weighted"]["rows"])
    assert any("abc" in str(row) for row in found["target.in-use"]["made"])
    assert "uid u-1" in found["target.in-use"]["made"]


def test_a_target_of_ours_without_weight_is_a_leftover_that_is_told_and_may_be_taken_over() -> None:
    assert told(begun(0)) == {"target.leftover warn"}


def test_new_backends_with_weight_block_whoever_made_them() -> None:
    assert told(begun(60, ours=False)) == {"balancer.new-side-weighted block"}


def test_a_target_that_is_not_listed_is_told_by_its_uid() -> None:
    looked = replace(begun(60), objects=())

    found = {row.code: row for row in preflight(propose(looked, SPEC))}

    assert found["target.in-use"]["made"] == ("uid u-1",)


def test_a_lease_that_somebody_holds_blocks_and_names_them() -> None:
    held = say("lease.is-held", lease="a/b", by="ann", until="noon")

    found = blocking(preflight(propose(replace(world(), held=held), SPEC)))

    assert [(row.code, row["holder"]) for row in found] == [("target.run-active", held)]


@pytest.mark.parametrize("gone", [pytest.param(True, id="deleted"), pytest.param(False, id="only detached")])
def test_a_migration_that_has_ended_is_one_plain_finding(gone: bool) -> None:
    looked = begun(100, old=None)
    looked = replace(looked, source=None, old=replace(looked.old, uid="", pods=())) if gone else looked

    found = preflight(propose(looked, SPEC))

    assert codes(found) == {"target.migrated block"}
    assert (found[0].variant == "source-gone") is gone


def test_waiving_that_it_has_ended_hides_nothing_else() -> None:
    looked = replace(begun(100, old=None), source=None)
    spec = replace(SPEC, waivers=(Waiver("target.migrated", "why not"),))

    found = codes(preflight(propose(looked, spec)))

    assert {"source.missing block", "target.migrated block"} <= found


def test_backends_of_the_target_are_not_foreign_though_no_old_backend_tells_its_port() -> None:
    assert "balancer.foreign-backend block" not in codes(preflight(propose(begun(100, old=None), SPEC)))


def test_backends_of_another_listener_or_port_are_not_the_new_sides() -> None:
    rows = (Backend("l-9", "10.1.0.1", 18080), Backend("l-1", "10.1.0.1", 9999))
    looked = replace(begun(0), targets=tuple(Target(row, 5, Health.HEALTHY) for row in rows))

    assert "balancer.new-side-weighted block" not in codes(preflight(propose(looked, SPEC)))


def test_the_plan_keeps_the_weights_that_the_new_side_has_now() -> None:
    made = planning._seen(propose(begun(60), SPEC), lambda value: "x" * 20)

    assert {row.weight for row in made.new_now} == {60}
    assert planning._forecast(SPEC, made)[-1].share == 100


def test_a_sound_world_has_none_of_these() -> None:
    found = preflight(propose(world(), SPEC))

    assert codes(found) & FINDINGS == set()
    assert [row for row in found if row.severity is Severity.BLOCK] == []


def test_an_address_where_nobody_answers_blocks_and_is_named() -> None:
    found = blocking(preflight(propose(replace(world(), unanswered=(("l-1", "10.0.0.9:8081: refused"),)), SPEC)))

    assert [(row.code, row.subject, row["error"]) for row in found] == [
        ("witness.no-answer", listeners_subject(["l-1"]), "10.0.0.9:8081: refused")
    ]

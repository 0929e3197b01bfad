"""What all steps have in common: a name, declared needs, and absolute writes."""

from __future__ import annotations

import pytest

from migrator.domain.model.actions import ApplyObject, DeleteObject, Deregister, PatchObject, Register, SetWeights, Tell
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.decisions import Decision, Do
from migrator.domain.steps import (
    Attach,
    Deploy,
    Guard,
    Keep,
    Preflight,
    RehearseBack,
    RehearseUp,
    Step,
    TellToStay,
    Undo,
)
from tests.domain.deciding import DRAINED, ORIGINALS, decided
from tests.domain.seen import FOREIGN, NEW, OLD, OLD_REF, objects, rows, seen
from tests.domain.stage import three
from tests.domain.steps.test_leave import CONFIRM, DEPLOYMENT, DETACH, DRAIN, LEAVE, REMOVE, RETIRE, WELL
from tests.domain.steps.test_prepare import CHANGE, DAEMONSET, LATER, PREPARE, SERVICE
from tests.domain.steps.test_traffic import OLD_ONLY, RESTORE, SHIFT, TRAFFIC
from tests.words import text

EVERY = tuple({type(case.values[0]): case.values[0] for case in (*PREPARE, *TRAFFIC, *LEAVE)}.values())
OTHERS = (Keep(Side.NEW, 100.0, ORIGINALS), RehearseUp(Side.NEW, 0.01, ORIGINALS))


@pytest.mark.parametrize("step", [*EVERY, *OTHERS], ids=lambda step: type(step).__name__)
def test_a_facet_that_a_step_does_not_declare_is_not_shown_to_it(step: Step) -> None:
    sighting = seen().only(step.needs)
    hidden = [kind for kind in seen()._facets if kind not in step.needs]

    for kind in hidden:
        with pytest.raises(LookupError, match=kind.__name__):
            sighting[kind]


@pytest.mark.parametrize(
    ("step", "title", "gains", "after_drain", "count"),
    [
        pytest.param(Preflight(), "Preflight", None, None, 0, id="Preflight"),
        pytest.param(Guard((CHANGE,)), "Guard", None, None, 1, id="Guard"),
        pytest.param(Deploy((DAEMONSET, 7)), "Deploy", None, None, 1, id="Deploy"),
        pytest.param(Attach(Side.NEW, (), 1), "Attach new", None, None, 0, id="Attach"),
        pytest.param(SHIFT, "Shift 50 %", Side.NEW, None, 0, id="Shift"),
        pytest.param(RESTORE, "Restore old", Side.OLD, None, 0, id="Restore"),
        pytest.param(OTHERS[0], "Keep", Side.NEW, None, 0, id="Keep"),
        pytest.param(OTHERS[1], "Rehearse up", Side.NEW, None, 0, id="RehearseUp"),
        pytest.param(RehearseBack(Side.OLD, 0.0, ()), "Rehearse back", Side.OLD, None, 0, id="RehearseBack"),
        pytest.param(TellToStay(Side.OLD), "Tell old to stay", None, None, 0, id="TellToStay"),
        pytest.param(DRAIN, "Drain old", None, None, 0, id="Drain"),
        pytest.param(DETACH, "Detach old", None, Side.OLD, 0, id="Detach"),
        pytest.param(RETIRE, "Retire", None, Side.OLD, 3, id="Retire"),
        pytest.param(REMOVE, "Remove new", None, None, 1, id="Remove"),
        pytest.param(Undo((CHANGE,)), "Undo guard", None, None, 1, id="Undo"),
        pytest.param(CONFIRM, "Confirm new", None, None, 1, id="Confirm"),
        pytest.param(three().step, "Follow nodes", None, None, 0, id="Follow"),
    ],
)
def test_a_step_knows_its_name_who_gains_and_what_it_looks_at(
    step: Step, title: str, gains: Side | None, after_drain: Side | None, count: int
) -> None:
    assert (text(step.title), step.gains, step.after_drain, len(step.objects)) == (title, gains, after_drain, count)


def action_of(decision: Decision) -> object:
    assert isinstance(decision, Do)
    return decision.action


def test_what_steps_write_is_absolute_and_guarded_by_uid() -> None:
    assert action_of(decided(SHIFT)) == SetWeights((Weighted(NEW[0], 100), Weighted(NEW[1], 100)))
    assert action_of(decided(Attach(Side.NEW, NEW, 9), OLD_ONLY)) == Register(NEW)
    assert action_of(decided(DETACH, DRAINED)) == Deregister(OLD, consent=False)
    assert action_of(decided(Guard((CHANGE,)), objects(SERVICE))) == PatchObject(CHANGE.ref, CHANGE.patch, "u-1")
    assert action_of(decided(RETIRE, DRAINED, WELL, objects(LATER, DEPLOYMENT))) == DeleteObject(OLD_REF, "u-1")
    assert action_of(decided(Deploy((DAEMONSET,)))) == ApplyObject(DAEMONSET)
    assert isinstance(action_of(decided(DRAIN, DRAINED)), Tell)


def test_a_foreign_row_is_neither_drained_nor_removed() -> None:
    beside = Pools((*DRAINED.rows, *rows(None, (FOREIGN,), 50)))

    assert action_of(decided(DETACH, beside)) == Deregister(OLD, consent=False)

"""The route builder puts hooks beside the steps that they name; a plan without hooks has the route that it always had."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.spec import HookPoint, HookSpec
from migrator.domain.planning.route import back
from migrator.domain.steps import CallHook, Retire, Shift
from tests.fakes.world import SPEC, FakeWorld, quick
from tests.words import text

BOTH = HookSpec("all", tuple(HookPoint), tuple(HookPoint), command=("true",))


def titles(*hooks: HookSpec) -> list[str]:
    return [text(step.title) for step in FakeWorld().plan(quick(replace(SPEC, hooks=hooks))).steps]


def test_a_hook_stands_before_and_after_each_step_that_it_names() -> None:
    found = titles(HookSpec("warm", (HookPoint.SHARES,), (HookPoint.RETIRE,), "https://a.example/"))

    shares = [index for index, title in enumerate(found) if title.startswith("Shift")]
    assert [found[index - 1] for index in shares] == [f"Hook warm before {found[index]}" for index in shares]
    assert found[found.index("Retire") + 1] == "Hook warm after Retire"
    assert sum(title.startswith("Hook") for title in found) == len(shares) + 1


def test_without_hooks_the_route_is_the_same() -> None:
    assert [title for title in titles(BOTH) if not title.startswith("Hook")] == titles()


def test_a_hook_knows_where_on_the_route_it_stands() -> None:
    steps = FakeWorld().plan(quick(replace(SPEC, hooks=(BOTH,)))).steps
    found = {text(step.title): step for step in steps if isinstance(step, CallHook)}

    stands = {name: (step.share, step.drained, step.gone, step.final) for name, step in found.items()}
    assert stands["Hook all before Deploy"] == (0.0, False, False, False)
    assert stands["Hook all before Shift 50 %"] == (10.0, False, False, False)
    assert stands["Hook all after Shift 50 %"] == (50.0, False, False, False)
    assert stands["Hook all after Drain old"] == (100.0, True, False, False)
    assert stands["Hook all before Retire"] == (100.0, True, True, False)
    assert stands["Hook all after Retire"] == (100.0, True, True, True)


def test_the_way_back_has_no_hooks() -> None:
    plan = FakeWorld().plan(quick(replace(SPEC, hooks=(BOTH,))))
    places = [step for step in plan.steps if isinstance(step, Shift | Retire)]

    assert not [step for left in places for step in back(plan, left) if isinstance(step, CallHook)]

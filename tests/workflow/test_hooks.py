"""Whole runs with hooks: called once each where they succeed, journaled, and never in the way of a way back."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import HookPoint, HookSpec, Unhooked
from migrator.domain.observation.gating import HookCall
from migrator.workflow.progress import Progress
from tests.workflow.conftest import Make
from tests.workflow.test_gates import AUTO, small, step_of, waiting

WARM = HookSpec("warm", (HookPoint.SHARES,), (HookPoint.RETIRE,), command=("true",), patience=20.0)


class Hooks:
    """Hooks that fail so often, and succeed from then on."""

    def __init__(self, times: float = 0) -> None:
        self._left = times
        self.calls: list[str] = []

    def call(self, call: HookCall) -> None:
        """Fail, or succeed."""
        self.calls.append(call.id.split("-", 2)[2])
        self._left -= 1
        if self._left >= 0:
            raise Refused(say("hook.exit", exit=1))


def with_hook(hook: HookSpec) -> object:
    return replace(AUTO, hooks=(hook,))


def test_a_run_calls_each_hook_until_it_has_succeeded_and_writes_it_down(make: Make) -> None:
    harness = make(small(), with_hook(WARM))
    hooks = harness.hooks = Hooks(2)

    assert harness.process().state is State.COMPLETED
    first, last = "warm-before-shares-10", "warm-after-retire"
    assert hooks.calls[:3] == [first] * 3
    assert hooks.calls[3:] == [f"warm-before-shares-{share}" for share in (50, 90, 100)] + [last]
    said = [code for event in harness.events() if "hook." in (code := str(event.data))]
    assert any("hook.failed" in words for words in said)
    assert sum("hook.done" in words for words in said) == 5


def test_a_run_goes_back_when_a_hook_does_not_succeed_and_the_plan_wants_that(make: Make) -> None:
    harness = make(small(), with_hook(replace(WARM, then=Unhooked.ROLLBACK)))
    harness.hooks = Hooks(1e9)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def test_a_person_is_asked_once_a_hook_has_had_its_time_and_it_is_not_called_meanwhile(make: Make) -> None:
    harness = make(small(), with_hook(replace(WARM, then=Unhooked.ASK)))
    hooks = harness.hooks = Hooks(1e9)
    harness.process(leaves=waiting)
    assert (harness.run.why and harness.run.why.code, step_of(harness.progress[-1])) == (
        "hook.ask",
        "Hook warm before Shift 10 %",
    )

    calls, turns = len(hooks.calls), iter(range(40))
    harness.process(leaves=lambda _: next(turns, None) is None)
    assert len(hooks.calls) == calls
    harness.ask(RequestKind.APPROVE)
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 10 %")
    assert harness.run.state is State.RUNNING


def test_a_rollback_does_not_wait_for_a_hook(make: Make) -> None:
    harness = make(small(), with_hook(replace(WARM, before=(), after=(HookPoint.SHARES,))))
    harness.hooks = Hooks(1e9)

    def ask_to_go_back(progress: Progress) -> bool:
        if progress.words.code == "hook.again":
            harness.ask(RequestKind.ROLLBACK)
        return progress.words.code == "hook.again"

    harness.process(leaves=ask_to_go_back)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals

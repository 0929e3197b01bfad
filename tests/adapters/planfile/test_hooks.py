"""The hooks of a plan file: what is understood, and what is refused."""

from __future__ import annotations

import pytest

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.messages.message import codes
from migrator.domain.model.spec import HookPoint, HookSpec, OnSilence, OtherSpec, SilenceSpec, Unhooked
from tests.adapters.planfile.test_gates import LAB


def with_hooks(hooks: str) -> str:
    return f"{LAB.rstrip()}\n  hooks: {hooks}\n"


def test_hooks_are_understood() -> None:
    found = read(
        with_hooks(
            "[{name: warm, before: [shares, shares], url: 'https://a.example/', timeout: 5s, patience: 1m, then: ask}, "
            "{name: tell, after: [retire, drain], command: [/bin/tell, --now]}]"
        )
    ).hooks

    assert found == (
        HookSpec("warm", (HookPoint.SHARES,), (), "https://a.example/", (), 5.0, 60.0, Unhooked.ASK),
        HookSpec("tell", (), (HookPoint.RETIRE, HookPoint.DRAIN), "", ("/bin/tell", "--now")),
    )
    assert read(LAB).hooks == ()


@pytest.mark.parametrize(
    ("hooks", "code"),
    [
        ("[{name: a, before: [drain]}]", "rule.hook-one-way"),
        ("[{name: a, before: [drain], url: 'https://a.example/', command: [x]}]", "rule.hook-one-way"),
        ("[{name: a, command: [x]}]", "rule.hook-nowhere"),
        ("[{name: a, after: [retire], command: [x], then: rollback}]", "rule.hook-no-way-back"),
        ("[{name: a, after: [drain], command: [x]}, {name: a, before: [drain], command: [x]}]", "rule.hooks-distinct"),
    ],
)
def test_what_cannot_be_meant_is_refused(hooks: str, code: str) -> None:
    with pytest.raises(PlanFileInvalid) as found:
        read(with_hooks(hooks))

    assert code in set(codes(found.value.findings[0].problem))


@pytest.mark.parametrize(
    "hooks", ["[{name: 'A b', after: [drain], command: [x]}]", "[{name: a, after: [keep], command: [x]}]"]
)
def test_a_strange_name_or_step_is_refused(hooks: str) -> None:
    with pytest.raises(PlanFileInvalid):
        read(with_hooks(hooks))


def with_judges(others: str) -> str:
    return LAB.replace("  judge:\n", f"  judge:\n    others: {others}\n", 1)


def test_judges_are_understood() -> None:
    found = read(with_judges("[{name: slo, url: 'https://a.example/', interval: 30s}, {name: b, command: [x, y]}]"))

    assert found.judge.others == (
        OtherSpec("slo", "https://a.example/", (), 30.0, 5.0),
        OtherSpec("b", "", ("x", "y")),
    )


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ("[{name: a}]", "rule.other-one-way"),
        ("[{name: a, command: [x]}, {name: a, command: [y]}]", "rule.queries-distinct"),
    ],
)
def test_a_judge_that_cannot_be_meant_is_refused(others: str, code: str) -> None:
    with pytest.raises(PlanFileInvalid) as found:
        read(with_judges(others))

    assert code in set(codes(found.value.findings[0].problem))


def test_what_becomes_of_a_silent_run_is_understood() -> None:
    found = read(f"{LAB.rstrip()}\n  onSilence: {{after: 4m, then: rollback}}\n")

    assert found.on_silence == SilenceSpec(240.0, OnSilence.ROLLBACK)
    assert read(LAB).on_silence == SilenceSpec()


def test_a_silence_in_which_two_might_write_is_refused() -> None:
    with pytest.raises(PlanFileInvalid) as found:
        read(f"{LAB.rstrip()}\n  onSilence: {{after: 2m, then: rollback}}\n")

    assert "rule.silence" in set(codes(found.value.findings[0].problem))

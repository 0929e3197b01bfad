"""The gates of a plan file: what is understood, and what is refused with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.messages.message import codes
from migrator.domain.model.spec import (
    Approver,
    Before,
    BlackoutSpec,
    GatesSpec,
    LiveRange,
    NoYes,
    OnExpiry,
    WebhookSpec,
    WindowSpec,
)

LAB = Path("plans/lab.yaml").read_text(encoding="utf-8")


def with_gates(gates: str) -> str:
    return f"{LAB.rstrip()}\n  gates: {gates}\n"


def test_gates_are_understood() -> None:
    found = read(
        with_gates(
            '{hold: [50, 100], zone: Asia/Shanghai, windows: [{days: [sat, mon], from: "22:30", to: "24:00"}], '
            'blackouts: [{from: "2027-01-01T00:00+08:00", to: "2027-01-02T00:00:30Z"}]}'
        )
    ).gates

    assert found == GatesSpec(
        (50.0, 100.0),
        (WindowSpec(22 * 60 + 30, 24 * 60, (0, 5)),),
        (BlackoutSpec(datetime(2026, 12, 31, 16, tzinfo=UTC), datetime(2027, 1, 2, 0, 0, 30, tzinfo=UTC)),),
        "Asia/Shanghai",
    )


def test_a_plan_without_gates_waits_for_nothing() -> None:
    assert read(LAB).gates == GatesSpec()


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        pytest.param("{hold: [33]}", "rule.hold-share", id="a share that the climb does not have"),
        pytest.param("{zone: Moon/Sea}", "fault.not-allowed", id="a zone of no machine"),
        pytest.param('{zone: "../etc"}', "fault.not-allowed", id="a zone that is a path"),
        pytest.param(
            '{blackouts: [{from: "2027-02-30T00:00Z", to: "2027-03-01T00:00Z"}]}', "fault.not-allowed", id="no such day"
        ),
        pytest.param(
            '{blackouts: [{from: "2027-02-03T00:00Z", to: "2027-02-03T00:00Z"}]}', "rule.blackout", id="no time"
        ),
        pytest.param('{windows: [{from: "25:00", to: "06:00"}]}', "fault.not-allowed", id="no such time of day"),
        pytest.param("{windows: [{from: 22:00, to: 23:00}]}", "fault.not-allowed", id="a time of day without quotes"),
    ],
)
def test_gates_that_mean_nothing_are_refused_with_their_line(gates: str, code: str) -> None:
    with pytest.raises(PlanFileInvalid) as refused:
        read(with_gates(gates))

    assert code in codes(refused.value.message)


def test_what_may_be_set_is_understood() -> None:
    found = read(f"{LAB.rstrip()}\n  live: {{soak: 5m..1h, drainTimeout: 30s..30s}}\n").live

    assert found == (LiveRange("soak", 300.0, 3600.0), LiveRange("drainTimeout", 30.0, 30.0))


@pytest.mark.parametrize("limits", ["5m", "1h..5m", "5..10", "5m..1h..2h", "7", "a..b"])
def test_limits_that_mean_nothing_are_refused(limits: str) -> None:
    with pytest.raises(PlanFileInvalid):
        read(f"{LAB.rstrip()}\n  live: {{soak: {limits}}}\n")


def test_the_end_of_a_question_and_who_answers_it_are_understood() -> None:
    found = read(with_gates("{expires: 4h, onExpiry: rollback, approver: other}")).gates

    assert found == GatesSpec(expires=14400.0, on_expiry=OnExpiry.ROLLBACK, approver=Approver.OTHER)


def test_a_webhook_is_understood() -> None:
    whole = read(
        with_gates("{webhook: {url: https://a.example/, before: [drain, drain], patience: 1m, then: ask}}")
    ).gates
    short = read(with_gates("{webhook: {url: https://a.example/}}")).gates

    assert whole.webhook == WebhookSpec("https://a.example/", (Before.DRAIN,), 10.0, 60.0, NoYes.ASK)
    assert short.webhook == WebhookSpec("https://a.example/")


def test_a_webhook_with_a_password_in_its_address_is_refused() -> None:
    with pytest.raises(PlanFileInvalid):
        read(with_gates("{webhook: {url: 'https://me:pass@a.example/'}}"))

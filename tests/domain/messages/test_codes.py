"""The list of codes that can be waived: the documented ones and lint's, no more and no fewer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrator.adapters.balancers import DRIVERS, profile_of, unknown_code
from migrator.adapters.balancers.codes import EVERY_DRIVER
from migrator.domain.messages.codes import CODES, unknown
from migrator.domain.messages.message import Message, say
from tests.domain.planning.checks.test_all import documented

LINT = Path(__file__).parents[3] / "migrator" / "domain" / "planning" / "lint.py"


def test_every_documented_code_and_every_code_of_lint_can_be_waived_and_no_other() -> None:
    lint = set(re.findall(r'"(lint\.[a-z-]+)"', LINT.read_text(encoding="utf-8")))

    of_drivers = {code for provider in DRIVERS for code in profile_of(provider).codes} | EVERY_DRIVER.keys()

    assert lint
    assert documented() | lint == CODES | of_drivers
    assert not CODES & of_drivers


@pytest.mark.parametrize(
    ("code", "provider", "why"),
    [
        pytest.param("ports.taken", "", None, id="known"),
        pytest.param(
            "ports.takn", "", say("code.unknown-near", code="ports.takn", near="ports.taken", meaning=None), id="nearly"
        ),
        pytest.param("x.y", "tencent", say("code.unknown", code="x.y"), id="nothing like it"),
        pytest.param("balancer.mine", "exec", None, id="of a program of one's own"),
        pytest.param("ports.mine", "exec", "ports.mine", id="not of the program"),
        pytest.param("balancer.mine", "tencent", "balancer.mine", id="of no program"),
    ],
)
def test_an_unknown_code_is_told_with_what_was_meant(code: str, provider: str, why: Message | str | None) -> None:
    found = unknown_code(code, provider)

    assert found == why or (found is not None and found["code"] == why)


def test_a_drivers_code_is_suggested_with_what_it_means() -> None:
    said = unknown("balancer.stiky", {"balancer.sticky": "it keeps clients"})

    assert said == say("code.unknown-near", code="balancer.stiky", near="balancer.sticky", meaning="it keeps clients")
    assert unknown("balancer.sticky", {"balancer.sticky": "it keeps clients"}) is None

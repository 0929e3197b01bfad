"""Waivers of the command line: kept with their reasons, and never without."""

from __future__ import annotations

import pytest

from migrator.app.plan.waivers import accepting
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import say
from tests.domain.planning.checks.ground import SPEC
from tests.words import refused


def test_each_code_is_kept_with_its_reason() -> None:
    found = accepting(SPEC, ["ports.taken", "nodes.few"], ["we know", "two are enough"])

    assert found.waivers == (Waiver("ports.taken", "we know"), Waiver("nodes.few", "two are enough"))
    assert accepting(SPEC, [], []) == SPEC


@pytest.mark.parametrize(
    ("codes", "reasons"),
    [
        pytest.param(["ports.taken"], [], id="no reason"),
        pytest.param([], ["why not"], id="a reason for nothing"),
        pytest.param(["ports.taken"], [" "], id="an empty reason"),
    ],
)
def test_a_code_without_a_reason_is_refused(codes: list[str], reasons: list[str]) -> None:
    with refused(UsageError, "waive.without-reason", codes=len(codes), reasons=len(reasons)):
        accepting(SPEC, codes, reasons)


def test_a_code_that_no_finding_has_is_refused_with_the_one_that_was_meant() -> None:
    why = say("code.unknown-near", code="cleanup.keep-old-shrt", near="cleanup.keep-old-short", meaning=None)
    with refused(UsageError, "waive.unknown-code", why=why):
        accepting(SPEC, ["cleanup.keep-old-shrt"], ["a typing error"])
    with refused(UsageError, "waive.unknown-code", why=say("code.unknown", code="zzz.qqq")):
        accepting(SPEC, ["zzz.qqq"], ["nothing like it"])

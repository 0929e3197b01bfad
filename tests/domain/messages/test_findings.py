"""Findings: equal by what they say, named by code and variant, waived by code."""

from __future__ import annotations

import pytest

from migrator.domain.messages.findings import Severity, Waiver, block, blocking, info, told_of, warn, worded

FULL = block("balancer.full", "lbl-80", limit=100, used=99)


def test_a_finding_is_equal_to_one_with_the_same_values_in_another_order() -> None:
    assert block("balancer.full", "lbl-80", used=99, limit=100) == FULL
    assert hash(block("balancer.full", "lbl-80", limit=100, used=99)) == hash(FULL)
    assert warn("balancer.full", "lbl-80", limit=100, used=99) != FULL
    assert FULL != "balancer.full"


def test_a_value_is_asked_for_by_its_name() -> None:
    assert FULL["used"] == 99
    with pytest.raises(KeyError):
        FULL["unused"]


def test_a_variant_chooses_the_text_and_not_the_code() -> None:
    found = info("target.taken:returning", "gw")

    assert (found.code, found.problem.code) == ("target.taken", "target.taken:returning")
    assert (found.evidence.code, found.remedy.code) == (
        "target.taken:returning#evidence",
        "target.taken:returning#remedy",
    )


def test_texts_of_others_are_values_of_one_variant() -> None:
    found = worded("balancer.own", Severity.BLOCK, "lb", "is slow", "9 s", "wait")

    assert (found.problem.code, found["problem"], found["remedy"]) == ("stored", "is slow", "wait")


def test_only_what_blocks_and_was_not_waived_is_blocking() -> None:
    found = (FULL, warn("balancer.sticky", "lbl-80"), block("balancer.version", "lb"))

    assert blocking(found, (Waiver("balancer.full", "known"),)) == (found[2],)
    assert [each["subject"] for each in told_of(found[:1])["of"]] == ["lbl-80"]  # type: ignore[index, union-attr]

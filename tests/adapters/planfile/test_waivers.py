"""A plan file that waives a code no finding has is refused with its line and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.messages.message import Message

LAB = Path(__file__).parents[3] / "plans" / "lab.yaml"


def test_a_misspelt_code_is_refused_at_its_line() -> None:
    text = LAB.read_text(encoding="utf-8").replace("keep-old-short", "keep-old-shrt")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "keep-old-shrt" in row)

    with pytest.raises(PlanFileInvalid) as caught:
        read(text, "lab")

    (found,) = caught.value.findings
    fault = found["fault"]
    assert (found.subject, found["path"]) == (f"lab:{line}", "spec.waive[0].code")
    assert isinstance(fault, Message)
    assert fault["near"] == "cleanup.keep-old-short"

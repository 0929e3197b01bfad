"""Text from outside: JSON and whole numbers are read, or it is a ValueError or None; what is read hurts nobody who walks it."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.model.manifests import merged
from migrator.domain.model.outside.reading import DEEPEST, parsed, signed_number, whole_number

DEEP = DEEPEST + 1
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), 1 << 63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_as_the_library_reads_it(value: Any) -> None:
    assert parsed(json.dumps(value)) == value
    assert parsed(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"[" * 200_000, id="brackets without end"),
        pytest.param(b'{"a":' * 200_000, id="objects without end"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, id="whole, but deeper than anybody walks"),
        pytest.param(b'{"a":' * DEEP + b"1" + b"}" * DEEP, id="objects that deep"),
        pytest.param(b"[NaN]", id="not a number"),
        pytest.param(b"[-Infinity]", id="infinity"),
        pytest.param(b"[1e999]", id="more than a float holds"),
        pytest.param(b"[" + b"9" * 400 + b"]", id="a whole number of 400 digits"),
        pytest.param(b"[" + b"9" * 5000 + b"]", id="a whole number of 5000 digits"),
        pytest.param(rb'["\ud800"]', id="half of a character, escaped"),
        pytest.param(b'["\xed\xa0\x80"]', id="half of a character"),
        pytest.param(rb'{"\uDfff": 1}', id="half of a character in a key"),
        pytest.param(b"\xff\xfe[\x00]\x00", id="another encoding"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="a page"),
    ],
)
def test_what_would_hurt_whoever_walks_it_is_no_json(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  a ValueError of any kind is the promise
        parsed(raw)


def test_what_is_read_may_be_walked_to_its_end_and_written_again() -> None:
    value = parsed('{"a":' * DEEPEST + "1" + "}" * DEEPEST)

    assert merged({}, value) == value
    assert json.dumps(value)


def test_whole_characters_that_are_written_in_halves_are_read() -> None:
    assert parsed(rb'["\ud83d\ude00"]') == ["\N{GRINNING FACE}"]


@given(st.binary() | st.text())
def test_no_text_raises_anything_but_a_value_error(raw: bytes | str) -> None:
    with contextlib.suppress(ValueError):
        parsed(raw)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), ("80", 80), ("18446744073709551615", (1 << 64) - 1)]
)
def test_digits_are_a_whole_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "+1", "1.0", " 1", "1_0", "9" * 21, "9" * 5000, "1e3", "0x1"])
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("-7", -7), ("7", 7), ("--7", None), ("-", None), ("", None), ("-²", None)]
)
def test_a_number_may_have_one_minus(text: str, number: int | None) -> None:
    assert signed_number(text) == number


@given(st.text())
def test_a_whole_number_is_none_or_a_float_holds_it(text: str) -> None:
    assert math.isfinite(float(whole_number(text) or 0))


OURS = {"migrator/adapters/gateways/comparison/comparing.py"}
"""Reads back what this program has packed itself."""


@pytest.mark.parametrize("bare", ["json.loads(", ".isdigit()", ".isdecimal()", ".json()"])
def test_nothing_that_others_wrote_is_read_anywhere_else(bare: str) -> None:
    sources = [file for ring in ("adapters", "domain") for file in Path("migrator", ring).rglob("*.py")]
    found = {str(file) for file in sources if bare in file.read_text(encoding="utf-8")}

    assert found - OURS - {"migrator/domain/model/outside/reading.py"} == set()

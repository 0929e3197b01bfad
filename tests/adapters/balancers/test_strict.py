"""A cloud's answer is read strictly: what comes instead of a list, a weight or a port is no answer, never an empty one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.adapters.balancers.access import strict
from migrator.domain.messages.errors import Unreachable
from tests.words import refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="no list"),
        pytest.param({"Targets": {}}, id="an object"),
        pytest.param({"Targets": "none"}, id="a text"),
        pytest.param({"Targets": [1]}, id="a number in it"),
        pytest.param({"Targets": [None]}, id="null in it"),
        pytest.param({"targets": []}, id="another spelling"),
    ],
)
def test_what_is_no_list_of_objects_is_no_answer(answer: dict[str, object]) -> None:
    with refused(Unreachable, "cloud.malformed", what="Targets"):
        strict.rows(answer, "Targets")  # type: ignore[arg-type]  # that is the test


@pytest.mark.parametrize("empty", [None, [], ""])
def test_an_empty_list_is_one_however_it_is_written(empty: object) -> None:
    assert strict.rows({"A": {"B": empty}}, "A", "B") == []  # type: ignore[dict-item]  # that is the test


@pytest.mark.parametrize(("value", "number"), [(0, 0), (100, 100), ("0", 0), ("100", 100)])
def test_digits_are_a_number(value: object, number: int) -> None:
    assert strict.whole({"Weight": value}, "Weight") == number  # type: ignore[dict-item]  # that is the test


@pytest.mark.parametrize("value", [None, True, -1, 1.5, "", "-1", "1e3", "ten", "١", [], {}, 1 << 40, "9" * 5000])
def test_what_is_no_number_is_no_answer(value: object) -> None:
    with refused(Unreachable, "cloud.malformed", what="Weight"):
        strict.whole({"Weight": value}, "Weight")  # type: ignore[dict-item]  # that is the test


@pytest.mark.parametrize("value", [0, "0", 65536, None])
def test_what_is_no_port_is_no_answer(value: object) -> None:
    with refused(Unreachable, "cloud.malformed", what="Port"):
        strict.port({"Port": value}, "Port")  # type: ignore[dict-item]  # that is the test


@given(answer=JSON, path=st.lists(st.text(max_size=4), min_size=1, max_size=3))
def test_nothing_else_is_ever_raised(answer: object, path: list[str]) -> None:
    for read in (
        lambda: strict.rows(answer, *path),  # type: ignore[arg-type]  # that is the test
        lambda: strict.whole({"x": answer}, "x"),  # type: ignore[dict-item]
        lambda: strict.word({"x": answer}, "x"),  # type: ignore[dict-item]
    ):
        with contextlib.suppress(Unreachable):
            read()

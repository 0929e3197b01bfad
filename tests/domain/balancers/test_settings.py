"""How a balancer is set: what several parts of a listener say of one setting is one text."""

from __future__ import annotations

import pytest

from migrator.domain.balancers.settings import together


@pytest.mark.parametrize(
    ("said", "text"),
    [
        pytest.param(["900 s", "900 s"], "900 s", id="all the same"),
        pytest.param(["true", "false"], "true / false", id="not the same: each, in order"),
        pytest.param(["", ""], "", id="nobody says it"),
        pytest.param([], "", id="there is nobody"),
    ],
)
def test_what_several_say_is_said_once_where_it_is_the_same(said: list[str], text: str) -> None:
    assert together(said) == text

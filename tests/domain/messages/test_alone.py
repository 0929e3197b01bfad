"""What a message of an adapter says where no run is: nothing asks again by itself."""

from __future__ import annotations

import pytest

from migrator.domain.messages.alone import alone, only_looked
from migrator.domain.messages.message import say


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("driver.read-again", "driver.repeat", id="a read"),
        pytest.param("driver.perhaps-done", "driver.perhaps-done-alone", id="a write"),
        pytest.param("driver.has-weight", "driver.has-weight", id="what speaks of no run"),
    ],
)
def test_a_command_without_a_run_says_what_a_person_does_next(said: str, told: str) -> None:
    deep = alone(say("view.line", line=(say("view.line", line=say(said)), "a text")))

    assert deep == say("view.line", line=(say("view.line", line=say(told)), "a text"))


def test_a_look_says_once_that_nothing_was_changed() -> None:
    assert only_looked(say("cloud.no-answer", then=say("driver.read-again")))["then"] == say("driver.only-looked")

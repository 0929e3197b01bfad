"""What cannot be seen at plan time: nothing of a run is said, and that nothing was changed is said once."""

from __future__ import annotations

import pytest

from migrator.app.plan.planning import only_looking
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable
from migrator.domain.messages.message import say
from tests.words import text


@pytest.mark.parametrize("kind", [Refused, Unreachable])
def test_a_look_that_fails_speaks_of_no_run_and_says_once_that_nothing_was_changed(kind: type[MigratorError]) -> None:
    with pytest.raises(kind) as told, only_looking():
        raise kind("It said no. Nothing was changed. Log in again, then resume.")

    said = text(told.value.message)
    assert said.count("Nothing was changed") == 1
    assert "resume" not in said
    assert said.startswith("It said no. Log in again. Nothing was changed: this was a look")


def test_a_look_at_a_cluster_that_refuses_says_once_that_nothing_was_changed() -> None:
    server, untouched = say("cluster.server", host="https://k", context=""), say("cluster.untouched")
    with pytest.raises(Refused) as told, only_looking():
        raise Refused(say("cluster.forbidden", server=server, asked="GET /", words="no", untouched=untouched))

    said = text(told.value.message)
    assert said.startswith(
        "The API server https://k forbids GET / (403: no). Grant it by a Role. Nothing was changed: this"
    )
    assert said.count("Nothing was changed") == 1

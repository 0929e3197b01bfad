"""What cannot be seen at plan time: nothing of a run is said, and that nothing was changed is said once."""

from __future__ import annotations

import pytest

from migrator.app.plan.planning import only_looking
from migrator.domain.model.errors import MigratorError, Refused, Unreachable
from tests.words import text


@pytest.mark.parametrize("kind", [Refused, Unreachable])
def test_a_look_that_fails_speaks_of_no_run_and_says_once_that_nothing_was_changed(kind: type[MigratorError]) -> None:
    with pytest.raises(kind) as told, only_looking():
        raise kind("It said no. Nothing was changed. Log in again, then resume.")

    assert text(told.value.message).count("Nothing was changed") == 1
    assert "resume" not in text(told.value.message)
    assert text(told.value.message).startswith("It said no. Log in again. Nothing was changed: this was a look")

"""What cannot be seen at plan time: nothing of a run is said, and that nothing was changed is said once."""

from __future__ import annotations

import pytest

from migrator.app.plan.planning import only_looking
from migrator.domain.model.errors import Refused, Unreachable


@pytest.mark.parametrize("kind", [Refused, Unreachable])
def test_a_look_that_fails_speaks_of_no_run_and_says_once_that_nothing_was_changed(kind: type[Exception]) -> None:
    with pytest.raises(kind) as told, only_looking():
        raise kind("It said no. Nothing was changed. Log in again, then resume.")

    assert str(told.value).count("Nothing was changed") == 1
    assert "resume" not in str(told.value)
    assert str(told.value).startswith("It said no. Log in again. Nothing was changed: this was a look")

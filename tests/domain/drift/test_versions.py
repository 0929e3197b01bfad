"""The releases of both sides are told where they are not the same."""

from __future__ import annotations

import pytest

from migrator.domain.drift.versions import releases_apart
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading


def reading(side: Side, version: str) -> Reading:
    return Reading(f"{side}-{version}", side, 0.0, "e", 0, 0, version=version)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(["v1"], ["v1", "v1"], (), id="the same"),
        pytest.param(["v1", "v2"], ["v2"], (say("drift.releases", old=("v1", "v2"), new=("v2",)),), id="others"),
        pytest.param(["v1"], [""], (), id="a side that says none"),
        pytest.param([], ["v1"], (), id="a side that is not there"),
    ],
)
def test_another_release_is_told_with_both(old: list[str], new: list[str], told: tuple[Message, ...]) -> None:
    both = [*(reading(Side.OLD, each) for each in old), *(reading(Side.NEW, each) for each in new)]

    assert releases_apart(both) == told

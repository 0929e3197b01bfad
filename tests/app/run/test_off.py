"""What a follower says of a gateway that ends: only by a look of its own that is fresh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.app.run.off import FRESH, Off
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Target
from migrator.domain.model.runs import Run
from migrator.domain.observation.sighting import Sighting, Stale
from migrator.workflow.progress import Progress

AT = "10.0.0.1"


def progress(*weights: int | None, stale: bool = False, seen: bool = True) -> Progress:
    rows = tuple(
        Row(Target(Backend("l-1", AT, 80 + number), weight), Side.NEW)
        for number, weight in enumerate(weights)
        if weight is not None
    )
    reasons = ((Pools, say("x")),) if stale else ()
    look = Sighting(Pools(rows), Stale(reasons)) if seen else None
    return Progress(Run.__new__(Run), (), None, look, say("x"))


@pytest.mark.parametrize(
    ("turns", "word"),
    [
        pytest.param([], None, id="nothing was seen"),
        pytest.param([progress(50)], False, id="it has weight"),
        pytest.param([progress(0)], True, id="it has none"),
        pytest.param([progress(0, 10)], False, id="one of its rows has"),
        pytest.param([progress(50), progress(None)], True, id="it was taken off"),
        pytest.param([progress(None)], None, id="it was never there"),
        pytest.param([progress(50), progress(0, stale=True)], False, id="the balancer was silent since"),
        pytest.param([progress(50), progress(0, seen=False)], False, id="nothing could be seen since"),
    ],
)
def test_a_gateway_is_off_when_none_of_its_rows_has_weight(turns: list[Progress], word: bool | None) -> None:
    off = Off(lambda: 0.0)
    for each in turns:
        off.see("edge", each)

    assert off.says(AT) is word


def test_an_old_look_is_no_word() -> None:
    now = [0.0]
    off = Off(lambda: now[0])
    off.see("edge", progress(0))
    now[0] = FRESH + 1.0

    assert off.says(AT) is None


def test_of_two_gateways_on_one_node_each_has_to_be_off() -> None:
    off = Off(lambda: 0.0)
    off.see("edge", progress(0))
    off.see("api", replace(progress(50)))

    assert off.says(AT) is False

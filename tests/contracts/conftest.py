"""Every kind of driver in turn, the ground that its rigs share, and a balancer of its own for each story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.balancer import NEEDS, Ground, Kind, Rig
from tests.contracts.rigs import KINDS

CLUSTERS = ("tke",)
"""Kinds whose outside is a whole cluster for each story: the others say within seconds that the kit holds."""


PARAMS = [pytest.param(kind, id=kind.name, marks=[pytest.mark.slow] * (kind.name in CLUSTERS)) for kind in KINDS]


@pytest.fixture(scope="module", params=PARAMS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Every kind of driver, one after the other."""
    chosen: Kind = request.param
    if why := chosen.missing():
        pytest.skip(why)
    return chosen


@pytest.fixture(scope="module")
def ground(kind: Kind) -> Iterator[Ground]:
    """The outside that all rigs of this kind share."""
    with kind.open() as opened:
        yield opened


@pytest.fixture
def rig(ground: Ground, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A balancer with two rows of weight 10 on each of two listeners, and four that may be registered."""
    which = request.node.callspec.params.get("which")
    wanted = {*NEEDS.get(request.function.__name__, ()), *([which] if which else [])}
    if not wanted <= ground.can:
        pytest.skip(f"this vendor has no such thing: {', '.join(sorted(wanted - ground.can))}")
    with ground.rig((10, 10, 10, 10), 4) as made:
        yield made

"""The fence of a driver whose Lease is not renewed: shut for the new side, open for the way back, asked before each write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import (
    ApplyObject,
    DeleteObject,
    Deregister,
    PatchObject,
    Register,
    SetWeights,
    Tell,
    Word,
)
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import OnSilence, SilenceSpec
from migrator.domain.ports.outside import Writers
from migrator.workflow.gating.fence import fenced, shuts_after
from migrator.workflow.perform import perform
from tests.domain.seen import NEW
from tests.fakes.clusters import APART
from tests.fakes.world import SPEC

REF = ObjectRef("v1", "Service", "edge", "gw")
ACTIONS: tuple[Any, ...] = (
    SetWeights((Weighted(NEW[0], 5),)),
    Register(NEW),
    Deregister(NEW),
    ApplyObject({"kind": "Service"}),
    PatchObject(REF, {}, "u"),
    DeleteObject(REF, "u"),
    Tell(Side.OLD, Word.GO, ()),
)


class Recorded:
    """Every write port in one: it remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def __getattr__(self, name: str) -> Callable[[object], None]:
        return self.asked.append


def behind(silent: list[float], port: Recorded, reserve: Recorded | None = None) -> Writers:
    everything: Any = port
    return fenced(Writers(everything, everything, everything, reserve), lambda: silent[0], 100.0)  # type: ignore[arg-type]  # a port of everything


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: type(action).__name__)
def test_every_write_for_the_new_side_is_stopped_once_the_lease_is_too_old(action: Any) -> None:
    silent, port = [99.0], Recorded()
    writers = behind(silent, port).on(Heading.FORWARD)
    perform(writers, action)
    silent[0] = 100.0

    with pytest.raises(Unreachable) as found:
        perform(writers, action)

    assert (found.value.message.code, found.value.retry_after) == ("lease.fenced", 5.0)
    assert port.asked == [action]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: type(action).__name__)
def test_a_way_back_is_never_fenced(action: Any) -> None:
    port = Recorded()

    perform(behind([1e9], port).on(Heading.BACK), action)

    assert port.asked == [action]


def test_the_way_back_has_the_reserve_of_the_balancers_calls() -> None:
    port, reserve = Recorded(), Recorded()

    perform(behind([1e9], port, reserve).on(Heading.BACK), ACTIONS[0])

    assert (port.asked, reserve.asked) == ([], [ACTIONS[0]])


def test_a_process_that_never_had_the_lease_writes_nothing_for_the_new_side() -> None:
    port = Recorded()

    with pytest.raises(Unreachable) as found:
        perform(behind([inf], port).on(Heading.FORWARD), ACTIONS[0])

    assert (found.value.message.code, dict(found.value.message.values)) == ("lease.fenced", {"silent": None})
    assert port.asked == []


def test_a_plan_that_holds_has_no_fence() -> None:
    port: Any = Recorded()
    writers = Writers(port, port, port)

    assert fenced(writers, lambda: 1e9, None) is writers
    assert shuts_after(SPEC) is None


def test_of_two_clusters_a_lease_that_has_run_out_shuts_the_fence_whatever_becomes_of_a_silent_run() -> None:
    silent = SilenceSpec(then=OnSilence.ROLLBACK, after=600.0)

    assert shuts_after(APART) == shuts_after(replace(APART, on_silence=silent)) == 30.0
    assert shuts_after(replace(SPEC, on_silence=silent)) == 300.0

"""How often a gateway merges what it timed is read from its bootstrap, and a plan takes it from the first that says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.adapters.gateways.flush import flush_of
from migrator.app.plan.looking.old_gateways import as_merged
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.spec import JudgeSpec, LatencySpec
from tests.fakes.world import SPEC, FakeWorld

KIND = "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump"


def dumped(**bootstrap: Json) -> Manifest:
    return {"configs": [{"@type": KIND, "bootstrap": {"node": {"id": "gw"}, **bootstrap}}]}


@pytest.mark.parametrize(
    ("dump", "seconds"),
    [
        pytest.param(dumped(), 5.0, id="Envoy's own"),
        pytest.param(dumped(stats_flush_interval="60s"), 60.0, id="a minute"),
        pytest.param(dumped(stats_flush_interval="0.500s"), 0.5, id="half a second"),
        pytest.param(dumped(stats_flush_interval="soon"), None, id="words"),
        pytest.param(dumped(stats_flush_interval="0s"), None, id="never"),
        pytest.param(dumped(stats_flush_on_admin=True), None, id="when it is asked"),
        pytest.param({"configs": []}, None, id="no bootstrap"),
    ],
)
def test_the_bootstrap_says_how_often_histograms_are_merged(dump: Json, seconds: float | None) -> None:
    assert flush_of(dump) == seconds


class Told:
    """Gateways of which the first is silent and the others say what a test wants."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds, self.asked = seconds, list[str]()

    def flush(self, pod: PodRef) -> float | None:
        """Say it."""
        self.asked.append(pod.name)
        if len(self.asked) == 1:
            raise Unreachable(verbatim("silent"))
        return self._seconds


@pytest.mark.parametrize(("says", "taken"), [(60.0, 60.0), (None, 5.0)])
def test_a_plan_takes_it_from_the_first_old_gateway_that_says_so(says: float | None, taken: float) -> None:
    world = FakeWorld()
    spec = replace(SPEC, judge=replace(SPEC.judge, latency=LatencySpec(1.0)))
    old = world.cluster.workload(world.plan().seen.rests.objects[0][0])
    readers = replace(world.readers, gateways=Told(says))  # type: ignore[arg-type]

    latency = as_merged(spec, old, readers).judge.latency

    assert latency is not None
    assert latency.flush == taken


def test_a_plan_that_does_not_time_answers_asks_nobody() -> None:
    world, told = FakeWorld(), Told(60.0)
    spec = replace(SPEC, judge=JudgeSpec())
    old = world.cluster.workload(world.plan().seen.rests.objects[0][0])

    assert as_merged(spec, old, replace(world.readers, gateways=told)) is spec  # type: ignore[arg-type]
    assert told.asked == []

"""Who has no credentials for the balancer is told at once: neither the cluster nor the balancer was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.adapters.balancers import balancer
from migrator.adapters.balancers.access.credentials import ABSENT, Chain
from migrator.adapters.planfile.read import read_file
from migrator.app.plan.forwarding_rules import wire_by_rule
from migrator.app.plan.precheck import require_credentials
from migrator.app.wiring import Wired
from migrator.domain.messages.errors import Refused
from migrator.domain.model.spec import Spec
from migrator.domain.ports.balancer import NeedsCredentials
from migrator.domain.ports.outside import Readers
from tests.fakes.balancer import FakeBalancer
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster

PLANS = Path(__file__).parents[3] / "plans"
CLOUDS = ("lab.yaml", "lab-aliyun-clb.yaml", "lab-aliyun-nlb.yaml", "lab-aws.yaml")


class Forgotten(FakeBalancer):
    """A balancer that nobody has logged in to; a call to it is a defect."""

    def require_credentials(self) -> None:
        Chain(absent=ABSENT)()

    def targets(self) -> tuple[()]:
        raise AssertionError("the balancer was asked")


def test_missing_credentials_are_told_before_the_cluster_is_read() -> None:
    clock = FakeClock()
    cluster, forgotten = FakeCluster(clock), Forgotten(clock)
    asked: list[str] = []
    cluster.version = lambda: asked.append("version") or ""  # type: ignore[method-assign]  # whoever asks is written down

    def wire(_spec: Spec, _store: object) -> Wired:
        return Wired(Readers(forgotten, cluster, None, None), None, None)  # type: ignore[arg-type]  # nobody asks these

    with pytest.raises(Refused) as told:
        wire_by_rule(read_file(str(PLANS / "lab.yaml")), None, wire)

    assert told.value.message == ABSENT
    assert asked == []


@pytest.mark.parametrize("file", CLOUDS)
def test_every_driver_of_a_cloud_says_whether_there_are_credentials(file: str) -> None:
    reader, _ = balancer(read_file(str(PLANS / file)).balancer)

    assert isinstance(reader, NeedsCredentials)


def test_a_balancer_without_credentials_needs_none() -> None:
    require_credentials(FakeBalancer(FakeClock()))

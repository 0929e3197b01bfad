"""Both sides stand side by side for a while: a quota that they exceed together blocks before anything is registered."""

from __future__ import annotations

import pytest

from migrator.domain.balancers.settings import Quota
from migrator.domain.model.balancer import Backend, Target
from migrator.domain.planning.checks.balancer.quotas import backends_fit
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, world

NEW = len(world().nodes)


@pytest.mark.parametrize(
    ("used", "limit", "found"),
    [
        pytest.param(2, 2 + NEW, set(), id="just fits"),
        pytest.param(2, 1 + NEW, {"balancer.full block"}, id="one too many"),
        pytest.param(197, 199, {"balancer.full block"}, id="others fill it"),
        pytest.param(2, None, {"balancer.quota-unknown info"}, id="nobody says"),
    ],
)
def test_new_backends_must_fit_beside_what_is_there(used: int, limit: int | None, found: set[str]) -> None:
    seen = world(quotas=(Quota("listener l-1", ("l-1",), used, limit),))

    assert codes(backends_fit(propose(seen, SPEC))) == found


def test_the_numbers_are_said() -> None:
    (found,) = backends_fit(propose(world(quotas=(Quota("listener l-1", ("l-1",), 2, 4, "DescribeQuota"),)), SPEC))

    assert (found.subject, dict(found.values)) == (
        "listener l-1",
        {"more": NEW, "used": 2, "limit": 4, "source": "DescribeQuota"},
    )


def test_a_new_backend_that_is_registered_already_does_not_count_twice() -> None:
    seen = world()
    there = tuple(Target(Backend("l-1", node.address, 18080), 0) for node in seen.nodes)
    seen = world(targets=(*seen.targets, *there), quotas=(Quota("listener l-1", ("l-1",), 5, 5),))

    assert codes(backends_fit(propose(seen, SPEC))) == set()


def test_another_listeners_quota_and_a_driver_without_quotas_say_nothing() -> None:
    assert codes(backends_fit(propose(world(quotas=(Quota("listener l-2", ("l-2",), 9, 1),)), SPEC))) == set()
    assert codes(backends_fit(propose(world(quotas=None), SPEC))) == set()

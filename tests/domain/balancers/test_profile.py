"""What a driver declares of itself: the least policy, and the controller that it steers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.balancers.profile import UNDECLARED, Cloud, CloudController, CloudRights
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

CONTROLLER = CloudController("CCM", ("ccm.example/",), r"lb-\d+", None, "let go of it", ())
CLOUD = Cloud(CONTROLLER, (), (), ())


def test_the_least_policy_is_written_for_one_balancer() -> None:
    def policy(spec: BalancerSpec, rights: CloudRights) -> Json:
        return {"on": spec.id, "may": [*rights.reads, *rights.writes]}

    rights = CloudRights(("look",), ("weigh",), policy)

    assert rights.least(BalancerSpec("any", "lb-1", ())) == {"on": "lb-1", "may": ["look", "weigh"]}


@pytest.mark.parametrize(
    ("cloud", "steers", "steered"),
    [(CLOUD, True, CONTROLLER), (CLOUD, False, None), (None, True, None)],
    ids=["steers it", "leaves it alone", "has no cloud"],
)
def test_a_driver_steers_the_controller_of_its_own_cloud(
    cloud: Cloud | None, steers: bool, steered: CloudController | None
) -> None:
    assert replace(UNDECLARED, cloud=cloud, steers_controller=steers).steered == steered

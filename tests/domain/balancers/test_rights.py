"""The least policies of a cloud's rights: all that a driver calls, and what who only sets weights calls."""

from __future__ import annotations

from migrator.domain.balancers.profile import CloudRights
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

SPEC = BalancerSpec("x", "lb", ())


def policy(spec: BalancerSpec, rights: CloudRights) -> Json:
    return [spec.id, *rights.reads, *rights.writes]


def test_who_only_sets_weights_may_neither_register_nor_remove() -> None:
    rights = CloudRights(("read",), ("register", "weigh", "remove"), policy, ("weigh",))

    assert rights.least(SPEC) == ["lb", "read", "register", "weigh", "remove"]
    assert rights.least_to_weigh(SPEC) == ["lb", "read", "weigh"]

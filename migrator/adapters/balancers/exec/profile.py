"""What the exec driver declares of itself: the operator's command has options and findings of its own."""

from __future__ import annotations

from migrator.domain.balancers.profile import BalancerProfile

PROFILE = BalancerProfile(
    provider="exec",
    page="docs/exec-driver.md",
    codes={},
    options={"command": "the program, with its arguments, that speaks docs/exec-driver.md"},
    cluster_rights=(),
    rights=None,
    cloud=None,
    more_options=True,
    own_codes=True,
)

"""What the HAProxy driver declares of itself."""

from __future__ import annotations

from migrator.adapters.balancers.codes import shared
from migrator.domain.balancers.profile import BalancerProfile

PROFILE = BalancerProfile(
    provider="haproxy",
    page="docs/haproxy.md",
    codes={
        **shared("scheduler", "sticky"),
        "balancer.backup": "backup servers take traffic by rules of their own",
        "balancer.reloaded": "the balancer was reloaded a short while ago",
        "balancer.version": "the balancer's version lacks what the driver needs",
        "balancer.volatile": "a reload forgets what the run writes at run time",
    },
    options={
        "socket": "the runtime API: a path, or host:port",
        "check": "the new servers' check settings, like inter 2s fall 3 rise 2",
    },
    cluster_rights=(),
    rights=None,
    cloud=None,
)

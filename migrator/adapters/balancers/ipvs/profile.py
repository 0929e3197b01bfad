"""What the IPVS driver declares of itself."""

from __future__ import annotations

from migrator.adapters.balancers.codes import shared
from migrator.domain.balancers.profile import BalancerProfile

PROFILE = BalancerProfile(
    provider="ipvs",
    page="docs/ipvs.md",
    codes={
        **shared("reset-on-removal", "scheduler", "sticky"),
        "balancer.keepalived": "keepalived owns the table and overwrites what the run sets",
        "balancer.not-looked-at": "the driver could not read a setting that matters",
        "balancer.reuse": "a client port that is used again goes to its old server, even at weight 0",
        "balancer.thresholds": "servers have connection thresholds, which an edit of their weight removes",
    },
    options={
        "command": "ipvsadm, or a command that runs it elsewhere, like ssh lb1 ipvsadm",
        "forward": "how a new server is forwarded to: masq, route or tunnel",
    },
    cluster_rights=(),
    rights=None,
    cloud=None,
)

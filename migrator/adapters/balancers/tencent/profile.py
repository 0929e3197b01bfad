"""What the Tencent CLB driver declares of itself."""

from __future__ import annotations

from migrator.adapters.balancers.codes import shared
from migrator.adapters.balancers.options import MONITORING
from migrator.adapters.balancers.tencent.cloud import CLOUD
from migrator.adapters.balancers.tencent.rights import RIGHTS
from migrator.domain.balancers.profile import BalancerProfile

CODES = {
    **shared("layer-7", "no-listener", "reset-on-removal", "scheduler", "sticky"),
    "balancer.check-content": "a health check over HTTP accepts 4xx or 5xx",
    "balancer.cuts-at-zero": "weight 0 cuts live connections",
    "balancer.listener-port": "the listener is on another port than the plan says",
    "balancer.quic": "a QUIC listener's connections can be neither tried nor drained",
    "balancer.target-group": "the targets are bound as a group, and weights live elsewhere",
    "balancer.upstream-keepalive": "a layer-7 listener keeps connections of its own to the gateways",
}
PROFILE = BalancerProfile(
    provider="tencent",
    page="docs/tencent.md",
    codes=CODES,
    options=MONITORING,
    cluster_rights=(),
    rights=RIGHTS,
    cloud=CLOUD,
    keeps_client=True,  # CLB loopback, document 457/42976
)

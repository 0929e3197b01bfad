"""How a person writes to an NLB's server groups."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun.by_hand import NLB
from migrator.domain.balancers.by_hand import ByHand

BY_HAND = ByHand(NLB.look, NLB.write)

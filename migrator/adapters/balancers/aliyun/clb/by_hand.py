"""How a person writes to a CLB's vServer groups."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun.by_hand import CLB
from migrator.domain.balancers.by_hand import ByHand

BY_HAND = ByHand(CLB.look, CLB.write)

"""Settings of a control plane that keep the start of a gateway short in a large mesh. They are advice: nothing here is patched.

Source: istio pilot/pkg/features (PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: a gateway is sent only clusters that its routes name).
"""

from __future__ import annotations

from migrator.domain.gateways.istio.scale import FILTER
from migrator.domain.hardening.values import Ground
from migrator.domain.messages.message import Message, say

ISTIOD: tuple[tuple[str, str, Message], ...] = ((FILTER, "true", say("mesh.filter")),)
"""Name, value and why."""


def elsewhere(ground: Ground) -> tuple[tuple[str, str, Message], ...]:
    """Give the control plane's settings that concern such a gateway."""
    return ISTIOD if ground.product.name == "istio" else ()

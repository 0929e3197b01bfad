"""The gateway kinds: one frozen profile each, in one table. Nothing else in migrator asks which kind a gateway is."""

from __future__ import annotations

from migrator.domain.gateways.contour import CONTOUR
from migrator.domain.gateways.envoy import ENVOY
from migrator.domain.gateways.istio import ISTIO
from migrator.domain.gateways.nginx import NGINX
from migrator.domain.gateways.none import NONE
from migrator.domain.gateways.profile import GatewayProfile
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.spec import Spec

PROFILES: dict[str, GatewayProfile] = {profile.kind: profile for profile in (ISTIO, ENVOY, CONTOUR, NGINX, NONE)}
"""Kind, as a plan file names it → what is to be known of it. A new kind is a module and one entry here."""


def gateway_profile(spec: Spec) -> GatewayProfile:
    """Give the profile of a plan's gateways. UsageError for a kind that this version does not know."""
    if spec.gateway.kind not in PROFILES:
        raise UsageError(say("gateway.kind-unknown", kind=spec.gateway.kind, known=tuple(PROFILES)))
    return PROFILES[spec.gateway.kind]


__all__ = ["PROFILES", "GatewayProfile", "gateway_profile"]

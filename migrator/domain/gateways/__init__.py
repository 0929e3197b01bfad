"""The gateway kinds: one frozen profile each, in one table. Nothing else in migrator asks which kind a gateway is."""

from __future__ import annotations

from migrator.domain.gateways.contour import CONTOUR
from migrator.domain.gateways.envoy import ENVOY
from migrator.domain.gateways.istio import ISTIO
from migrator.domain.gateways.nginx import NGINX
from migrator.domain.gateways.none import NONE
from migrator.domain.gateways.profile import GatewayProfile
from migrator.domain.gateways.sides import Profiles
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Spec

PROFILES: dict[str, GatewayProfile] = {profile.kind: profile for profile in (ISTIO, ENVOY, CONTOUR, NGINX, NONE)}
"""Kind, as a plan file names it → what is to be known of it. A new kind is a module and one entry here."""


def gateway_profile(spec: Spec, side: Side) -> GatewayProfile:
    """Give the profile of a side's gateways. UsageError for a kind that this version does not know."""
    kind = spec.gateway_of(side).kind
    if kind not in PROFILES:
        raise UsageError(say("gateway.kind-unknown", kind=kind, known=tuple(PROFILES)))
    return PROFILES[kind]


def gateway_profiles(spec: Spec) -> Profiles:
    """Give the profiles of both sides' gateways. UsageError as `gateway_profile`."""
    return Profiles(gateway_profile(spec, Side.OLD), gateway_profile(spec, Side.NEW))


__all__ = ["PROFILES", "GatewayProfile", "Profiles", "gateway_profile", "gateway_profiles"]

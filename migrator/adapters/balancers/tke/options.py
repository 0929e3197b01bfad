"""What a plan says in `loadBalancer.options` for TKE: whose Services the listeners are, and the label that makes a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.adapters.balancers.options import PERIOD, known_options, pairs, period_of, require_region
from migrator.adapters.balancers.tke.profile import PROFILE
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.spec import BalancerSpec


@dataclass(frozen=True, slots=True)
class Options:
    """`services` maps a listener's id to the Service of the namespace that it belongs to."""

    namespace: str
    services: Mapping[str, str]
    kubeconfig: str | None = None
    context: str | None = None
    monitoring: str = ""
    period: float = PERIOD


def options(spec: BalancerSpec) -> Options:
    """Read a plan's options, `services` as `lbl-a=web,lbl-b=tls`. UsageError for anything missing or unknown."""
    given = known_options(spec, PROFILE)
    require_region(spec)
    services = pairs(given, "services", "lbl-a=web,lbl-b=tls")
    if not given.get("namespace") or set(services) != {listener.id for listener in spec.listeners}:
        raise UsageError(say("tke.options-lacking"))
    return Options(
        given["namespace"],
        services,
        given.get("kubeconfig"),
        given.get("context"),
        given.get("monitoringEndpoint", ""),
        period_of(given),
    )

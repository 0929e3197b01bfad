"""Who makes a workload, a Service or a scaler: the controllers that are known by the labels which they leave on it. Pure.

Sources: envoyproxy/gateway internal/gatewayapi/helpers.go (`OwnerLabels`); istio pilot/pkg/config/kube/gateway
(`gateway.networking.k8s.io/gateway-name`); projectcontour/contour internal/provisioner/model/names.go. An ownerReference alone
tells that somebody makes it, and not what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import labels_of, namespace_of
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.observation.world import World
from migrator.domain.owners.emptying import Emptying, OnNodes, no_emptying, no_second
from migrator.domain.owners.envoy_gateway import emptied, second

GATEWAY_API = "gateway.networking.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Controller:
    """A controller that makes gateways. Its objects name their Gateway by the label `gateway`, in the namespace that the label
    `space` names ("": in their own); `shared` is the label of what is made for several Gateways at once ("": nothing is).

    `setting` says what not to do with it, and what loses nothing. `emptying` is how its own API keeps a workload without pods,
    `second` what a person applies for a second one on nodes. `names_known`: what it makes of a Gateway's own name in
    its gateways' configuration is known, so that two Gateways' can be compared.
    """

    title: Message
    setting: Message
    gateway: str
    space: str
    shared: str
    emptying: Callable[[World, ObjectRef], Emptying | None]
    second: Callable[[World, ObjectRef, str, OnNodes], tuple[Manifest, ...]]
    names_known: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an object is: of this controller, and made for this Gateway (None: for several at once, by `shared`)."""

    controller: Controller
    gateway: ObjectRef | None
    shared: str = ""

    @property
    def named(self) -> str:
        """Give the owner as people call it."""
        return str(self.gateway) if self.gateway else f"GatewayClass {self.shared}"


CONTROLLERS: tuple[Controller, ...] = (
    Controller(
        say("operator.envoy-gateway"),
        say("operator.envoy-gateway-setting"),
        "gateway.envoyproxy.io/owning-gateway-name",
        "gateway.envoyproxy.io/owning-gateway-namespace",
        "gateway.envoyproxy.io/owning-gatewayclass",
        emptied,
        second,
        True,
    ),
    Controller(
        say("operator.contour"),
        say("operator.contour-setting"),
        "projectcontour.io/owning-gateway-name",
        "projectcontour.io/owning-gateway-namespace",
        "",
        no_emptying,
        no_second,
        False,
    ),
    Controller(
        say("operator.gateway-api"),
        say("operator.gateway-api-setting"),
        "gateway.networking.k8s.io/gateway-name",
        "",
        "",
        no_emptying,
        no_second,
        False,
    ),
)
"""In the order in which their labels decide: Contour's provisioner sets the Gateway API's as well."""


def owner_of(thing: Manifest) -> Owner | None:
    """Give whose an object is; None where no controller that we know has left its labels."""
    having = labels_of(thing)
    for controller in CONTROLLERS:
        if shared := having.get(controller.shared, "") if controller.shared else "":
            return Owner(controller, None, shared)
        if name := having.get(controller.gateway, ""):
            space = having.get(controller.space, "") if controller.space else ""
            return Owner(controller, ObjectRef(GATEWAY_API, "Gateway", space or namespace_of(thing), name))
    return None


def unowned(things: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Give those that a run may write: no controller that we know makes them."""
    return tuple(thing for thing in things if owner_of(thing) is None)

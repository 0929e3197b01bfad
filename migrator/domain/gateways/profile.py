"""What is to be known of a gateway kind without asking one: a frozen value that planning and the adapters read.

Nothing here names a kind. A field that a kind has no answer for is filled in all the same: none may be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Flag, StrEnum, auto
from typing import Protocol, TypeAlias

from migrator.domain.gateways.audit import Reached
from migrator.domain.gateways.products.row import Product
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message
from migrator.domain.model.answers import Route
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, ref_of
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import Listing, World

OWN_FLAGS = frozenset({"NR", "NC", "UAEX", "RL", "RLSE", "DPE", "IH"})
"""Envoy's response flags of 4xx that it made itself: no route or cluster, not authorized, too many, not HTTP."""

ADMIN_PORT = 0
"""Stands among a profile's ports for the admin port that the plan names."""


class Planned(Protocol):
    """What a kind's own functions may read of a plan: the look, the spec, and both sides' pods as they are and will be."""

    @property
    def spec(self) -> Spec:
        """Give what the operator wants."""

    @property
    def world(self) -> World:
        """Give what was seen."""

    @property
    def source(self) -> Manifest | None:
        """Give the workload that serves today; None when it does not exist."""

    @property
    def workload(self) -> Manifest:
        """Give the workload that will be applied; an empty one without a source."""

    @property
    def old_pod(self) -> Manifest:
        """Give the spec of the old pods."""

    @property
    def live_pod(self) -> Manifest:
        """Give the spec of a live old pod that a webhook filled in; the template's where there is none."""

    @property
    def new_pod(self) -> Manifest:
        """Give the spec of the new pods."""

    @property
    def container(self) -> Manifest:
        """Give the container of the new pods that answers requests."""

    @property
    def old_labels(self) -> Mapping[str, str]:
        """Give the labels that every old pod has."""

    @property
    def new_labels(self) -> Mapping[str, str]:
        """Give the labels that every new pod will have."""

    @property
    def new_ports(self) -> frozenset[int]:
        """Give the ports on which the balancer will dial the new side."""

    @property
    def on_host(self) -> bool:
        """Say whether the new pods live in their node's network."""

    @property
    def settings(self) -> str:
        """Give the text of the settings that the gateways share; "" where there is none or it was not seen."""


class Direction(Flag):
    """What a check holds of: a plan that makes its new side on nodes, one that goes back to an earlier workload, one whose new
    side stands already, one that makes it of pods that the scheduler places, or several of them."""

    FORWARD = auto()
    BACK = auto()
    STANDING = auto()
    PLACED = auto()
    MADE = FORWARD | PLACED
    BOTH = MADE | BACK
    AWAY = MADE | STANDING
    GIVEN = BACK | STANDING
    ANY = MADE | BACK | STANDING


OwnCheck: TypeAlias = Callable[[Planned], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class ControllerPods:
    """Where the pods of what configures a gateway usually are: their namespace and labels. A gateway that configures itself
    has none."""

    namespace: str
    labels: tuple[tuple[str, str], ...]


class Telling(StrEnum):
    """Whether a gateway can be told to go, and whether that can be taken back."""

    REVERSIBLE = "reversible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OwnListeners:
    """The listeners of a gateway through which no client comes: for probes, metrics and its admin port.

    `ports` are where they listen, `statistics` the prefixes under which an Envoy counts their requests. What kubelet and
    Prometheus ask there is no evidence about clients, and the connections that they keep open are none to be drained.
    """

    ports: frozenset[int] = frozenset()
    statistics: frozenset[str] = frozenset()

    def without(self, ports: Iterable[int]) -> OwnListeners:
        """Give them but for these ports, where clients do come."""
        return replace(self, ports=self.ports - frozenset(ports))


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where a gateway says that it is ready."""

    path: str
    port: int


@dataclass(frozen=True, slots=True)
class Metric:
    """The counter of requests in Prometheus: its name, a selector of one side, and what narrows it to answers, 5xx and 4xx.

    In `of_side` the names `{workload}`, `{namespace}` and `{pods}` are filled in. `flags` is the label in which a gateway
    says why an answer is its own ("": it does not say). `connections` counts one side's new connections ("": nothing does).
    """

    name: str
    of_side: str
    answers: str
    errors: str
    client: str = ""
    flags: str = ""
    connections: str = ""


@dataclass(frozen=True, slots=True)
class GatewayProfile:
    """Everything that is to be known of a gateway kind. No field may be left out.

    How it is asked: `client` names the adapter; `mute` says why it has no configuration to ask for, nor any counters but
    those of the client (None where it has); `rights` are
    the (verb, apiVersion, kind) that asking needs in its namespace. `names_its_pod`: its admin port says in which pod it is.
    `counts_twice`: where its statistics leave the requests out, a counter of its own in them stands in. `own` are its
    listeners that serve no client.

    How it ends: `telling`, and `products`, of which the first that marks a pod template says what turns its health check and
    for how long it still accepts; the last one marks every template. `ignores_inbound_drain`: its listeners are none that
    `drain_listeners?inboundonly` means. `flipped_path` is what answers 503 once it was told to go ("": nothing does), so no
    liveness probe may ask for it.

    Its pods: `containers` are the names that the container has which answers; `filled_in`: a webhook completes the template,
    but not for pods in their node's network. `follows_services`: the ports on which it listens are those of the Services that
    select its pods, so nothing in its own configuration has to follow the plan's port map.

    Its ports: `reserved` are opened by itself; `shared` are those that two of a kind in one network would share without an
    error (none: the second one would fail); `movable` are its own ports by the variable that moves them, and `unmovable` says
    what stays where another one lives on the node.

    What a plan reads besides: `lists`; `settings_ref` is the object with the settings that all gateways of a control plane
    share, `settings` its text, `reads` the (verb, apiVersion, kind, namespace) that getting it needs. `understood` are the
    kinds of its own API groups whose meaning it knows: any other one in the cluster is told.

    What its configuration says: `written` gives its routes by the cluster's objects, where its gateways cannot tell them
    themselves; `rules_by_client` names the rules that name client addresses, `wants_proxy_protocol` what
    makes it expect PROXY protocol. `matrix` gives who gets each of its resources. `controller` says where what
    configures it is, whose log warns (None: itself). `health_target` is what a balancer should ask for. `checks` are its own,
    with what they hold of.
    """

    kind: str
    title: str | Message
    client: str
    mute: Message | None
    rights: tuple[tuple[str, str, str], ...]
    names_its_pod: bool
    counts_twice: bool
    own: OwnListeners
    telling: Telling
    products: tuple[Product, ...]
    ignores_inbound_drain: bool
    flipped_path: str
    readiness: Readiness
    health_target: Message
    containers: tuple[str, ...]
    filled_in: bool
    follows_services: bool
    reserved: frozenset[int]
    shared: tuple[int, ...]
    movable: Mapping[int, str]
    unmovable: Message | None
    metric: Metric | None
    lists: tuple[Listing, ...]
    settings_ref: Callable[[World], ObjectRef | None]
    settings: Callable[[World], str]
    reads: tuple[tuple[str, str, str, str], ...]
    understood: Mapping[str, frozenset[str]]
    written: Callable[[World], tuple[Route, ...]]
    rules_by_client: Callable[[Planned], list[str]]
    wants_proxy_protocol: Callable[[Planned], list[str]]
    matrix: Callable[[Planned], tuple[Reached, ...]]
    controller: ControllerPods | None
    checks: tuple[tuple[OwnCheck, Direction], ...]

    @property
    def counts(self) -> bool:
        """Say whether it may have counters to ask for; whether they are on, only a gateway can say."""
        return self.client != "no-admin"

    @property
    def reversible(self) -> bool:
        """Say whether it can be told to go, and to stay again."""
        return self.telling is Telling.REVERSIBLE

    def product(self, template: Manifest) -> Product:
        """Give the product whose pods have this template."""
        return next(product for product in self.products if product.marks(template))

    def drain_seconds(self, planned: Planned) -> float:
        """Give the seconds that a new pod takes to end by its product's own drain."""
        template = mapping(planned.workload, "spec", "template")
        drain = self.product(template).drain
        return drain.total(template, planned.settings) if drain else 0.0

    def checks_of(self, direction: Direction) -> tuple[OwnCheck, ...]:
        """Give its own checks that hold of such a plan."""
        return tuple(check for check, holds in self.checks if direction in holds)


def workloads_of(planned: Planned, kind: str) -> list[tuple[ObjectRef, Manifest]]:
    """Give the workloads whose gateways are of a kind: the old side's, and the new side's where it has a kind of its own."""
    told = planned.spec.target.gateway
    old = [planned.source] if planned.source is not None and planned.spec.gateway.kind == kind else []
    new = [planned.workload] if told is not None and told.kind == kind and planned.workload else []
    return [(ref_of(workload), workload) for workload in (*old, *new)]


def names_nothing(_planned: Planned) -> list[str]:
    """Give no rule: nothing in the cluster configures such a gateway that we could read."""
    return []


def nothing_written(_world: World) -> tuple[Route, ...]:
    """Give no route: such gateways tell their routes themselves, or nothing in the cluster says them."""
    return ()


def no_matrix(_planned: Planned) -> tuple[Reached, ...]:
    """Give no row: nothing in the cluster configures such a gateway that we could read."""
    return ()


def no_settings(_world: World) -> str:
    """Give the text of no settings."""
    return ""


def no_settings_ref(_world: World) -> ObjectRef | None:
    """Give no object: nothing is shared."""
    return None

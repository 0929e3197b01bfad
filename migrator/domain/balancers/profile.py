"""What a balancer's driver declares of itself, as one value that planning, checks, guards and `rbac` read.

No vendor is named here, and nobody is asked: the drivers fill these values in, and the app hands them over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from migrator.domain.balancers.identity import WorkloadIdentity
from migrator.domain.messages.message import Message
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec


@dataclass(frozen=True, slots=True)
class Binding:
    """A kind of object by which a cloud controller registers a Service's pods. The paths lead to the Service's name and to
    what the pods are registered in."""

    kind: str
    api_version: str
    service: tuple[str, ...]
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloudController:
    """A cloud's controller, which writes weights and backends of the Services that it manages.

    `prefixes` begin the annotations, labels and finalizers of such a Service; `balancer_id` is the regular expression of an
    annotation's value that names a balancer. `keep_off` is the annotation and its value by which a Service tells the
    controller to leave weights alone. Where there is none (None), `remedy` says what else to do.
    """

    name: str
    prefixes: tuple[str, ...]
    balancer_id: str
    keep_off: tuple[str, str] | None
    remedy: Message | None
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Cloud:
    """What a cloud adds to its clusters, whichever balancer a plan uses: its controller, the extended resources by which its
    network plugin gives a pod an address of its own, and the readiness gates that its controller sets on the pods it has
    registered (one that ends in / begins a family of names). `network_agents` are the DaemonSets of its network plugins that
    give pods addresses which its balancers can dial. `identity`: how a pod gets its credentials without a secret."""

    controller: CloudController
    pod_addresses: tuple[str, ...]
    readiness_gates: tuple[str, ...]
    network_agents: tuple[str, ...]
    identity: WorkloadIdentity | None = None


@dataclass(frozen=True, slots=True)
class CloudRights:
    """The actions that a driver calls, as the cloud's policies name them; `policy` writes the least policy in its form.

    `weighs` are those of the writes that set a backend's own weight; none where a backend has none of its own. `monitoring`
    are those that read the cloud's monitoring, which is done only where a plan makes a judge of it.
    """

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    policy: Callable[[BalancerSpec, CloudRights], Json]
    weighs: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()

    def least(self, spec: BalancerSpec, monitored: bool = False) -> Json:
        """Give the least policy for one balancer, with what reads its monitoring where that is a judge."""
        return self.policy(spec, replace(self, reads=(*self.reads, *self.monitoring)) if monitored else self)

    def least_to_weigh(self, spec: BalancerSpec) -> Json:
        """Give the least policy of who only looks, and sets weights of backends that are there."""
        return self.policy(spec, replace(self, writes=self.weighs))


@dataclass(frozen=True, slots=True)
class ClusterRight:
    """A right in the cluster that a driver needs besides the run's own. `namespace` None: the gateway's."""

    verb: str
    api_version: str
    kind: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class BalancerProfile:
    """Everything that is to be known of a driver without asking its balancer. No field may be left out.

    `page` is its page in the docs. `codes` are the findings that it makes, each with what it means. `options` are the keys of
    `loadBalancer.options`, each with what it means; `more_options` says that others are handed on to somebody else.
    `rights` None: no cloud grants anything. `cloud` None: it belongs to none. `steers_controller`: the driver itself asks the
    cloud's controller for weights, so what that controller writes was asked for. `keeps_client`: at layer 4 gateways see the
    client's own address, so a node cannot reach itself through the balancer (it drops packets that come from itself).
    `own_codes`: the operator's program behind this driver makes findings that only it knows. `new_groups` is the option that
    names the new side's group of each listener (`listener=group,…`), where weights belong to groups; "" where there is none.
    """

    provider: str
    page: str
    codes: Mapping[str, str]
    options: Mapping[str, str]
    cluster_rights: tuple[ClusterRight, ...]
    rights: CloudRights | None
    cloud: Cloud | None
    steers_controller: bool = False
    more_options: bool = False
    own_codes: bool = False
    keeps_client: bool = False
    new_groups: str = ""

    @property
    def identity(self) -> WorkloadIdentity | None:
        """Give how the cloud gives a pod credentials without a secret; None where it does not."""
        return self.cloud.identity if self.cloud else None

    @property
    def steered(self) -> CloudController | None:
        """Give the controller that this driver itself steers."""
        return self.cloud.controller if self.cloud and self.steers_controller else None


UNDECLARED = BalancerProfile(provider="", page="", codes={}, options={}, cluster_rights=(), rights=None, cloud=None)
"""A provider that nobody has declared anything of."""

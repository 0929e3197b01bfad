"""What hardening is worked out from (`Ground`) and what it comes to (`Hardening`): changes with numbers and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.gateways.products import Product
from migrator.domain.hardening.removal import Removal
from migrator.domain.messages.message import Message
from migrator.domain.model.kubernetes import container_named
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping
from migrator.domain.model.side.companion import CompanionSpec
from migrator.domain.model.spec import BalancerSpec


class What(StrEnum):
    """What a measure changes."""

    DRAIN = "drain"
    PRE_STOP = "preStop"
    COMPANION = "companion"
    GRACE = "grace"
    STARTUP = "startupProbe"
    READINESS = "readinessProbe"
    LIVENESS = "livenessProbe"
    MIN_READY = "minReadySeconds"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True)
class Ground:
    """A workload and what is known around it.

    `ports` are those that clients reach in the pod, the first is probed; `probes` the gateway kind's own probes by their name;
    `flipped` the path that answers 503 once the gateway was told to go. `settings` are those that gateways share, `server` the
    API server's version ("": not known). `budgets` are the disruption budgets of its namespace (None: nobody looked). `pods`
    are its replicas or nodes (None: not known), `longest` the seconds that its longest ordinary request takes. `filled_in`: a
    webhook completes the template, and brings the readiness probe. `companion` is the container of ours that is wanted (None:
    none), `balancer` the one whose weights it sets (None: not known), `lease` the one that says whether a run does so now,
    `dialled` the ports that the balancer dials where those are not the pod's own. `admin` is the port on which the gateway is
    told to go (0: it cannot be).
    """

    workload: Manifest
    product: Product
    removal: Removal
    container: str = ""
    ports: tuple[int, ...] = ()
    probes: tuple[tuple[str, Json], ...] = ()
    flipped: str = ""
    settings: str = ""
    server: str = ""
    budgets: tuple[Manifest, ...] | None = None
    pods: int | None = None
    longest: float = 5.0
    filled_in: bool = False
    companion: CompanionSpec | None = None
    balancer: BalancerSpec | None = None
    lease: ObjectRef | None = None
    dialled: tuple[int, ...] = ()
    admin: int = 0

    @property
    def kind(self) -> str:
        """Give the workload's kind."""
        return str(self.workload.get("kind") or "Deployment")

    @property
    def template(self) -> Manifest:
        """Give the pod template."""
        return mapping(self.workload, "spec", "template")

    @property
    def pod(self) -> Manifest:
        """Give the pod's spec."""
        return mapping(self.template, "spec")

    @property
    def gateway(self) -> Manifest:
        """Give the container that answers requests."""
        return container_named(self.pod, (self.container,))


@dataclass(frozen=True, slots=True)
class Measure:
    """One change: at which place, from what to what, by which numbers, for which reason, and the patch of the workload.

    The patch is a strategic merge patch.
    """

    what: What
    place: str
    was: Json
    now: Json
    numbers: Message
    reason: Message
    patch: Manifest


@dataclass(frozen=True, slots=True)
class Hardening:
    """What is to change, what else is to be made (a budget), what is told besides, and what turns the health check, and when.

    `elsewhere` are settings of other programs that a large mesh wants: name, value and reason. `kubectl` is how a person
    calls it for the workload ("": nobody has said where that is).
    """

    ground: Ground
    measures: tuple[Measure, ...]
    objects: tuple[Manifest, ...] = ()
    remarks: tuple[Message, ...] = ()
    elsewhere: tuple[tuple[str, str, Message], ...] = ()
    kubectl: str = ""

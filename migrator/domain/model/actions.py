"""Every change migrator can make to the world: absolute, idempotent, serialisable; grouped by the port that acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.manifests import Json, ObjectRef


@dataclass(frozen=True, slots=True)
class Register:
    """Put backends on their listeners, always at weight 0; rows that are there already are left as they are.

    `standing`: where weights are a pool's, these join a pool that has weight, knowingly.
    """

    backends: tuple[Backend, ...]
    standing: bool = False


@dataclass(frozen=True, slots=True)
class SetWeights:
    """Set these rows to these weights, in provider units; rows that are not named stay. At most one vendor batch."""

    rows: tuple[Weighted, ...]


@dataclass(frozen=True, slots=True)
class Deregister:
    """Take backends off their listeners; rows already gone are fine. A driver refuses a row that has weight.

    `consent` records that the plan or a person agreed to cut what is still connected. `standing`: where weights are a
    pool's, these leave a pool whose other backends carry on; the vendor lets their connections end.
    """

    backends: tuple[Backend, ...]
    consent: bool = False
    standing: bool = False


@dataclass(frozen=True, slots=True)
class ApplyObject:
    """Server-side apply this manifest as field manager `migrator`. It names its object itself."""

    manifest: Json


@dataclass(frozen=True, slots=True)
class PatchObject:
    """Merge-patch an object that is not ours. `uid` guards against another object of the same name."""

    ref: ObjectRef
    patch: Json
    uid: str


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """Delete an object with a uid precondition; gone already is fine."""

    ref: ObjectRef
    uid: str


@dataclass(frozen=True, slots=True, order=True)
class PodRef:
    """One gateway pod: where it is and where it answers. `uid` tells it from a later pod of the same name; `cluster` is ""
    at the gateway's home."""

    namespace: str
    name: str
    uid: str
    ip: str
    node: str = ""
    cluster: str = ""


def pod_object(pod: PodRef) -> ObjectRef:
    """Give the object of a pod."""
    return ObjectRef("v1", "Pod", pod.namespace, pod.name, pod.cluster)


class Word(StrEnum):
    """What a gateway is told. Both are reversible (`healthcheck/fail`, `healthcheck/ok`)."""

    GO = "go"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell these gateways of one side to go (close politely, accept for ever) or to stay."""

    side: Side
    word: Word
    pods: tuple[PodRef, ...]


BalancerWrite: TypeAlias = Register | SetWeights | Deregister
ClusterWrite: TypeAlias = ApplyObject | PatchObject | DeleteObject
GatewayWrite: TypeAlias = Tell
Action: TypeAlias = BalancerWrite | ClusterWrite | GatewayWrite


@dataclass(frozen=True, slots=True)
class Op:
    """A vendor's handle for a write that was accepted; it survives a restart. An empty id means: done at once."""

    system: str
    id: str = ""


class OpState(StrEnum):
    """What the vendor says of an accepted write. LOST: it does not know any more; look and decide."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"

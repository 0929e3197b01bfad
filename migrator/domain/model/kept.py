"""What a finished run kept of the workload it removed, and what it made in its place: what a plan back rests on."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, ObjectRef
from migrator.domain.model.pod_targets import PodTargets


@dataclass(frozen=True, slots=True)
class Kept:
    """The workload that returns, as run `run` of plan `plan` kept it.

    `workload` is its manifest as a person would apply it again; `companions` (its HPA) come back when it serves again.
    `service` names the Service that the returning pods need of their own; `leftovers` are what the run made besides the
    workload that leaves now. `rows` are backends that the plan knows (ports of nodes), `scattered` says how many pods
    there are and on which port each is dialled.
    """

    run: int
    plan: str
    workload: Json
    companions: tuple[Json, ...]
    service: str
    leftovers: tuple[ObjectRef, ...]
    scattered: PodTargets
    rows: tuple[Backend, ...] = ()

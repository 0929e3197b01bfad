"""What one can file says: a title, sentences, tables of texts, and blocks of code. Every page shows these and adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.domain.model.refs import namespaces, source_ref, target_ref
from migrator.wording import label

if TYPE_CHECKING:
    from migrator.domain.model.manifests import ObjectRef
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.plan import Plan

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, the names of the columns, and the rows."""

    title: str
    columns: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, and lines that are shown as they are; `language` is what colours them."""

    title: str
    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page. `tables` are never empty; `remarks` are sentences."""

    title: str
    state: str
    tables: tuple[Table, ...]
    remarks: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()


def _named(spec: Spec, workload: ObjectRef) -> str:
    return str(workload) if len(namespaces(spec)) > 1 or spec.second is not None else f"{workload.kind} {workload.name}"


def of_plan(plan: Plan) -> tuple[Row, ...]:
    """Return the rows of what is moved: the cluster, the balancer, both sides; of what moves nothing, the workload."""
    spec = plan.spec
    sides = (
        ((label("old"), _named(spec, source_ref(spec))), (label("new"), _named(spec, target_ref(spec))))
        if plan.journey().moves
        else ((label("workload"), _named(spec, target_ref(spec))),)
    )
    return (
        (
            label("cluster"),
            " ".join(filter(None, (spec.cluster.context or "", f"{label('namespace')} {', '.join(namespaces(spec))}"))),
        ),
        (label("balancer"), f"{spec.balancer.provider} {spec.balancer.id}"),
        *sides,
    )

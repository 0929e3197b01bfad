"""What one can file says: a title, sentences, tables of texts, and blocks of code. Every page shows these and adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import place
from migrator.wording import label

if TYPE_CHECKING:
    from migrator.domain.model.spec import Spec

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


def _named(spec: Spec, side: Side) -> str:
    """Return a side's workload, after its cluster where that is not the gateway's home."""
    there = place(spec, side)
    return f"{there.kind} {there.at and f'{there.at}:'}{there.name}"


def of_spec(spec: Spec) -> tuple[Row, ...]:
    """Return the rows of what is moved: the cluster, the balancer, both sides."""
    return (
        (
            label("cluster"),
            " ".join(filter(None, (spec.cluster.context or "", f"{label('namespace')} {spec.cluster.namespace}"))),
        ),
        (label("balancer"), f"{spec.balancer.provider} {spec.balancer.id}"),
        (label("old"), _named(spec, Side.OLD)),
        (label("new"), _named(spec, Side.NEW)),
    )

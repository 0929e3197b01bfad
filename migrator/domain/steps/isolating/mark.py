"""What is written on a pod that is set apart, so that anybody can put it back: no store is needed for it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.kubernetes import CHEAPEST, COST
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, dig, items, labels, number, text
from migrator.domain.model.outside.reading import parsed

MARK = "migrator.dev/isolated"
"""The label by which isolated pods are found (`kubectl get pods -l migrator.dev/isolated`), and the annotation beside it."""


@dataclass(frozen=True, slots=True)
class Isolated:
    """What the mark says: whose the pod was, by which labels, its rows with their weights, and who set it apart when."""

    workload: ObjectRef
    labels: tuple[tuple[str, str], ...]
    rows: tuple[Weighted, ...]
    by: str
    at: str


def marking(said: Isolated) -> Json:
    """Give the merge patch that marks a pod."""
    rows: list[Json] = [
        {**_backend(row.backend), "weight": row.weight} for row in sorted(said.rows, key=lambda row: row.backend)
    ]
    kept: dict[str, Json] = {
        "workload": {"kind": said.workload.kind, "namespace": said.workload.namespace, "name": said.workload.name},
        "labels": dict(said.labels),
        "rows": rows,
        "by": said.by,
        "at": said.at,
    }
    return {"metadata": {"labels": {MARK: "true"}, "annotations": {MARK: json.dumps(kept, sort_keys=True)}}}


def _backend(backend: Backend) -> dict[str, Json]:
    named: dict[str, Json] = {"listener": backend.listener, "address": backend.address, "port": backend.port}
    return {**named, "ref": backend.ref} if backend.ref else named


def read(pod: Manifest) -> Isolated | None:
    """Give what the mark of a pod says; None for a pod without one, and for a mark that cannot be read."""
    try:
        kept = parsed(labels(pod, "metadata", "annotations").get(MARK, ""))
    except ValueError:
        return None
    where = (text(kept, "workload", part) for part in ("kind", "namespace", "name"))
    ref = ObjectRef("apps/v1", *where)
    if not ref.name:
        return None
    rows = tuple(
        Weighted(
            Backend(text(row, "listener"), text(row, "address"), number(row, "port"), text(row, "ref")),
            number(row, "weight"),
        )
        for row in items(kept, "rows")
    )
    return Isolated(ref, tuple(sorted(labels(kept, "labels").items())), rows, text(kept, "by"), text(kept, "at"))


def unmarking() -> Json:
    """Give the merge patch that takes the mark."""
    return {"metadata": {"labels": {MARK: None}, "annotations": {MARK: None}}}


def without(names: Mapping[str, str] | tuple[str, ...]) -> Json:
    """Give the merge patch that takes these labels."""
    return {"metadata": {"labels": dict.fromkeys(names)}}


def having(of: Mapping[str, str]) -> Json:
    """Give the merge patch that gives these labels."""
    return {"metadata": {"labels": dict(of)}}


def priced(pod: Manifest, cheapest: bool) -> Json:
    """Give the merge patch by which a pod is the first to go, or has the cost again that it had."""
    before = dig(pod, "metadata", "annotations", COST)
    return {"metadata": {"annotations": {COST: CHEAPEST if cheapest else before}}}


def stamp(at: datetime) -> str:
    """Give an instant as the mark has it."""
    return at.isoformat(timespec="seconds")

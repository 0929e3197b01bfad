"""Freezing and unfreezing: an object in a namespace, or a file beside the store. Neither touches a run."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import Refused, StoreError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words
from migrator.domain.model.actions import ApplyObject, DeleteObject
from migrator.domain.model.balancer import Side
from migrator.domain.model.freeze import FILE, Freeze, freeze_in, freeze_ref, manifest_of
from migrator.domain.model.manifests import uid_of
from migrator.domain.model.refs import place
from migrator.domain.observation.logins import instant
from migrator.workflow.gating.freezing import Place, in_cluster

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import ClusterReader, ClusterWriter, Readers
    from migrator.store import Store

LARGEST = 10_000
"""Bytes of a freeze's file that are read."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a freeze: where it is kept, what it says (None: nothing is frozen there now), whether that is new."""

    place: str
    freeze: Freeze | None
    new: bool


def places(store: Store, plan: Plan, readers: Readers) -> tuple[Place, ...]:
    """Give where a freeze of a run may be."""
    file = Path(store.file).parent / FILE
    sides = (place(plan.spec, side) for side in Side)
    spaces = dict.fromkeys((side.namespace, side.at) for side in sides)
    return Place(str(file), lambda: read(file)), *(in_cluster(readers.cluster, *space) for space in spaces)


def read(file: Path) -> Freeze | None:
    """Read the file; None where there is none. One that says nothing that we understand freezes too. Refused: no right."""
    try:
        with file.open("rb") as opened:
            said = json.loads(opened.read(LARGEST))
        words = {key: str(said[key]) for key in ("by", "at", "reason") if key in said}
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(say("freeze.file", file=str(file), why=in_words(error))) from error
    except (ValueError, TypeError):
        words = {}
    return Freeze("", **words)


def begin(where: str, reason: str) -> Freeze:
    """Give a freeze of ours, from now on."""
    return Freeze(where, who(), instant(CLOCK.now()), reason)


def freeze_file(file: Path, reason: str) -> Changed:
    """Freeze all runs of a store; a freeze that is there stays as it is. StoreError: the file cannot be written."""
    freeze = begin("", reason)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = file.with_name(f"{file.name}.{os.getpid()}")  # never half a file
        written.write_text(json.dumps(asdict(freeze)), encoding="utf-8")
        new = _linked(file, written)
    except OSError as error:
        raise StoreError(say("freeze.file", file=str(file), why=in_words(error))) from error
    return Changed(str(file), freeze if new else read(file) or Freeze(""), new)


def _linked(file: Path, written: Path) -> bool:
    """Give a written file its name, and say whether it got it: never over a freeze that somebody else has made."""
    try:
        file.hardlink_to(written)
    except FileExistsError:
        return False
    finally:
        written.unlink()
    return True


def unfreeze_file(file: Path) -> Changed:
    """Take the freeze of a store back. StoreError: the file cannot be removed."""
    known = file.exists()
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(say("freeze.file", file=str(file), why=in_words(error))) from error
    return Changed(str(file), None, known)


def freeze_namespace(reader: ClusterReader, writer: ClusterWriter, namespace: str, reason: str) -> Changed:
    """Freeze a namespace; a freeze that is there stays as it is. Raises Unreachable or Refused."""
    ref = freeze_ref(namespace)
    if (known := freeze_in(ref, reader.get(ref))) is not None:
        return Changed(str(ref), known, new=False)
    freeze = begin(namespace, reason)
    writer.apply(ApplyObject(manifest_of(freeze)))
    return Changed(str(ref), freeze, new=True)


def unfreeze_namespace(reader: ClusterReader, writer: ClusterWriter, namespace: str) -> Changed:
    """Take the freeze of a namespace back, whoever has made it. Raises Unreachable or Refused."""
    ref = freeze_ref(namespace)
    found = reader.get(ref)
    if found is not None:
        writer.delete(DeleteObject(ref, uid_of(found)))
    return Changed(str(ref), None, found is not None)

"""What commit 0730ce6 saved: plan files and stores, out of their archive. `0730ce6/generate.py.txt` says how they were made."""

from __future__ import annotations

import gzip
import json
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "0730ce6"
LAB = FOLDER / "store.db.gz"
"""The store of a run in the lab, killed at its first share."""


@dataclass(frozen=True, slots=True)
class Left:
    """A store, and the run in it that was left: where it stood, and whether its open write had come true.

    `world` is what no journal tells: the side whose clients hang, nodes that came, nodes that are to go.
    """

    name: str
    run: int
    state: str
    heading: str
    step: str
    written: bool
    world: dict[str, Any]
    exits: dict[str, int]

    def put(self, folder: Path) -> Path:
        """Put the store into the folder; return its file."""
        file = folder / "store.db"
        file.write_bytes(
            gzip.decompress(LAB.read_bytes()) if self is FROM_THE_LAB else _members()[f"stores/{self.name}.db"]
        )
        return file


FROM_THE_LAB = Left("lab", 1, "running", "forward", "Shift 10 %", False, {}, dict.fromkeys(("status", "events"), 0))


@cache
def _members() -> dict[str, bytes]:
    with tarfile.open(FOLDER / "fake.tar.xz") as archive:
        return {member.name: file.read() for member in archive if (file := archive.extractfile(member)) is not None}


@cache
def left() -> tuple[Left, ...]:
    """Return every store."""
    return tuple(Left(**each) for each in json.loads(_members()["index.json"]))


def plan_files() -> dict[str, bytes]:
    """Return every saved plan file by name."""
    return {Path(name).stem: file for name, file in _members().items() if name.startswith("plans/")}

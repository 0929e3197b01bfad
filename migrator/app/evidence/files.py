"""The files of a run's evidence beside the store: bounded, readable by their owner alone, harmless to a terminal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.domain.messages.foreign import harmless

if TYPE_CHECKING:
    from migrator.store import StoreReader

MOST = 200
"""Files of a run: more pods than that are not kept."""

ENDING = ".log"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: whose log it is, where it is, and how many bytes it has."""

    pod: str
    file: Path
    size: int


def folder(store: StoreReader, run: int) -> Path:
    """Give where the evidence of a run is."""
    return Path(store.file).with_name(f"{Path(store.file).stem}-evidence-{run}")


def write(where: Path, pod: str, lines: str) -> None:
    """Keep a pod's lines, in the place of those before. OSError: they cannot be written, or there are too many files."""
    where.mkdir(mode=0o700, exist_ok=True)
    file = where / f"{pod}{ENDING}"
    if not file.exists() and len(list(where.iterdir())) >= MOST:
        raise OSError("too many files")
    written = file.with_suffix(".part")  # never half a file
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(harmless(lines))
    written.replace(file)


def of_run(store: StoreReader, run: int) -> tuple[Kept, ...]:
    """Give what was kept of a run; nothing where nothing can be read."""
    try:
        found = sorted(folder(store, run).glob(f"*{ENDING}"))[:MOST]
        return tuple(Kept(file.stem, file, file.stat().st_size) for file in found)
    except OSError:
        return ()

"""What a command costs that only reads: `python -m tests.bench.bench_cli` prints a table, whole processes, median of N.

`MIGRATOR_BEFORE=FOLDER` measures an older checkout beside it, on the same store, which commit 0730ce6 wrote.
"""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.bench.before import READING_MS
from tests.bench.beside import head, line, medians, ran
from tests.golden.saved import FROM_THE_LAB

TIMES = 9
RECORDED = {"status": READING_MS, "list": READING_MS}
PROMISED = {"--help": 150, "status": 200, "list": 200, "events": 300}


def spent(words: tuple[str, ...], store: Path, compiled: Path | None, _name: str, folder: Path, python: Path) -> float:
    """Give the milliseconds from start to end. `compiled`: where bytecode is kept, as an installed package has it."""
    kept = {"PYTHONPYCACHEPREFIX": str(compiled), "PYTHONDONTWRITEBYTECODE": ""} if compiled else {}
    began = time.perf_counter()
    ran(python, folder, ("-m", "migrator", *words), MIGRATOR_STORE=str(store), **kept)
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        store, compiled = FROM_THE_LAB.put(Path(folder)), Path(folder) / "compiled"
        head("a whole process, as installed (with bytecode)")
        for command, promised in PROMISED.items():
            act = partial(spent, (command,), store, compiled)
            medians(1, act)
            line(f"  {command}", medians(TIMES, act), promised, recorded=RECORDED.get(command))
        if os.environ.get("PYTHONDONTWRITEBYTECODE"):
            head("the same where Python may keep no bytecode (PYTHONDONTWRITEBYTECODE), and compiles all it imports")
            for command, promised in PROMISED.items():
                line(f"  {command}", medians(TIMES, partial(spent, (command,), store, None)), promised)


if __name__ == "__main__":
    main()

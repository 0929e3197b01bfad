"""Golden files: how every kind that was ever stored looks on disk. `python -m tests.store.codec.golden` adds the missing ones.

A file that exists is never rewritten by it: it is what an older version wrote, and must be readable for ever.
"""

from __future__ import annotations

import json
from pathlib import Path

from migrator.store.codec.codec import to_data
from migrator.store.codec.tags import KINDS
from tests.store.values import sample

FOLDER = Path(__file__).parent / "golden"


def write_missing() -> None:
    """Write a file for each kind that has none."""
    FOLDER.mkdir(exist_ok=True)
    for kind, cls in KINDS.items():
        file = FOLDER / f"{kind}.json"
        if not file.exists():
            file.write_text(json.dumps(to_data(sample(cls)), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_missing()

"""Golden files: how every kind that was ever stored looks on disk. `python -m tests.store.codec.golden` adds what is new.

A file that exists is never rewritten by it: it is what an older version wrote, and must be readable for ever.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from migrator.domain.messages.message import STORED
from migrator.store.codec.codec import to_data
from migrator.store.codec.tags import KINDS, OLD_TAGS
from tests.store.values import sample

FOLDER = Path(__file__).parent / "golden"


def files(kind: str) -> list[Path]:
    """Give the files of a kind, the oldest first: `gate.json`, `gate.2.json`, ..."""
    return sorted((FOLDER / f"{kind}.json", *FOLDER.glob(f"{kind}.[0-9].json")), key=lambda file: file.name.count("."))


def said(stored: Any, now: Any) -> bool:
    """Say whether everything in `stored` is still in `now`; a tag may have become the one that is written today, and a
    sentence a message that shows it."""
    if isinstance(stored, dict) and isinstance(now, dict):
        now = {**now, **now["values"]} if now.get("variant") == "stored" else now
        return all(key in now and said(stored[key], now[key]) for key in stored)
    if isinstance(stored, str) and now == {"code": STORED, "values": {"text": stored}}:
        return True
    if isinstance(stored, list) and isinstance(now, list):
        return len(stored) == len(now) and all(map(said, stored, now))
    return bool(stored == now or (isinstance(stored, str) and OLD_TAGS.get(stored) == now))


def extends(stored: Any, now: Any) -> bool:
    """Say whether `now` is what is stored, with fields added at most."""
    if isinstance(stored, dict) and isinstance(now, dict):
        return all(key in now and extends(stored[key], now[key]) for key in stored)
    if isinstance(stored, list) and isinstance(now, list):
        return len(stored) == len(now) and all(map(extends, stored, now))
    return bool(stored == now)


def write_missing() -> None:
    """Write a file for each kind that looks on disk as none of its files does. (A field that was only added needs none.)"""
    FOLDER.mkdir(exist_ok=True)
    for kind, cls in KINDS.items():
        now, there = to_data(sample(cls)), [file for file in files(kind) if file.exists()]
        if not any(extends(json.loads(file.read_text()), now) for file in there):
            name = f"{kind}.{len(there) + 1}.json" if there else f"{kind}.json"
            (FOLDER / name).write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_missing()

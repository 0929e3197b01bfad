"""What came of the requests that were sent beside a run, kept in a file beside the store for its report."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.app.load.account import Account

if TYPE_CHECKING:
    from migrator.store import StoreReader

LARGEST = 1 << 20


def keep(store: StoreReader, run: int, account: Account) -> None:
    """Keep the account of a run. OSError: the file cannot be written."""
    file = _file(store, run)
    written = file.with_suffix(".part")  # never half a file
    written.write_text(json.dumps(asdict(account)), encoding="utf-8")
    written.replace(file)


def of_run(store: StoreReader, run: int) -> Account | None:
    """Give the account of a run; None where nothing was sent beside it, or nobody can read it."""
    try:
        with _file(store, run).open("rb") as opened:
            said = json.loads(opened.read(LARGEST))
        errors = tuple((str(word), int(count)) for word, count in said.pop("errors"))
        return Account(**{name: said[name] for name in said}, errors=errors)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def folder(store: StoreReader, run: int) -> Path:
    """Give where the ledger of a run is kept."""
    return Path(store.file).with_name(f"{Path(store.file).stem}-load-{run}")


def _file(store: StoreReader, run: int) -> Path:
    return folder(store, run).with_suffix(".json")

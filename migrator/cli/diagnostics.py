"""Where the program's own log of a run goes: a private file beside the store, never the terminal. The journal is the record."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def log_file(store: Path, run_id: int) -> Path:
    """Give the log of a run."""
    return store.with_name(f"{store.name}.run-{run_id}.log")


def log_to(file: Path) -> None:
    """Append what the program logs to the file (0600). A log that cannot be written must not keep a run from going on."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler: logging.Handler = logging.FileHandler(file, encoding="utf-8")
    except OSError:
        return be_quiet()
    formatter = logging.Formatter(FORMAT)
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    logging.getLogger("migrator").setLevel(logging.INFO)
    return None


def be_quiet() -> None:
    """Keep libraries' warnings off the terminal where a command's answer says all there is to say."""
    logging.getLogger().addHandler(logging.NullHandler())

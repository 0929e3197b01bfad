"""Where the program's own log of a run goes: a private file beside the store, never the terminal. The journal is the record."""

from __future__ import annotations

import logging
import os
import time
from io import TextIOWrapper
from pathlib import Path

from migrator.domain.messages.foreign import harmless


class Harmless(logging.Formatter):
    """A record as lines in which nothing would be obeyed by the terminal of whoever reads the log."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record, its traceback too."""
        return harmless(super().format(record))


class Private(logging.FileHandler):
    """A log that only we may read, in a file of its own."""

    def _open(self) -> TextIOWrapper:
        return open(appending(Path(self.baseFilename)), "a", encoding=self.encoding)


FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def log_file(store: Path, run_id: int) -> Path:
    """Give the log of a run."""
    return store.with_name(f"{store.name}.run-{run_id}.log")


def log_to(file: Path) -> None:
    """Append what the program logs to the file (0600). A log that cannot be written must not keep a run from going on."""
    try:
        handler: logging.Handler = Private(file, encoding="utf-8")
    except OSError:
        return be_quiet()
    handler.setFormatter(Harmless(FORMAT))
    logging.getLogger().addHandler(handler)
    logging.getLogger("migrator").setLevel(logging.INFO)
    return None


def appending(file: Path) -> int:
    """Open a private file for appending; OSError for a link, which somebody else may have put there to lead us elsewhere."""
    return os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def be_quiet() -> None:
    """Keep libraries' warnings off the terminal where a command's answer says all there is to say."""
    logging.getLogger().addHandler(logging.NullHandler())

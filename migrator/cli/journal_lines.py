"""`--log json`: the run's journal and the program's log on stderr, a JSON value a line, for a collector of logs.

The journal holds no secret, and neither does the log; characters that a terminal would obey are escaped.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from migrator.cli.repeated import repeated
from migrator.cli.views.echo import as_json
from migrator.cli.views.json.values import event
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.runs import State

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.store import StoreReader

EVERY = 0.5
STOP_WITHIN = 1.0


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        """Give the line; a traceback is a text in it."""
        value = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "run": self._run.id,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            value["traceback"] = self.formatException(record.exc_info)
        return as_json(value)


@contextmanager
def journal_lines(store: StoreReader, run: Run) -> Iterator[None]:
    """Print every row that is written from now on, and what is logged; the last rows before the end too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(run))
    logging.getLogger().addHandler(handler)
    logging.getLogger("migrator").setLevel(logging.INFO)
    journal = Rows(store, run)
    try:
        with repeated(journal.print_new, EVERY, "journal", STOP_WITHIN):
            yield
    finally:
        logging.getLogger().removeHandler(handler)


class Rows:
    """The rows that were not printed yet: all of a run that has not begun, else those from now on."""

    def __init__(self, store: StoreReader, run: Run) -> None:
        self._store, self._run = store, run
        begun = () if run.state is State.PLANNED else store.events(run.id)
        self._after = begun[-1].id if begun else 0

    def print_new(self) -> None:
        """Print them. A store that cannot be read now is read later."""
        try:
            rows = self._store.events(self._run.id, self._after)
        except MigratorError:
            return
        for row in rows:
            value: dict[str, Any] = {"level": "info", "logger": "journal", **event(row), "run": self._run.id}
            print(as_json(value), file=sys.stderr, flush=True)  # noqa: T201 - it is the command's log
            self._after = row.id

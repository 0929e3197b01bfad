"""Writing what was begun: a plan file, and beside it the schema that editors check it with. Nothing of a person's is lost."""

from __future__ import annotations

import json
from pathlib import Path

from migrator.domain.messages.errors import MigratorError, UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words

SCHEMA = "migrator.schema.json"
TITLE = "migrator plan file"
"""By this title a schema that lies there already is known as ours."""


def require_free(path: str, force: bool) -> None:
    """Raise UsageError where a file is there and may not be replaced. Cheap, so it is told before anybody is asked."""
    if not force and Path(path).exists():
        raise UsageError(say("init.file-there", file=path))


def write(path: str, text: str, force: bool) -> None:
    """Write the plan file. UsageError when one is there and may not be replaced."""
    try:
        with Path(path).open("w" if force else "x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise UsageError(say("init.file-there", file=path)) from error
    except OSError as error:
        raise MigratorError(say("init.not-written", file=path, why=in_words(error))) from error


def write_schema(beside: str) -> str | None:
    """Write the plan file's schema beside it, and give its path; None where a file of that name is somebody else's."""
    from migrator.app.plan.keys import published

    path = Path(beside).parent / SCHEMA
    if path.exists() and not _is_ours(path):
        return None
    try:
        path.write_text(json.dumps(published(), indent=2) + "\n", encoding="utf-8")
    except OSError:
        return None
    return str(path)


def _is_ours(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("title") == TITLE

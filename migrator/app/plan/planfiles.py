"""A saved plan as a file (`plan -o FILE`, `run FILE`): the same plan as in the store, for another store or a review.

It refuses a plan file in YAML, and a saved plan that somebody has changed: the seal covers the stored JSON of the plan, so
that it holds whatever later versions make of the classes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from migrator.adapters.planfile.source import STDIN
from migrator.domain.messages.errors import MigratorError, StoreError, UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan

FORMAT = "migrator saved plan"
VERSION = 2
FIRST = 1
"""The format of migrator 0.1.0 before it named itself in the file; its seal is checked with the names of its classes."""
LARGEST = 64 << 20


def write(plan: Plan, path: str) -> None:
    """Write the plan to a file that only this user may read: it holds whole manifests. Replaces what is there."""
    from migrator.store.codec.codec import to_data
    from migrator.store.codec.seals import seal

    data = to_data(plan)
    file = {"format": FORMAT, "version": VERSION, "madeBy": version("migrator"), "seal": seal(data), "plan": data}
    text = json.dumps(file, indent=1)
    try:
        _put(Path(path), text + "\n")
    except OSError as error:
        raise MigratorError(say("plan.not-written", file=path, why=in_words(error), plan=plan.id)) from error


def _put(path: Path, text: str) -> None:
    """Write a private file beside, by a name that nobody can have taken before (O_EXCL), and move it where it belongs."""
    descriptor, beside = tempfile.mkstemp(".new", f".{path.name}.", path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(beside, path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


def read(path: str) -> Plan:
    """Read a saved plan; `-` is standard input. UsageError for a YAML (with the command to type), and for a changed file."""
    return _of_text(_text_of(path), path)


def read_either(path: str) -> Plan | Spec:
    """Read a file that is a saved plan or a plan file; `-` is standard input, which can be read only once."""
    from migrator.adapters.planfile.read import read as read_plan_file

    text = _text_of(path)
    return _of_text(text, path) if text.lstrip().startswith("{") else read_plan_file(text, path)


def _of_text(text: str, path: str) -> Plan:
    from migrator.store.codec.codec import from_data

    found = _json_of(text, path)
    if found.get("version") not in (FIRST, VERSION):
        raise _of_another_version(path, found)
    if found.get("version") == VERSION and not _is_sealed(found):
        raise _changed(path)
    try:
        plan = from_data(found.get("plan"), Plan)
    except StoreError as error:
        raise _of_another_version(path, found) from error
    if not _is_sealed(found):
        raise _changed(path)
    return plan


def _text_of(path: str) -> str:
    try:
        if path == STDIN:
            text = sys.stdin.read(LARGEST + 1)
        elif Path(path).stat().st_size > LARGEST:
            raise UsageError(say("plan.file-too-large", file=path))
        else:
            text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(say("plan.file-unreadable", file=path, why=in_words(error))) from error
    except ValueError as error:
        raise _no_saved_plan(path) from error
    if len(text) > LARGEST:
        raise UsageError(say("plan.file-too-large", file=path))
    return text


def _json_of(text: str, path: str) -> dict[str, Any]:  # of any type: nothing of the file has been checked yet
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_saved_plan(path) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _no_saved_plan(path)
    return found


def _is_sealed(found: dict[str, Any]) -> bool:
    from migrator.store.codec.seals import first_seal, seal

    sealing = first_seal if found["version"] == FIRST else seal
    try:
        return sealing(found.get("plan")) == found.get("seal")
    except RecursionError:
        return False


def _changed(path: str) -> UsageError:
    return UsageError(say("plan.file-changed", file=path))


def _of_another_version(path: str, found: dict[str, Any]) -> UsageError:
    return UsageError(
        say(
            "plan.file-of-other-version",
            file=path,
            maker=_told(found, "madeBy"),
            format=_told(found, "version"),
            ours=version("migrator"),
        )
    )


def _told(found: dict[str, Any], name: str) -> str:
    return str(found.get(name) or "")


def _no_saved_plan(path: str) -> UsageError:
    return UsageError(say("plan.file-not-saved-plan", file=path))

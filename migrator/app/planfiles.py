"""A saved plan as a file (`plan -o FILE`, `run FILE`): the same plan as in the store, for another store or a review.

It refuses a plan file in YAML, and a saved plan that somebody has changed: the digest covers everything that is run.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from migrator.app.digest import digest
from migrator.domain.errors import MigratorError, StoreError, UsageError
from migrator.domain.plan import Plan

FORMAT = "migrator saved plan"
VERSION = 1
LARGEST = 64 << 20


def write(plan: Plan, path: str) -> None:
    """Write the plan to a file that only this user may read: it holds whole manifests. Replaces what is there."""
    from migrator.store.codec import to_data

    text = json.dumps({"format": FORMAT, "version": VERSION, "seal": digest(plan), "plan": to_data(plan)}, indent=1)
    beside = f"{path}.{os.getpid()}.new"
    try:
        with open(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(beside, path)
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        raise MigratorError(
            f"The plan was not written to {path}: {error.strerror}. Traffic is untouched, and plan {plan.id} is in the "
            f"store: `migrator run {plan.id}` carries it out."
        ) from error


def read(path: str) -> Plan:
    """Read a saved plan. UsageError for a YAML (with the command to type), and for a file that was changed."""
    from migrator.store.codec import from_data

    try:
        if Path(path).stat().st_size > LARGEST:
            raise UsageError(f"{path} is too large to be a saved plan. Nothing was changed.")
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Nothing was changed.") from error
    except (ValueError, RecursionError) as error:
        raise _no_saved_plan(path) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _no_saved_plan(path)
    if found.get("version") != VERSION:
        raise UsageError(
            f"{path} was saved by another version of migrator (format {found.get('version')}, ours is {VERSION}). "
            "Nothing was changed. Plan again with this version."
        )
    try:
        plan = from_data(found.get("plan"), Plan)
    except StoreError as error:
        raise UsageError(f"{path} is damaged: {error} Nothing was changed. Plan again.") from error
    if digest(plan) != found.get("seal"):
        raise UsageError(f"{path} was changed after it was saved. Nothing was changed. Plan again, and run that.")
    return plan


def _no_saved_plan(path: str) -> UsageError:
    return UsageError(
        f"{path} is a plan file, not a saved plan. Nothing was changed. "
        f"First `migrator plan {path}`, which shows and saves the plan; then `migrator run`."
    )

"""Which versions speak here: of migrator, of Python, and of every form that outlives a process. Nothing is opened or asked."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Versions:
    """`store` is the schema revision that this version writes, and `stores` all that it reads or brings up to date;
    `plan_file` is the plan file's apiVersion, `saved_plan` the format of what `plan -o` writes."""

    migrator: str
    python: str
    store: str
    stores: tuple[str, ...]
    plan_file: str
    saved_plan: int


def versions() -> Versions:
    """Give them."""
    from migrator.adapters.planfile import API_VERSION
    from migrator.app.plan.planfiles import VERSION
    from migrator.store.file.schema import HEAD, REVISIONS

    return Versions(version("migrator"), platform.python_version(), HEAD, REVISIONS, API_VERSION, VERSION)

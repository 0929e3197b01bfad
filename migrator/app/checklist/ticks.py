"""What people have ticked, in a file beside the store: by plan, since a line may be ticked before its run and after its end."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import MigratorError, StoreError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words, of_number
from migrator.domain.observation.logins import instant
from migrator.domain.planning.checklist.items import PERSONS, Item, Tick, Walked, checklist
from migrator.store.file.lock import Lock

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader

FILE = "ticks.json"
LARGEST = 1 << 20
TRIES, AGAIN = 100, 0.05
"""How often, and after how many seconds, a file is tried again that another process is changing."""

Ticks = Mapping[str, Tick]


def of_plan(store: StoreReader, plan: Plan) -> tuple[Item, ...]:
    """Give the checklists of a plan; none for one whose run leads nobody from one side to the other."""
    return checklist(plan, None, ticked(store, plan.id)) if plan.journey().moves else ()


def of_run(store: StoreReader, run: Run, plan: Plan) -> tuple[Item, ...]:
    """Give the checklists of a run."""
    if not plan.journey().moves:
        return ()
    return checklist(plan, Walked(run, store.past(run, plan).rehearsed), ticked(store, plan.id))


def ticked(store: StoreReader, plan: str) -> dict[str, Tick]:
    """Give what was ticked of a plan. What cannot be read was not ticked."""
    rows = _read(_file(store)).get(plan, {})
    found: dict[str, Tick] = {}
    for item, row in rows.items() if isinstance(rows, dict) else ():
        if item in PERSONS and isinstance(row, dict):
            found[item] = Tick(*(str(row.get(name, "")) for name in ("by", "at", "note")))
    return found


def tick(store: StoreReader, plan: str, item: str, note: str = "") -> Tick:
    """Tick a line of a plan. StoreError: the file cannot be written, or not be read, for what others ticked stays in it."""
    file, made = _file(store), Tick(who(), instant(CLOCK.now()), note)
    with _alone(file):
        _keep(file, plan, item, made)
    return made


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Let one process at a time change the file: two that read it at once would lose a tick. StoreError: another is at it."""
    for _ in range(TRIES):
        if (lock := Lock.take(file.with_name(f"{file.name}.lock"))) is not None:
            break
        CLOCK.sleep(AGAIN)
    else:
        raise StoreError(say("checklist.not-written", file=str(file), why=of_number(errno.EAGAIN)))
    try:
        yield
    finally:
        lock.release()


def _keep(file: Path, plan: str, item: str, made: Tick) -> None:
    every = _kept(file)
    before = every.get(plan)
    every[plan] = {**(before if isinstance(before, dict) else {}), item: asdict(made)}
    written, text = file.with_name(f"{file.name}.{os.getpid()}"), json.dumps(every)  # never half a file
    if len(text) > LARGEST:
        raise StoreError(say("checklist.not-written", file=str(file), why=of_number(errno.EFBIG)))
    try:
        written.write_text(text, encoding="utf-8")
        written.replace(file)
    except OSError as error:
        raise StoreError(say("checklist.not-written", file=str(file), why=in_words(error))) from error


def plan_of(store: StoreReader, name: str | None) -> tuple[str, Run | None]:
    """Give the plan's id that a run or a plan names, and the run; without a name, of the newest run, or the newest plan."""
    from migrator.app.inspect.plans import newest_plan
    from migrator.app.run.picking import pick

    try:
        run = pick(store, name)
    except MigratorError:
        return store.plan(name).id if name is not None else newest_plan(store).id, None
    return run.plan_id, run


def _file(store: StoreReader) -> Path:
    return Path(store.file).with_name(f"{Path(store.file).stem}-{FILE}")


def _read(file: Path) -> dict[str, object]:
    """Give what is in the file; nothing where it cannot be read."""
    try:
        return _kept(file)
    except StoreError:
        return {}


def _kept(file: Path) -> dict[str, object]:
    """Give what is in the file; nothing where that is nonsense. StoreError: it is there, and nobody may look."""
    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(LARGEST))
    except (FileNotFoundError, ValueError):
        return {}
    except OSError as error:
        raise StoreError(say("checklist.not-written", file=str(file), why=in_words(error))) from error
    return found if isinstance(found, dict) else {}

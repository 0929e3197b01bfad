"""Every question that is put to the store, as SQL, and what its rows mean. It writes nothing.

The names of tables and columns are those of `tables.py`; a test asks each question of a store that the migrations made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from migrator.domain.messages.errors import NotFound
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading, Request, RequestKind, Run, State
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Step
from migrator.store.codec.codec import decode, decode_route, parsed
from migrator.store.codec.messages import from_text
from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.values import Checkpoint, Event, Held, Kind, PlanSummary, ProcessRecord, Soak, Streaks

_RUN = "SELECT id, plan_id, name, state, heading, cursor, created_at, updated_at, why FROM runs "
_ROW = "SELECT id, run_id, answers, at, epoch, heading, step, kind, data, prev FROM journal "

RUN = _RUN + "WHERE id = :id"
RUN_NAMED = _RUN + "WHERE name = :name ORDER BY id DESC LIMIT 1"
RUNS = _RUN + "ORDER BY id DESC"
ROUTE = "SELECT body FROM routes WHERE run_id = :run AND heading = :heading"
PLANS_LIKE = "SELECT id, body FROM plans WHERE substr(id, 1, :length) = :prefix ORDER BY id LIMIT 10"
NEWEST_UNRUN = """
    SELECT body FROM plans WHERE id NOT IN (SELECT plan_id FROM runs) ORDER BY created_at DESC, id LIMIT 1
"""
SUMMARIES = """
    SELECT plans.id, plans.name, plans.created_at, plans.created_by, count(runs.id) AS runs,
    (SELECT count(*) FROM json_each(plans.body, '$.findings') AS found
     WHERE json_extract(found.value, '$.severity') = 'block' AND json_extract(found.value, '$.code') NOT IN
     (SELECT json_extract(waiver.value, '$.code') FROM json_each(plans.body, '$.spec.waivers') AS waiver)) AS blocking
    FROM plans LEFT JOIN runs ON runs.plan_id = plans.id
    GROUP BY plans.id ORDER BY plans.created_at DESC, plans.id
"""
RUN_OF_PLAN = "SELECT id FROM runs WHERE plan_id = :plan LIMIT 1"
STINTS = """
    SELECT run_id, epoch, holder, began_at, kept_at, left_at, body FROM stints WHERE run_id = :run ORDER BY epoch
"""
LEASE = "SELECT run_id, epoch, holder, acquired_at, renewed_at, released_at FROM leases WHERE run_id = :run"
ROWS = _ROW + "WHERE run_id = :run AND id > :after ORDER BY id LIMIT :limit"
ROWS_OF_KINDS = """
    SELECT id, run_id, answers, at, epoch, heading, step, kind, data, prev FROM journal WHERE run_id = :run AND id > :after
    AND kind IN (SELECT value FROM json_each(:kinds)) ORDER BY id
"""
ROW = _ROW + "WHERE id = :id AND run_id = :run"
TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = :name"
CHECKPOINT = "SELECT upto, seal, body FROM checkpoints WHERE run_id = :run"
PENDING = """
    SELECT id, run_id, answers, at, epoch, heading, step, kind, data, prev FROM journal
    WHERE run_id = :run AND kind = 'requested' AND id NOT IN
    (SELECT answers FROM journal WHERE run_id = :run AND kind = 'obeyed' AND answers IS NOT NULL) ORDER BY id
"""
WATCHED = """
    SELECT soaks.seconds, soaks.requests, streaks.held_for, streaks.blind_for FROM runs
    LEFT JOIN soaks ON soaks.run_id = runs.id AND soaks.heading = :heading AND soaks.step = :step
    LEFT JOIN streaks ON streaks.run_id = runs.id
    WHERE runs.id = :run
"""
EVERYTHING = -1


def run(read: ReadTransaction, run_id: int) -> Run:
    """Give the run; NotFound when there is none."""
    row = read.first(RUN, id=run_id)
    if row is None:
        raise unknown(str(run_id))
    return _run(row)


def run_called(read: ReadTransaction, name: int | str) -> Run:
    """Give the run with this id, or the newest run with this name; NotFound otherwise."""
    words = str(name)
    row = None
    if words.isascii() and words.isdigit() and len(words) < 18:
        row = read.first(RUN, id=int(words))
    row = row or read.first(RUN_NAMED, name=words)
    if row is None:
        raise unknown(words)
    return _run(row)


def runs(read: ReadTransaction) -> list[Run]:
    """Give all runs, the newest first."""
    return [_run(row) for row in read.rows(RUNS)]


def _run(row: Any) -> Run:
    read = {"state": State(row.state), "heading": Heading(row.heading), "why": from_text(row.why)}
    return Run(**{**vars(row), **read})


def unknown(name: str) -> NotFound:
    """Give the error for a run that is not there."""
    return NotFound(say("run.unknown", run=name))


def route(read: ReadTransaction, run_id: int, heading: Heading) -> tuple[Step, ...]:
    """Give the route of one heading; NotFound when the run never turned back, or is not there."""
    row = read.first(ROUTE, run=run_id, heading=heading.value)
    if row is None:
        raise NotFound(say("run.no-route", run=run_id, heading=heading))
    return decode_route(row.body)


def plan(read: ReadTransaction, prefix: str) -> Plan:
    """Give the plan whose id is, or alone begins with, `prefix`; NotFound otherwise."""
    found = read.rows(PLANS_LIKE, prefix=prefix, length=len(prefix))
    exact = [row for row in found if row.id == prefix] or found
    if not prefix or not exact:
        raise NotFound(say("plan.unknown", plan=prefix))
    if len(exact) > 1:
        raise NotFound(say("plan.not-unique", prefix=prefix, plans=tuple(row.id for row in exact)))
    return decode(exact[0].body, Plan)


def newest_unrun(read: ReadTransaction) -> Plan | None:
    """Give the newest plan that no run was ever made of."""
    row = read.first(NEWEST_UNRUN)
    return None if row is None else decode(row.body, Plan)


def summaries(read: ReadTransaction) -> list[PlanSummary]:
    """Give all plans, the newest first."""
    return [PlanSummary(**vars(row)) for row in read.rows(SUMMARIES)]


def was_run(read: ReadTransaction, plan_id: str) -> bool:
    """Say whether any run was ever made of the plan."""
    return read.first(RUN_OF_PLAN, plan=plan_id) is not None


def lease(read: ReadTransaction, run_id: int) -> Held | None:
    """Give the lease of a run, None when nobody ever held it."""
    row = read.first(LEASE, run=run_id)
    return None if row is None else Held(**vars(row))


def process_records(read: ReadTransaction, run_id: int) -> list[ProcessRecord]:
    """Give who carried a run out, the first one first, each with what it saw last."""
    found = [vars(row) for row in read.rows(STINTS, run=run_id)]
    return [
        ProcessRecord(**{k: v for k, v in row.items() if k != "body"}, look=decode(row["body"], Snapshot))
        for row in found
    ]


def events(read: ReadTransaction, run_id: int, after: int = 0, limit: int | None = None) -> list[Event]:
    """Give the rows of a run with a greater id than `after`, oldest first, at most `limit` (None: all)."""
    most = EVERYTHING if limit is None else limit
    return [event(row) for row in read.rows(ROWS, run=run_id, after=after, limit=most)]


def events_of(read: ReadTransaction, run_id: int, kinds: Sequence[Kind], after: int = 0) -> list[Event]:
    """Give the rows of these kinds with a greater id than `after`, oldest first."""
    names = "[" + ",".join(f'"{kind}"' for kind in kinds) + "]"
    return [event(row) for row in read.rows(ROWS_OF_KINDS, run=run_id, after=after, kinds=names)]


def event(row: Any) -> Event:
    """Give a row of the journal as a value."""
    return Event(row.id, row.at, Kind(row.kind), Heading(row.heading), row.step, parsed(row.data), row.answers)


def row(read: ReadTransaction, run_id: int, row_id: int) -> Any:
    """Give one row of the run's journal as it is stored, None where there is none."""
    return read.first(ROW, run=run_id, id=row_id)


def checkpoint(read: ReadTransaction, run_id: int) -> Checkpoint | None:
    """Give the run's checkpoint; None where there is none, as in a store of schema 0003."""
    if read.first(TABLE, name="checkpoints") is None:
        return None
    row = read.first(CHECKPOINT, run=run_id)
    return None if row is None else Checkpoint(**vars(row))


def pending(read: ReadTransaction, run_id: int) -> tuple[Request, ...]:
    """Give what was asked of a run and nobody has obeyed yet, oldest first."""
    return tuple(_request(event(row)) for row in read.rows(PENDING, run=run_id))


def _request(asked: Event) -> Request:
    data = asked.data
    return Request(
        asked.id,
        RequestKind(data["request"]),
        str(data["by"]),
        asked.at,
        str(data["note"]),
        str(data.get("question", "")),
    )


def watched(read: ReadTransaction, run_id: int, heading: Heading, step: int) -> tuple[Soak, Streaks]:
    """Give what a step has soaked so far, and the run's streaks."""
    row = read.first(WATCHED, run=run_id, heading=heading.value, step=step)
    return (
        Soak() if row is None or row.seconds is None else Soak(row.seconds, row.requests),
        Streaks() if row is None or row.held_for is None else Streaks(row.held_for, row.blind_for),
    )

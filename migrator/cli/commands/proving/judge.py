"""`judge --retrospective`: what the judge would have said of the past, by the plan's limits and others. It changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from datetime import datetime

    from migrator.app.judging.retrospect import Bars
    from migrator.cli.views.view import View
    from migrator.domain.model.spec import Spec


@click.command()
@click.argument("plan", metavar="PLAN", type=click.Path())
@click.option("--retrospective", is_flag=True, required=True, help="Judge the past, as Prometheus remembers it.")
@click.option("--from", "begin", metavar="TIME", required=True, help="2027-01-24T10:00+08:00, or 6h for so long ago.")
@click.option("--to", "end", metavar="TIME", default="0s", help="Until when, in the same ways [default: now].")
@click.option("--every", metavar="TIME", help="The time between two moments [default: the plan's interval].")
@click.option("--hold", metavar="PERCENT", help="Try this limit of the error rate beside the plan's.")
@click.option("--abort", metavar="PERCENT", help="Try this limit of the error rate beside the plan's.")
@click.option("--window", metavar="TIME", help="Try windows of this length beside the plan's.")
@shared
def judge(
    plan: str,
    retrospective: bool,
    begin: str,
    end: str,
    every: str | None,
    hold: str | None,
    abort: str | None,
    window: str | None,
    view: View,
    store: str | None,
) -> None:
    """Say which windows of the past the judge would have held or aborted, by PLAN's limits and by others beside them.

    PLAN is a plan file, a saved plan or a plan's id, with a Prometheus. The same judge rules as in a run, on what Prometheus
    alone says: both workloads must have been there. So limits can be tuned on last week before they decide anything.
    """
    from datetime import UTC, datetime

    from migrator.app.judging.retrospect import bars_of, retrospect
    from migrator.app.plan.access import spec_of
    from migrator.app.wiring import past_rates
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    spec, now = spec_of(plan, store)[0], datetime.now(UTC)
    own = bars_of(spec)
    try:
        since, until = _moment(begin, now), _moment(end, now)
        apart = _apart(spec, every)
        other = _other(own, hold, abort, window)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    tries = (own,) if other == own else (own, other)
    view.retrospect(retrospect(spec, lambda clock: past_rates(spec, clock.monotonic), since, until, apart, tries))


def _apart(spec: Spec, every: str | None) -> float:
    """Give the seconds between two moments. ValueError for none."""
    from migrator.domain.messages.durations import seconds_of

    assert spec.judge.prometheus is not None
    found = spec.judge.prometheus.interval if every is None else seconds_of(every)
    if found <= 0:
        raise ValueError("there must be time between two moments")
    return found


def _moment(text: str, now: datetime) -> datetime:
    """Read a moment with its offset, or how long ago. ValueError for anything else."""
    from datetime import datetime, timedelta

    from migrator.domain.messages.durations import seconds_of

    if "-" not in text:
        return now - timedelta(seconds=seconds_of(text))
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no offset, like +08:00 or Z")
    return found


def _other(own: Bars, hold: str | None, abort: str | None, window: str | None) -> Bars:
    """Give what is tried beside the plan's own; where nothing else is, that."""
    from migrator.adapters.planfile.values import fraction
    from migrator.app.judging.retrospect import Bars
    from migrator.domain.messages.durations import seconds_of
    from migrator.domain.model.spec import Limits

    limits = Limits(
        own.limits.hold if hold is None else fraction(hold), own.limits.abort if abort is None else fraction(abort)
    )
    if limits.hold > limits.abort:
        raise ValueError("hold must not be above abort")
    return Bars(limits, own.window if window is None else seconds_of(window))

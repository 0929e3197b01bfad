"""`judge --retrospective`: what the judge would have said of the past, by the plan's limits and others. It changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from datetime import datetime

    from migrator.app.judging.retrospect import Bars
    from migrator.cli.views.view import View


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
    since, until = _moment("--from", begin, now), _moment("--to", end, now)
    apart = spec.judge.prometheus.interval if every is None and spec.judge.prometheus else _time("--every", every)
    other = _other(own, hold, abort, window)
    tries = (own,) if other == own else (own, other)
    view.retrospect(retrospect(spec, lambda clock: past_rates(spec, clock.monotonic), since, until, apart, tries))


def _time(option: str, given: str | None) -> float:
    """Read a length of time above 0. UsageError for anything else."""
    from migrator.domain.messages.durations import seconds_of
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    try:
        if found := seconds_of(given):
            return found
    except ValueError:
        pass
    raise UsageError(say("option.no-duration", option=option, given=given or ""))


def _moment(option: str, text: str, now: datetime) -> datetime:
    """Read a moment with its offset, or how long ago. UsageError for anything else."""
    from datetime import datetime, timedelta

    from migrator.domain.messages.durations import seconds_of
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    try:
        if "-" not in text:
            return now - timedelta(seconds=seconds_of(text))
        found = datetime.fromisoformat(text)
        found.timestamp()
    except (ValueError, OverflowError) as error:  # no such text, or no year that a calendar has
        raise UsageError(say("judge.no-moment", option=option, given=text)) from error
    if found.tzinfo is None:
        raise UsageError(say("judge.no-moment", option=option, given=text))
    return found


def _percent(option: str, given: str | None, usual: float) -> float:
    """Read a percentage. UsageError for anything else."""
    from migrator.adapters.planfile.values import fraction
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    try:
        return usual if given is None else fraction(given)
    except ValueError as error:
        raise UsageError(say("judge.no-percent", option=option, given=given)) from error


def _other(own: Bars, hold: str | None, abort: str | None, window: str | None) -> Bars:
    """Give what is tried beside the plan's own; where nothing else is, that."""
    from migrator.app.judging.retrospect import Bars
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say
    from migrator.domain.model.spec import Limits

    limits = Limits(_percent("--hold", hold, own.limits.hold), _percent("--abort", abort, own.limits.abort))
    if limits.hold > limits.abort:
        raise UsageError(say("judge.limits-crossed", hold=100 * limits.hold, abort=100 * limits.abort))
    return Bars(limits, own.window if window is None else _time("--window", window))

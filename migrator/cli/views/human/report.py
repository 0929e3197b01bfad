"""What a run was, for people: steps with their outcomes, what interrupted it, shares, the judge, everything counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from migrator.app.inspect.course import Became
from migrator.app.inspect.status import to_follow
from migrator.cli.views.columns import columns
from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import has_unicode
from migrator.cli.views.forms import checked
from migrator.cli.views.human.comparison import load
from migrator.cli.views.page import measured
from migrator.cli.views.style import LOUD, STATES, WORRY
from migrator.cli.views.way_back import line as way_back
from migrator.cli.views.words import between, counter, duration, may_differ, shown, zoned
from migrator.cli.views.wrap import wrapped
from migrator.domain.answers.findings import summary, table
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import say
from migrator.domain.model.refs import contexts
from migrator.domain.model.runs import Heading
from migrator.wording import label, labelled, labels, render
from migrator.wording.times import clock, hour, moment

if TYPE_CHECKING:
    from migrator.app.inspect.interruptions import Interruption
    from migrator.app.inspect.report import Report, SetTo, StepTime, Turned
    from migrator.app.inspect.totals import Judged

WITH_COURSE = 120
"""Columns from which on there is room for the course of what was measured."""


def show(report: Report) -> None:
    """Print it."""
    console, run = our_console(), report.run
    look = STATES[run.state]
    console.print(
        Text.assemble(
            (labelled(render(say("view.run", run=run.id, name=run.name)), ""), "bold"), (look.word, look.style)
        )
    )
    if (there := contexts(report.plan.spec)) is not None:
        console.print(render(say("view.clusters", old=there[0], new=there[1])))
    if run.why:
        wrapped(console, render(run.why))
    columns(
        console,
        [label("step"), zoned("began", run.updated_at), *labels("took", "outcome")],
        [_step(step, report) for step in report.steps],
    )
    if report.interruptions:
        console.print()
        rows = [_interruption(row) for row in report.interruptions]
        columns(console, [label("interrupted"), zoned("from", run.updated_at), *labels("to", "for", "why")], rows)
    _shares(console, report)
    _measured(console, report)
    _closing(console, report)


def _step(step: StepTime, report: Report) -> list[Text | str]:
    rest = render(say("shown.interrupted", rested=round(step.rested))) if step.rested >= 1 else ""
    title = Text(render(step.title), style=WORRY if step.heading is Heading.BACK else "")
    outcome = Text.assemble((rest, WORRY), (render(step.note), "dim"))
    return [title, hour(step.entered_at), duration(step.seconds(report.run.updated_at)), outcome]


def _interruption(row: Interruption) -> list[Text | str]:
    until = hour(row.until) if row.until else label("now")
    length = between(row.since, row.until) if row.until else "-"
    return [Text(label(in_a_line(row.what)), style=WORRY), hour(row.since), until, length, render(row.why)]


def _shares(console: Console, report: Report) -> None:
    if not report.shares:
        return
    rows: list[list[Text | str]] = []
    for share in report.shares:
        achieved = "-" if share.achieved is None else f"{share.achieved:.2f} %"
        observed = "-" if share.observed is None else f"{share.observed:.2f} %"
        became = Text(label(share.became.value), style=WORRY if share.became is Became.INTERRUPTED else "")
        seen = (str(share.connections) if share.connections else "-", counter(share.source) if share.source else "-")
        rows.append([f"{share.requested:g} %", achieved, observed, *seen, became])
    console.print()
    columns(console, labels("share asked for", "by weight", "observed", "of", "by", "became"), rows)
    if any(share.became is Became.REHEARSED for share in report.shares):
        wrapped(console, Text(render(say("shown.rehearsal-share")), style="dim"))


def _measured(console: Console, report: Report) -> None:
    """Print what was measured over time: the least, the most, the last, and where there is room its course."""
    if not report.samples:
        return
    has_room = has_unicode(console) and console.width >= WITH_COURSE
    table = measured.table(report.samples, has_room)
    console.print()
    columns(console, list(table.columns), [list(row) for row in table.rows])


def _closing(console: Console, report: Report) -> None:
    """Print what else a reader asks: the turn, the witness, what was cut and waived, whether the journal is whole."""
    console.print()
    if report.turned:
        _turned(console, report.turned)
    if report.judge:
        wrapped(console, last_word(report.judge))
    _returning(console, report)
    _differing(console, report)
    for words in (*map(set_to, report.sets), *answered(report), *counted(report)):
        wrapped(console, words)
    for finding in report.waived:
        wrapped(console, Text(render(say("shown.waived", code=finding.code, problem=finding.problem)), style="dim"))
    if to_follow(report.run, report.plan):
        wrapped(console, render(say("shown.afterwards", run=report.run.id)))
    _beside(console, report)
    if not report.whole:
        wrapped(console, Text(render(say("shown.chain-broken")), style=LOUD))


def _beside(console: Console, report: Report) -> None:
    """Print what was counted and ticked beside the run."""
    for line in load.lines(report.load) if report.load is not None else ():
        wrapped(console, render(line))
    for kept in evident(report):
        wrapped(console, kept)
    for words, mark in checked.lines(report.checklist):
        wrapped(console, words, 0 if mark is None else 2)


def evident(report: Report) -> list[str]:
    """Return the lines that say which logs of old gateways were kept, and where; none where none was."""
    rows = report.evidence
    if not rows:
        return []
    pods, size = tuple(row.pod for row in rows), sum(row.size for row in rows)
    return [render(say("shown.evidence", pods=pods, folder=str(rows[0].file.parent), bytes=size))]


def _turned(console: Console, turned: Turned) -> None:
    why, evidence = render(turned.why), render(turned.evidence)
    wrapped(console, Text(render(say("shown.turned", at=clock(turned.at), why=turned.why)), style=WORRY))
    if evidence.strip() and evidence not in why:
        wrapped(console, Text(evidence, style="dim"), 2)


def set_to(row: SetTo) -> str:
    """Return what somebody has set for the rest of the run."""
    return render(say("shown.set", at=moment(row.at), key=row.key, value=row.value, by=row.by))


def _returning(console: Console, report: Report) -> None:
    """Print the way back, while there is one to go."""
    if report.returning:
        wrapped(console, way_back(report.returning.now, report.returning.rehearsed))


def _differing(console: Console, report: Report) -> None:
    """Print in which lines the sides' configurations differ."""
    if report.differing:
        wrapped(console, Text(render(say("shown.differ")), style=WORRY))
    for line in report.differing:
        wrapped(console, render(line), 2)
    for allowed in report.plan.spec.parity.allow:
        wrapped(console, Text(may_differ(allowed), style="dim"))


def last_word(last: Judged) -> str:
    """Return the judge's last word with its time; since when it has said so, where that is longer."""
    since = clock(last.since) if last.since < last.at else None
    source, at = counter(last.source), clock(last.at)
    said = render(say("shown.judge", since=since, ruling=last.ruling, reason=last.reason, source=source, at=at))
    return "; ".join([said, *(f"{each.name}: {shown(each)}" for each in last.named)])


def answered(report: Report) -> list[str]:
    """Return the newest comparison of both sides' answers, a line for each thing that it has to show."""
    if report.answers is None:
        return []
    return [render(summary(report.answers)), *(f"  {render(row)}" for row in table(report.answers))]


def counted(report: Report) -> list[str]:
    """Return a line for each thing that was counted: the witness's tries, Prometheus' answers, the connections cut."""
    lines = []
    if (loss := report.plan.loss) and loss.listeners:
        cost = {"expected": loss.expected, "most": loss.most, "requests": loss.requests}
        lines.append(render(say("shown.loss", listeners=loss.listeners, **cost)))
    if w := report.witness:
        tally = {name: w[name] for name in ("tries", "old", "new", "neither", "failed")}
        lines.append(render(say("shown.witness", **tally)))
    if report.prometheus:
        lines.append(_second(report.prometheus))
    if report.cut:
        lines.append(_cut(report.cut["side"], report.cut["connections"]))
    return lines


def _cut(side: str, connections: int | None) -> str:
    if connections == 0:
        return render(say("shown.drained", side=side))
    return render(say("shown.cut", side=side, connections=connections))


def _second(counts: dict[str, Any]) -> str:
    """Return how often the second opinion had an answer; its silence is no news, so it must be seen."""
    asked = counts["answered"] + counts["empty"] + counts["silent"]
    empty, silent = counts["empty"] or None, counts["silent"] or None
    told = {"answered": counts["answered"], "empty": empty, "silent": silent, "why": counts["why"]}
    return render(say("shown.prometheus", asked=asked, **told))

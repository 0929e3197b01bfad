"""Weights per share as a table of the first backends of each side; the rest is a count. All of them are in the JSON."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from migrator.cli.views.columns import in_cells
from migrator.cli.views.style import BUSY, GOOD, WORRY
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend
from migrator.domain.planning.plan import Plan
from migrator.wording import label, render

MOST_ROWS = 10
NAME = 34


def lines(plan: Plan) -> list[Text]:
    """Return requested and achieved share, writes, and the weight of each backend at each share."""
    if not plan.forecast:
        return [Text(render(say("shown.no-forecast")), style=WORRY)]
    columns = "".join(f"{_percent(forecast.share):>8}" for forecast in plan.forecast)
    achieved = "".join(f"{forecast.achieved:>8.2f}" for forecast in plan.forecast)
    writes = "".join(f"{forecast.writes:>8}" for forecast in plan.forecast)
    old = tuple(row.backend for row in plan.seen.old)
    return [
        Text(
            f"{in_cells(label('share of new connections'), NAME)}{in_cells(label('now'), 6, right=True)}{columns}",
            style="bold",
        ),
        Text(f"{in_cells(label('achieved by the weights (%)'), NAME)}{_now(plan):>6}{achieved}"),
        Text(f"{in_cells(label('calls to get there'), NAME)}{'':>6}{writes}"),
        *_side(plan, "old", old, {row.backend: row.weight for row in plan.seen.old}),
        *_side(plan, "new", plan.seen.coming, {row.backend: row.weight for row in plan.seen.new_now}),
    ]


def _now(plan: Plan) -> str:
    """Return the new side's percent of the weights that were seen."""
    new = sum(row.weight for row in plan.seen.new_now)
    whole = new + sum(row.weight for row in plan.seen.old)
    return f"{100 * new / whole:.4g}" if whole else "0"


def _side(plan: Plan, side: str, backends: tuple[Backend, ...], now: dict[Backend, int]) -> list[Text]:
    weights = [{row.backend: row.weight for row in forecast.rows} for forecast in plan.forecast]
    shown = [
        Text.assemble(
            (f"{label(side)} ", BUSY if side == "old" else GOOD),
            f"{_short(str(backend)):<{NAME - 1 - cell_len(label(side))}}{now.get(backend, 0):>6}",
            "".join(f"{share.get(backend, 0):>8}" for share in weights),
        )
        for backend in backends[:MOST_ROWS]
    ]
    if len(backends) > MOST_ROWS:
        shown.append(Text(render(say("shown.more-backends", side=side, more=len(backends) - MOST_ROWS)), style="dim"))
    return shown


def _short(name: str) -> str:
    return name if len(name) < NAME - 4 else "…" + name[-(NAME - 6) :]


def _percent(share: float) -> str:
    return f"{share:g} %"

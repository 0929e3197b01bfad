"""The view of `--output markdown|html`: a report or a plan as a page on stdout, everything else as for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.echo import echo
from migrator.cli.views.human.view import HumanView
from migrator.cli.views.view import HTML

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.app.inspect.report import Report
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.port_conflicts import WayOut


class PageView(HumanView):
    """Prints a report as a page in one form; a plan is always Markdown."""

    def __init__(self, form: str) -> None:
        self._form = form

    def plan(self, plan: Plan, ways: Sequence[WayOut] = ()) -> None:
        from migrator.cli.views.page import markdown
        from migrator.cli.views.page.planned import planned

        echo(markdown.page(planned(plan)), nl=False)

    def plans_apart(self, plan: Plan, other: Plan) -> None:
        from migrator.cli.views.page import markdown
        from migrator.cli.views.page.planned import apart

        echo(markdown.page(apart(plan, other)), nl=False)

    def report(self, report: Report) -> None:
        from importlib.metadata import version

        from migrator.cli.views.page import html, markdown
        from migrator.cli.views.page.filed import filed

        if self._form == HTML:
            echo(html.page(filed(report, version("migrator"))), nl=False)
        else:
            echo(markdown.page(filed(report, version("migrator"), sparks=True)), nl=False)

"""Pages of HTML: no network, no script, their own styles; everything in them is escaped. A filed report has no frame."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from migrator.cli.views.page.chart import charts
from migrator.cli.views.page.filed import Filed
from migrator.cli.views.page.frame import Frame
from migrator.domain.messages.foreign import harmless
from migrator.wording import label
from migrator.wording.language import spoken

if TYPE_CHECKING:
    from jinja2 import Environment

    from migrator.cli.views.page.listed import Listing


def page(report: Filed, frame: Frame | None = None) -> str:
    """Return the page of a report; `frame` is what stands around it where it is served."""
    return _filled("report.html.j2", report=report, charts=charts(report), frame=frame)


def listing(runs: Listing, frame: Frame) -> str:
    """Return the page of the runs."""
    return _filled("runs.html.j2", report=runs, frame=frame)


def policy() -> str:
    """Return the source by which a Content-Security-Policy allows these pages' styles, and none that somebody puts in."""
    digest = hashlib.sha256(_style().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _filled(name: str, **values: object) -> str:
    return (
        harmless(_shapes().get_template(name).render(style=_marked(), label=label, language=spoken(), **values)) + "\n"
    )


def _marked() -> object:
    from markupsafe import Markup

    return Markup(_style())  # noqa: S704 - our own file, in which there is nothing of anybody else


@cache
def _style() -> str:
    return "\n" + _read("page.css")


@cache
def _shapes() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    loader = FunctionLoader(_read)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")

"""Live progress while a run goes on: a panel on a terminal, plain lines elsewhere, nothing on stdout.

Who looks after nodes for ever says it in lines, or as a JSON value on each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.workflow.progress import Progress


@contextmanager
def live(output: str, plan: Plan) -> Iterator[Callable[[Progress], None]]:
    """Give the function that shows each turn."""
    if plan.journey().view == "nodes":
        from migrator.cli.views.live.nodes import to_stdout

        yield to_stdout(output)
    elif output == "human" and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from migrator.cli.views.live.panel import panel

        with panel(plan) as tell:
            yield tell
    else:
        from migrator.cli.views.live.lines import to_stderr

        yield to_stderr()

"""The lines of a difference are found wherever a run said them."""

from __future__ import annotations

from migrator.app.inspect.differing import lines_in
from migrator.domain.messages.findings import block, told_of
from migrator.domain.messages.message import say, verbatim

LINE = say("config.extra", unit="route/x", path="", new=None, by="")
MORE = say("config.more", unit="", more=3)


def test_every_line_is_found_once_in_its_order() -> None:
    halt = say("run.halts", why=told_of((block("config.not-equal", "gw-1", differences=(LINE, MORE)),)))
    trouble = say("config.on", pods=("gw-1",), line=LINE)

    assert lines_in(halt, trouble, None) == (LINE, MORE)
    assert lines_in(verbatim("a sentence of an older version"), trouble) == (LINE,)

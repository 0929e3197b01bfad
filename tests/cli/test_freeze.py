"""`freeze` and `unfreeze` of a store's runs at the command line: no cluster is asked."""

from __future__ import annotations

import json

from tests.cli.world import Terminal


def test_the_runs_of_a_store_are_frozen_and_unfrozen(terminal: Terminal) -> None:
    done = [
        json.loads(terminal.call(name, *more, "--output", "json").output)["freeze"]
        for name, more in (("freeze", ("--reason", "4711")), ("unfreeze", ()), ("unfreeze", ()))
    ]

    assert [row["frozen"] and row["frozen"]["reason"] for row in done] == ["4711", None, None]
    assert [row["new"] for row in done] == [True, True, False]
    assert len({row["place"] for row in done}) == 1

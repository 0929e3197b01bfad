"""What a shell is offered for a word that is being typed: runs, plans, codes, keys. It only reads, and never fails loudly.

A shell asks between two keystrokes, so each of these imports only what it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from migrator.store import StoreReader

Offer: TypeAlias = "tuple[str, str]"
"""A word and what it stands for."""

Completer: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"

MOST = 50
"""Words that are offered at most: nobody reads more."""


def _offering(source: Callable[[click.Context], Iterable[Offer]]) -> Completer:
    """Return what click asks: whatever goes wrong is silence, for the command itself says why once it is entered."""

    def complete(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        found: list[CompletionItem] = []
        with suppress(Exception):
            fit = [(word, what) for word, what in source(ctx) if word.startswith(begun)]
            found = [CompletionItem(word, help=what) for word, what in fit[:MOST]]
        return found

    return complete


def _memory(ctx: click.Context) -> StoreReader:
    from migrator.app.wiring import open_reader

    return open_reader(ctx.params.get("store"))


def _runs(ctx: click.Context) -> Iterable[Offer]:
    with _memory(ctx) as memory:
        for run in memory.runs():
            yield str(run.id), f"{run.name}, {run.state}"
            yield run.name, f"run {run.id}, {run.state}"


def _plans(ctx: click.Context) -> Iterable[Offer]:
    with _memory(ctx) as memory:
        for plan in memory.plans():
            yield plan.id, plan.name


def _codes(_ctx: click.Context) -> Iterable[Offer]:
    from migrator.adapters.balancers import declared_codes
    from migrator.domain.messages.codes import CODES

    return (*((code, "") for code in sorted(CODES)), *sorted(declared_codes().items()))


def _words(_ctx: click.Context) -> Iterable[Offer]:
    from migrator.app.plan.codes import explainable
    from migrator.wording.keys import meanings

    return (*meanings().items(), *((code, "") for code in sorted(explainable())))


runs, plans, codes, words = _offering(_runs), _offering(_plans), _offering(_codes), _offering(_words)
"""Ids and names of runs, ids of plans, codes of findings, and what can be explained: keys of the plan file and codes."""

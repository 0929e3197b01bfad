"""The numbers of a verdict's reason, as codes and values: how many were bad, slow, refused, of how many."""

from __future__ import annotations

from migrator.domain.judging.window import Window
from migrator.domain.messages.message import Message, say
from migrator.domain.model.samples import Rate


def both(window: Window) -> Message:
    """Say how both sides do: what is bad of them and, where it is measured, what is slow and what is 4xx."""
    return say("judge.numbers", new=_all(window.new, window), old=_all(window.old, window))


def _all(rate: Rate, window: Window) -> tuple[Message, ...]:
    said = [counts(rate.bad, rate)]
    if rate.slow is not None and window.slow_over:
        said.append(slow(rate, window.slow_over))
    if rate.client:
        said.append(say("judge.client-counts", count=rate.client, requests=rate.requests))
    return tuple(said)


def counts(count: int, rate: Rate) -> Message:
    """Say how many of a side's answers are bad."""
    return say("judge.counts", count=count, requests=rate.requests, share=percent(count, rate.requests))


def slow(rate: Rate, over: float) -> Message:
    """Say how many of the answers that were timed are slow."""
    count, timed = rate.slow or 0, rate.requests if rate.timed is None else rate.timed
    return say("judge.slow-counts", count=count, requests=timed, over=over, share=percent(count, timed))


def percent(count: int, of: int) -> float | None:
    """Give the percent; None of nothing."""
    return 100 * count / of if of > 0 else None

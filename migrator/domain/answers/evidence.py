"""No evidence about clients: what migrator itself asks is taken out of what the gateways count. Pure.

A request of ours is noted when it is sent, so it is never in a count that nobody knows of; what it was (bad, refused, slow) is
known when its answer is there. Each note is taken out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.domain.answers.answer import Answer
from migrator.domain.model.samples import Classes, Delta, Listened, Rate

OLDEST = 15.0
"""Seconds after which a note that no counter has shown is given up: the gateway never counted it (no request came whole)."""

LAG = 30.0
"""Seconds for which a request of ours may come late to Prometheus, which sees counters a scrape later."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of ours to one gateway's port, at monotonic `at`. `answer` None: there is none yet.

    `request`, `connection` and `timing` say what is still to be taken out of that gateway's counts.
    """

    number: int
    at: float
    answer: Answer | None = None
    port: int = 0
    request: bool = True
    connection: bool = True
    timing: bool = True

    @property
    def bad(self) -> bool:
        """Say whether it is known to have got a 5xx."""
        return self.answer is not None and self.answer.status >= 500

    @property
    def refused(self) -> bool:
        """Say whether it is known to have got a 4xx."""
        return self.answer is not None and 400 <= self.answer.status < 500

    @property
    def over(self) -> bool:
        """Say whether nothing is to be taken out for it any more: it is done, or nobody was reached."""
        unreached = self.answer is not None and not self.answer.counted
        return unreached or not (self.request or self.connection or self.timing)


def without_ours(delta: Delta, sent: Sequence[Sent]) -> tuple[Delta, tuple[Sent, ...]]:
    """Give what clients did, and the requests of ours that are still to be taken out of later counts."""
    left: list[Sent] = []
    for one in sent:
        if one.over or delta.at - one.at > OLDEST:
            continue
        for take in (_connection, _timing, _request):
            delta, one = take(delta, one)
        left += [] if one.over else [one]
    return delta, tuple(left)


def _connection(delta: Delta, one: Sent) -> tuple[Delta, Sent]:
    if not one.connection or delta.accepted == 0:
        return delta, one
    fewer = None if delta.accepted is None else delta.accepted - 1
    return replace(delta, accepted=fewer), replace(one, connection=False)


def _timing(delta: Delta, one: Sent) -> tuple[Delta, Sent]:
    """Take it out of the histogram, which may show it a flush later; it is known to be slow only once it is answered."""
    if delta.slow is None:
        return delta, replace(one, timing=False)
    if not one.timing or one.answer is None or delta.timed == 0:
        return delta, one
    slow = int(delta.slow > 0 and delta.slow_over is not None and one.answer.seconds > delta.slow_over)
    timed = None if delta.timed is None else delta.timed - 1
    return replace(delta, slow=delta.slow - slow, timed=timed), replace(one, timing=False)


def _request(delta: Delta, one: Sent) -> tuple[Delta, Sent]:
    """Take it out of the requests: a bad one of the bad, any other of the good. One under way may have been either."""
    good = delta.requests - delta.bad
    if not one.request or not delta.requests:
        return delta, one
    bad = one.bad or (one.answer is None and good <= 0)
    if (delta.bad if bad else good) <= 0:
        return delta, one
    classes = _by_class(delta.classes, one) if delta.classes else None
    found = replace(delta, requests=delta.requests - 1, bad=delta.bad - int(bad), classes=classes)
    return found, replace(one, request=False)


def _by_class(classes: Classes, one: Sent) -> Classes:
    refused = int(one.refused and classes.client > 0)
    broken = int(one.answer is not None and not one.answer.answered)
    return replace(
        classes,
        client=classes.client - refused,
        own=_less(classes.own, refused),
        broken=_less(classes.broken, broken),
        listeners=tuple(_by_listener(row, one, refused) for row in classes.listeners),
    )


def _by_listener(row: Listened, one: Sent, refused: int) -> Listened:
    """Take it out of the listener on its port; a listener's name ends with that."""
    if not row.requests or not row.listener.endswith((f"_{one.port}", f":{one.port}")):
        return row
    return replace(row, requests=row.requests - 1, client=max(0, row.client - refused), own=_less(row.own, refused))


def _less(count: int | None, ours: int) -> int | None:
    return None if count is None else max(0, count - ours)


def rate_without_ours(rate: Rate | None, sent: Sequence[Sent], since: float) -> Rate | None:
    """Give a second opinion's counts of a side without what we asked of it since `since`, less the time it may come late."""
    if rate is None:
        return None
    ours = [one for one in sent if one.at >= since - LAG and not (one.answer and not one.answer.counted)]
    if not ours:
        return rate
    bad = min(rate.bad, sum(one.bad for one in ours))
    requests = max(rate.requests - len(ours), rate.bad - bad)
    refused = sum(one.refused for one in ours)
    client, own = _less(rate.client, refused), _less(rate.own, refused)
    return replace(rate, requests=requests, bad=rate.bad - bad, client=client, own=own)

"""A round of asking as findings: what blocks the first share, what turns a run back, and what is for the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrator.domain.answers.compare import Difference, Unstable
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.messages.message import Message, Value, say
from migrator.domain.model.answers import Protocol, Question

SHOWN = 5
"""Differences of a site that are told in its finding; the table has them all."""


def different(parity: AnswerParity) -> tuple[Finding, ...]:
    """Give a finding for each site of which a difference is sure: these count at every share."""
    sites = {row.question.site for row in parity.differences if row.counts}
    rows = [row for row in parity.differences if row.question.site in sites and not (row.old_fails or row.who_asks)]
    by_site = _by_site(sorted(rows, key=lambda row: not row.sure))
    return tuple(block("answers.different", site, **_shown(rows)) for site, rows in by_site.items())


def _by_site(differences: Iterable[Difference]) -> dict[str, list[Difference]]:
    by_site: dict[str, list[Difference]] = {}
    for difference in differences:
        by_site.setdefault(difference.question.site, []).append(difference)
    return by_site


def _shown(rows: Sequence[Difference]) -> dict[str, Value]:
    more = len(rows) - SHOWN if len(rows) > SHOWN else None
    return {"count": len(rows), "rows": tuple(map(told, rows[:SHOWN])), "more": more}


def findings(parity: AnswerParity) -> tuple[Finding, ...]:
    """Give everything that there is to say of a round, the gravest first."""
    return (*different(parity), *_open(parity), *_doubts(parity), *_noted(parity))


def used_up() -> Finding:
    """Give what there is to say where the bound of the run leaves no request for a round."""
    return block("answers.used-up", "spec.answers.most")


def _open(parity: AnswerParity) -> Iterator[Finding]:
    """Give the differences that turn nothing back: nobody is sure of them yet, the old side fails, or it is for who asks."""
    sites = {row.question.site for row in parity.differences if row.counts}
    new = [row for row in parity.differences if not row.old_fails and not row.who_asks]
    unsure = [row for row in new if row.question.site not in sites]
    for site, rows in _by_site(unsure).items():
        yield block("answers.different:unsure", site, **_shown(rows))
    for site, rows in _by_site(row for row in parity.differences if row.who_asks and not row.old_fails).items():
        yield block("answers.different:who-asks", site, **_shown(rows))
    for site, rows in _by_site(row for row in parity.differences if row.old_fails).items():
        yield block("answers.different:old-fails", site, **_shown(rows))


def _doubts(parity: AnswerParity) -> Iterator[Finding]:
    for side in parity.silent:
        yield block("answers.silent", say("subject.side", side=side), side=side, asked=parity.asked)
    if parity.stopped:
        yield block("answers.too-many", parity.stopped, site=parity.stopped)
    if parity.unread is not None:
        yield block("answers.unread", say("subject.side", side="old"), why=parity.unread)
    elif not parity.questions and not parity.silent and not parity.stopped:
        yield block("answers.nothing-asked", say("subject.answers"), left=len(parity.left))
    for site in parity.unproved if not parity.silent else ():
        yield block("answers.unproved", site, site=site)
    for side in parity.inside:
        yield block("answers.asked-from-inside", say("subject.side", side=side), side=side)


def _noted(parity: AnswerParity) -> Iterator[Finding]:
    if parity.unstable:
        yield info("answers.unstable", say("subject.answers"), rows=tuple(map(varying, parity.unstable)))
    if parity.left and parity.questions:
        names = tuple(map(asked, parity.left))
        yield info("answers.not-asked", say("subject.answers"), count=len(names), questions=names)
    if parity.brought:
        yield info("answers.brought", say("subject.answers"), rows=tuple(map(told, parity.brought[:SHOWN])))
    for row in parity.excused:
        yield info("answers.allowed", row.who, concern=row.concern, reason=row.reason)


def table(parity: AnswerParity) -> tuple[Message, ...]:
    """Return a line for everything that a comparison has to show, differences first; nothing where both sides agree."""
    return (
        *map(told, parity.differences),
        *(say("answers.row-unproved", site=site) for site in parity.unproved),
        *(say("answers.row-inside", side=side) for side in parity.inside),
        *(say("answers.row-silent", side=side) for side in parity.silent),
        *map(varying, parity.unstable),
        *(say("answers.row-allowed", concern=row.concern, who=row.who, reason=row.reason) for row in parity.excused),
    )


def summary(parity: AnswerParity) -> Message:
    """Return a comparison in one sentence."""
    return say(
        "answers.compared",
        questions=parity.questions,
        asked=parity.asked,
        differences=len(parity.differences) or None,
        unstable=len(parity.unstable) or None,
        unproved=len(parity.unproved) or None,
    )


def asked(question: Question) -> Message:
    """Return a question as people say it: `GET https://shop.example.com/cart`."""
    where = f"{question.site}{f':{question.port}' if question.port not in (0, 80, 443) else ''}{question.target}"
    special = None if question.protocol is Protocol.HTTP1 else question.protocol
    return say("answers.question", method=question.method, where=where, protocol=special)


def told(difference: Difference) -> Message:
    """Return a difference in a line: the question, the part, and what each side said."""
    return say(
        "answers.difference",
        question=asked(difference.question),
        concern=difference.concern,
        name=difference.name,
        old=values(difference.old),
        new=values(difference.new),
        pods=difference.pods,
        unsure=None if difference.sure else say("answers.not-sure"),
    )


def varying(unstable: Unstable) -> Message:
    """Return what varies on the old side alone, in a line."""
    question = asked(unstable.question)
    return say(
        "answers.varies", question=question, concern=unstable.concern, name=unstable.name, count=len(unstable.values)
    )


def values(said: Iterable[str]) -> tuple[str, ...]:
    """Return what a side said; nothing at all is shown as a dash."""
    return tuple(value or "–" for value in said)

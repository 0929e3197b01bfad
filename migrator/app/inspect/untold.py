"""Which notification channels have not taken what they were to be told, as the store knows it. It tells nobody anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.telling.outbox import Outbox
from migrator.domain.messages.message import Message, say
from migrator.domain.observation.logins import instant

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.store import StoreReader

TAKEN_WITHIN = 30.0
"""Seconds within which a channel that works has taken a letter, several tries included."""


def silent(store: StoreReader, run: Run, spec: Spec) -> tuple[Message, ...]:
    """Give a message for each channel with a letter that it has not taken for a while; of what failed, the log says more."""
    found, now = [], store.now()
    for channel in spec.notify:
        due = [letter for letter, _ in Outbox(store, run, spec, channel.name, frozenset(channel.moments)).due()]
        if due and (now - due[0].at).total_seconds() > TAKEN_WITHIN:
            found.append(
                say("notify.silent", channel=channel.name, letters=len(due), at=instant(due[0].at), run=run.id)
            )
    return tuple(found)

"""What a message says outside a run: adapters speak to a run, which asks again by itself; a command that has ended does not."""

from __future__ import annotations

from typing import cast

from migrator.domain.messages.message import Message, replaced, say

_ALONE = {"driver.read-again": say("driver.repeat"), "driver.perhaps-done": say("driver.perhaps-done-alone")}
_LOOKED = {**_ALONE, "driver.read-again": say("driver.only-looked")}


def alone(message: Message) -> Message:
    """Return what a command says that could not do what it was asked for: what comes next is a person's to do."""
    return cast(Message, replaced(message, _ALONE))


def only_looked(message: Message) -> Message:
    """Return what was not seen by a look that changes nothing; what that means is said once, around it."""
    return cast(Message, replaced(message, _LOOKED))

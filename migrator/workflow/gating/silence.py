"""Why somebody else's endpoint or command has given no answer that can be used. It repeats nothing of a defect's own text."""

from __future__ import annotations

import logging

from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.message import Message, say

log = logging.getLogger(__name__)


def why_silent(error: Exception) -> Message:
    """Say it. A defect of ours is a silence too: whoever waits for the answer must come to the end of their patience."""
    if isinstance(error, MigratorError):
        return error.message
    log.debug("asked.broken", exc_info=error)  # its text may hold a secret
    return say("hook.silent", error=type(error).__name__)

"""Runs a command of the plan's own with a body on its stdin, once and within its time."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.program import ended
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say


def printed(command: Sequence[str], timeout: float, body: bytes, environment: Mapping[str, str]) -> bytes:
    """Give what a command prints. Unreachable: it took too long, and was perhaps done. Refused: it could not be started, or
    ended with another code than 0."""
    try:
        found = ended(tuple(command), timeout, body.decode(), dict(environment))
    except (OSError, ValueError) as error:
        raise Refused(
            say("hook.not-started", program=command[0], error=in_our_words(error, type(error).__name__))
        ) from error
    except subprocess.TimeoutExpired as error:
        raise Unreachable(say("hook.too-slow", timeout=timeout)) from error
    if found.code:
        raise Refused(say("hook.exit", exit=found.code))
    return found.out

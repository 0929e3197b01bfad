"""What a library's error comes to in our words: by its type and what it was raised from; no error's text is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from migrator.domain.messages.message import Message, Value, say
from migrator.domain.messages.trouble import chain, kind_of

_LONGEST = 400
_KINDS = (
    ("httpx", "TimeoutException", say("trouble.late")),
    ("httpx", "RemoteProtocolError", say("trouble.closed")),
    ("httpx", "NetworkError", say("trouble.reset")),
    ("urllib3.exceptions", "TimeoutError", say("trouble.late")),
    ("urllib3.exceptions", "ProtocolError", say("trouble.closed")),
)
"""Where errors of libraries say more than what they were raised from: module, class, what it comes to."""


def in_our_words(error: BaseException, raw: str | None = None) -> Value:
    """Return what an error comes to, with its own words behind it: `raw`, where those may hold a secret. An error that is not
    known gives its own words alone."""
    told = _plain(error) if raw is None else raw
    kind = kind_of(error) or _of_library(error)
    return told if kind is None else say("trouble", kind=kind, raw=told)


def _of_library(error: BaseException) -> Message | None:
    return next((told for kind, told in _known() if any(isinstance(each, kind) for each in chain(error))), None)


def _known() -> Iterator[tuple[type, Message]]:
    """Give the kinds of the libraries that are loaded: an error of any other was never raised."""
    for module, name, told in _KINDS:
        if module in sys.modules:
            yield getattr(sys.modules[module], name), told


def _plain(error: BaseException) -> str:
    line = " ".join(f"{type(error).__name__}: {error}".rstrip(": ").split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"

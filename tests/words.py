"""What the tests say of messages: a sentence where a person reads one, and else the code with its values (`str`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, Value
from migrator.wording import render


def text(what: Message | str | None) -> str:
    """Give the English sentence."""
    return render(what)


def texts(many: Iterable[Message]) -> list[str]:
    """Give the English sentences, for instance the titles of steps."""
    return [render(what) for what in many]


def told(findings: Iterable[Finding]) -> str:
    """Give subject, code, variant and values of findings."""
    return "; ".join(f"{f.subject}: {Message(':'.join(filter(None, (f.code, f.variant))), f.values)}" for f in findings)


@contextmanager
def refused(kind: type[MigratorError], code: str, /, **values: Value) -> Iterator[pytest.ExceptionInfo[MigratorError]]:
    """Assert that an error of this kind is raised, that says this code and (among others) these values."""
    with pytest.raises(kind) as caught:
        yield caught
    message = caught.value.message
    assert message.code == code, message
    assert {name: message[name] for name in values} == values

"""Renders messages and findings: in the language that this process speaks, or in the one that is named.

A code that a catalogue lacks is shown as it is: nothing is ever raised here.
"""

from __future__ import annotations

from migrator.domain.messages.findings import STORED as STORED_FINDING
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import STORED, Message, Value
from migrator.wording.catalogue import Catalogue, catalogue
from migrator.wording.formats import Voice, formatted
from migrator.wording.language import spoken
from migrator.wording.template import Optional, Parts, Slot, parsed, slots

WHOLE = frozenset({STORED, STORED_FINDING})
EMPTY: tuple[Value, ...] = ("", (), None)


def render(what: Message | str | None, language: str | None = None) -> str:
    """Return the sentence; "" for nothing. A text that is no message (a name, a person's words) is given as it is."""
    return "" if what is None else _Speaker(catalogue(language or spoken())).shown(what)


def label(word: str, language: str | None = None) -> str:
    """Return a label, a heading or a small word of a view, by its English word."""
    return catalogue(language or spoken()).words.get("label", {}).get(word, word)


def labels(*words: str) -> tuple[str, ...]:
    """Return labels, as of a table's head."""
    return tuple(map(label, words))


def labelled(word: str, what: str) -> str:
    """Return what a label stands before."""
    return f"{label(word)}{label(': ')}{what}"


def problem(found: Finding, language: str | None = None) -> str:
    """Return what is wrong."""
    return render(found.problem, language)


def evidence(found: Finding, language: str | None = None) -> str:
    """Return what was seen; "" where there is nothing beside the problem."""
    return render(found.evidence, language)


def remedy(found: Finding, language: str | None = None) -> str:
    """Return what to do next."""
    return render(found.remedy, language)


def subject(found: Finding, language: str | None = None) -> str:
    """Return what the finding is about: a name, which somebody else may have given, in one line."""
    return in_a_line(render(found.subject, language))


def heading(found: Finding, language: str | None = None) -> str:
    """Return a finding in one line: its subject and its problem."""
    return f"{subject(found, language)}: {problem(found, language)}"


def _foreign(value: Value) -> Value:
    """Return a value for its place in a sentence: a text of somebody else's cannot begin a line of its own there."""
    if isinstance(value, tuple):
        return tuple(_foreign(each) for each in value)
    return in_a_line(value) if isinstance(value, str) else value


class _Speaker:
    """Renders in one language."""

    def __init__(self, of: Catalogue) -> None:
        self._of = of
        self._voice = Voice(of.words, self.shown)

    def shown(self, value: Value) -> str:
        """Return a value as it stands in a sentence where no format is named."""
        if isinstance(value, Message):
            text = self._of.text(value.code)
            return str(value) if text is None else self._filled(parsed(text), self._values(value))
        if isinstance(value, tuple):
            return formatted(value, "list", self._voice)
        if value is None:
            return self._voice.word("", "unknown")
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _values(self, message: Message) -> dict[str, Value]:
        """Return the values of a message. A text that stands for a whole message (an older version's) keeps its lines."""
        whole = message.code.partition("#")[0] in WHOLE
        return {name: value if whole else _foreign(value) for name, value in message.values}

    def _filled(self, parts: Parts, values: dict[str, Value]) -> str:
        return "".join(self._part(part, values) for part in parts)

    def _is_empty(self, value: Value) -> bool:
        return value in EMPTY or (isinstance(value, Message) and not self.shown(value))

    def _part(self, part: str | Slot | Optional, values: dict[str, Value]) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, Optional):
            empty = any(self._is_empty(values.get(slot.name)) for slot in slots(part.parts))
            return "" if empty else self._filled(part.parts, values)
        if part.name not in values:
            return f"{{{part.name}}}"
        value = values[part.name]
        return formatted(value, part.how, self._voice) if part.how else self.shown(value)

"""How a value is shown: numbers, seconds, percentages, lists, words of a closed set. Languages differ in their word tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.messages.durations import parts
from migrator.domain.messages.message import Value
from migrator.wording.template import Malformed
from migrator.wording.times import told

Words: TypeAlias = Mapping[str, Mapping[str, str]]
FEW = 3


@dataclass(frozen=True, slots=True)
class Voice:
    """How a language shows a value: its tables of words, and how it renders a message inside another."""

    words: Words
    shown: Callable[[Value], str]

    def word(self, table: str, word: str) -> str:
        """Return a word of a table as people say it; a word that the table lacks stands for itself."""
        return self.words.get(table, {}).get(word, word)


Format: TypeAlias = Callable[[Value, str, Voice], str]


def count(value: Value, nouns: str, voice: Voice) -> str:
    """`{n:count pod}`: 1 pod, 3 pods; `{n:count entry|entries}`. Of a list, how many it has; None is unknown."""
    one, _, many = nouns.partition("|")
    many = many or f"{one}{voice.word('', 'plural')}"
    number = _number(value)
    if number is None:
        return f"{voice.word('', 'unknown number')} {many}"
    return f"{number:g} {one if number == 1 else many}"


def choose(value: Value, forms: str, voice: Voice) -> str:
    """`{n:choose is|are}`: the first form for one, the second for any other number."""
    one, parted, many = forms.partition("|")
    if not parted:
        raise Malformed(f"choose needs two forms: {forms!r}")
    return one if _number(value) == 1 else many


def number(value: Value, form: str, voice: Voice) -> str:
    """`{x:number .2f}`: a number as Python's format says."""
    return voice.word("", "unknown") if _number(value) is None else format(_number(value), form)


def percent(value: Value, form: str, voice: Voice) -> str:
    """`{x:percent}`: 12.5 %; `{x:percent .2f}`."""
    return f"{number(value, form or 'g', voice)}{voice.word('', ' %')}"


def seconds(value: Value, _: str, voice: Voice) -> str:
    """`{x:seconds}`: 0.4 s, 90 s, 2 min 30 s, 3 h 5 min."""
    length = _number(value)
    if length is None:
        return voice.word("", "unknown")
    return " ".join(f"{number} {voice.word('', unit)}" for number, unit in parts(length))


def listed(value: Value, _: str, voice: Voice) -> str:
    """`{x:list}`: a, b, c."""
    return voice.word("", ", ").join(_each(value, voice))


def few(value: Value, most: str, voice: Voice) -> str:
    """`{x:few 3}`: a, b, c and 4 more."""
    each = _each(value, voice)
    shown = voice.word("", ", ").join(each[: int(most or FEW)])
    left = len(each) - int(most or FEW)
    return shown + (voice.word("", " and # more").replace("#", str(left)) if left > 0 else "")


def both(value: Value, _: str, voice: Voice) -> str:
    """`{x:and}`: a, b and c."""
    each = _each(value, voice)
    return voice.word("", " and ").join(filter(None, (voice.word("", ", ").join(each[:-1]), *each[-1:])))


def either(value: Value, _: str, voice: Voice) -> str:
    """`{x:or}`: a or b or c."""
    return voice.word("", " or ").join(_each(value, voice))


def parted(value: Value, _: str, voice: Voice) -> str:
    """`{x:parts}`: messages one after another, a; b; c."""
    return voice.word("", "; ").join(_each(value, voice))


def lines(value: Value, _: str, voice: Voice) -> str:
    """`{x:lines}`: one below the other; empty ones are left out."""
    return "\n".join(filter(None, _each(value, voice)))


def sentences(value: Value, _: str, voice: Voice) -> str:
    """`{x:sentences}`: whole sentences one after another."""
    return voice.word("", " ").join(_each(value, voice))


def word(value: Value, table: str, voice: Voice) -> str:
    """`{x:word side}`: a word of a closed set, by the language's table of that name; of a list, each."""
    return voice.word("", ", ").join(voice.word(table, each) for each in _each(value, voice))


def instant(value: Value, _: str, voice: Voice) -> str:
    """`{at:instant}`: an instant by the clock on the reader's wall; any other text as it is."""
    return told(voice.shown(value))


FORMATS: Mapping[str, Format] = {
    "count": count,
    "choose": choose,
    "number": number,
    "percent": percent,
    "seconds": seconds,
    "list": listed,
    "few": few,
    "and": both,
    "or": either,
    "parts": parted,
    "lines": lines,
    "sentences": sentences,
    "word": word,
    "instant": instant,
}


def formatted(value: Value, how: str, voice: Voice) -> str:
    """Return the value shown as `how` says; Malformed for a format that does not exist."""
    name, _, rest = how.partition(" ")
    if name not in FORMATS:
        raise Malformed(f"there is no format {name!r}")
    return FORMATS[name](value, rest, voice)


def _number(value: Value) -> float | None:
    if isinstance(value, tuple):
        return len(value)
    return value if isinstance(value, int | float) else None


def _each(value: Value, voice: Voice) -> list[str]:
    return [voice.shown(each) for each in (value if isinstance(value, tuple) else (value,))]

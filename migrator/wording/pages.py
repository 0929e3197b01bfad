"""What the pages for people say of a code: its section in the page of checks, its rows in the runbook.

The pages are the documentation's own, which the package brings along. Nothing is decided by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from migrator.wording.language import CHINESE, ENGLISH

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "_docs", PACKAGE.parent / "docs")
"""Where the pages are: beside an installed package's code, or in a checkout."""

OF: Mapping[str, str] = {ENGLISH: "", CHINESE: "zh/"}
CHECKS, RUNBOOK = "checks.md", "runbook.md"

HEADING = re.compile(r"^(#+) +(.*)$")
CODE = re.compile(r"`([a-z][a-z-]*\.[a-z0-9:-]+)`")
GRADES = re.compile(r"^\*\*(.*?)\*\* *—+ *")
LINK = re.compile(r"\[([^\]]+)\]\(([^)#]*)(?:#[^)]*)?\)")
TRAFFIC = re.compile(r"\*\*(?:For traffic|对流量的影响)[:\uff1a]\*\* *(.*)")
ITEM = re.compile(r" *(?:[-*|] |\d+\. )")
EMPHASIS = re.compile(r"\*([^*`\s][^*`]*)\*")
WIDE = "[\u3000-\u9fff\uff00-\uffef]"


@dataclass(frozen=True, slots=True)
class Section:
    """A code's section in the page of checks: its severities, and its paragraphs."""

    severities: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's row in the runbook: its heading, what is said there of traffic, and each cell under its column's name."""

    heading: str
    traffic: str
    cells: tuple[tuple[str, str], ...]


def section(code: str, language: str) -> Section | None:
    """Return what the page of checks says of a code; None where it says nothing, or the page is not there."""
    lines = _sections(language).get(code)
    if lines is None:
        return None
    paragraphs = list(_paragraphs(lines))
    grades = GRADES.match(paragraphs[0]) if paragraphs else None
    if grades:
        paragraphs[0] = paragraphs[0][grades.end() :]
    severities = re.findall(r"block|warn|info", grades[1]) if grades else []
    return Section(tuple(dict.fromkeys(severities)), tuple(_plain(each) for each in paragraphs))


def entries(code: str, language: str) -> tuple[Entry, ...]:
    """Return what the runbook says of a code."""
    return tuple(entry for named, entry in _entries(language) if named == code)


def in_runbook(language: str) -> frozenset[str]:
    """Return every code that the runbook has a row for."""
    return frozenset(named for named, _ in _entries(language))


def page(name: str, language: str) -> str:
    """Return a page's place, as the documentation names it."""
    return f"docs/{OF[language]}{name}"


@cache
def _lines(name: str, language: str) -> tuple[str, ...]:
    found = (folder / f"{OF[language]}{name}" for folder in FOLDERS)
    file = next((file for file in found if file.is_file()), None)
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file else ()


@cache
def _sections(language: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in _lines(CHECKS, language):
        if heading := HEADING.match(line):
            here = []
            found.update((code, here) for code in CODE.findall(heading[2]) if len(heading[1]) > 2)
        else:
            here.append(line)
    return {code: tuple(lines) for code, lines in found.items()}


@cache
def _entries(language: str) -> tuple[tuple[str, Entry], ...]:
    return tuple(_walked(_lines(RUNBOOK, language)))


def _walked(lines: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
    """Yield each code's row; what a section says of traffic stands before its table, or in the section around it."""
    heading = traffic = ""
    head: tuple[str, ...] = ()
    for number, line in enumerate(lines):
        if found := HEADING.match(line):
            heading, head = found[2], ()
            traffic = traffic if len(found[1]) > 2 else ""
        elif TRAFFIC.search(line):
            told = TRAFFIC.search(next(_paragraphs(lines[number:])))
            traffic = _plain(told[1]) if told else ""
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if head and (code := CODE.fullmatch(cells[0])):
                named = zip(head[1:], map(_plain, cells[1:]), strict=False)
                yield code[1], Entry(heading, traffic, tuple(named))
            head = head or cells
        else:
            head = ()


def _paragraphs(lines: tuple[str, ...]) -> Iterator[str]:
    """Yield paragraphs as one line each; each item of a list, row of a table and line of code is one."""
    together, fenced = "", False
    for line in (*lines, ""):
        if line.startswith("```"):
            fenced = not fenced
            continue
        if fenced or not line.strip() or ITEM.match(line):
            if together:
                yield together
            together = line.strip() if not fenced else f"    {line}"
        else:
            together = _joined(together, line.strip())


def _joined(before: str, line: str) -> str:
    """Return two lines of a paragraph as one: Chinese has no blank between them."""
    closed = not before or (re.search(f"{WIDE}$", before) and re.match(WIDE, line))
    return before + line if closed else f"{before} {line}"


def _plain(words: str) -> str:
    """Return Markdown as it is read in a terminal: links name their page."""
    return EMPHASIS.sub(r"\1", LINK.sub(_link, words).replace("**", ""))


def _link(found: re.Match[str]) -> str:
    text, target = found[1], found[2].removeprefix("../")
    if not target or target.startswith("http"):
        return f"{text} ({target})" if target else text
    return f"docs/{target}" if text == target else f"{text} (docs/{target})"

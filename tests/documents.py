"""The pages of the documentation: which have a Chinese one, what that was made from, and the messages that a page quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHINESE_PAGES = ROOT / "docs" / "zh"
MADE_FROM = re.compile(r"<!-- made from (?P<page>\S+), sha256 (?P<digest>[0-9a-f]{12}) -->")
QUOTED = re.compile(r"^\| `(?P<code>[a-z-]+\.[a-z:-]+)` \| (?P<words>.*?) \|", re.MULTILINE)
COMMAND = re.compile(r"`(migrator [^`]*)`")
LINK = re.compile(r"\]\((?P<to>[^)#:]+)(?:#[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Translated:
    """A Chinese page, and the English one that it names on its first line."""

    page: Path
    english: Path
    digest: str


def translated() -> Iterator[Translated]:
    """Give the Chinese pages. One that does not say what it was made from has no English page that exists."""
    for page in sorted(CHINESE_PAGES.glob("*.md")):
        found = MADE_FROM.fullmatch(page.read_text(encoding="utf-8").splitlines()[0])
        yield Translated(page, ROOT / (found["page"] if found else "nowhere"), found["digest"] if found else "")


def digest(page: Path) -> str:
    """Return what tells one version of a page from another."""
    return sha256(page.read_bytes()).hexdigest()[:12]


def named(path: Path) -> str:
    """Return a path as people write it."""
    return path.relative_to(ROOT).as_posix()


def quotes(page: Path) -> dict[str, str]:
    """Return the messages that a page quotes in its tables, by their codes."""
    return {found["code"]: found["words"] for found in QUOTED.finditer(page.read_text(encoding="utf-8"))}

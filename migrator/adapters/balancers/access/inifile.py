"""Files of sections and keys in which clouds' tools keep credentials. It reads; it never shows what it read."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say

Sections = Mapping[str, Mapping[str, str]]


def sections(path: Path) -> Sections:
    """Give a file's sections, none where there is no file. Refused: it is there, and cannot be read.

    The official SDKs stop at a broken file, too: going on would act as somebody else, silently.
    """
    parser = configparser.ConfigParser(interpolation=None, default_section="\0")  # a key may hold a percent sign
    try:
        with path.expanduser().open(encoding="utf-8") as file:
            parser.read_file(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, configparser.Error):
        # no cause: it quotes the line, and the line may hold a key
        raise Refused(say("credentials.unreadable-file", path=str(path))) from None
    return {name: dict(parser[name]) for name in parser.sections()}

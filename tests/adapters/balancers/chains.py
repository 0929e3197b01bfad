"""What a chain of credentials came to, ours or an SDK's: the credentials, none, or a refusal to go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from migrator.adapters.balancers.access.credentials import Chain
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message

Found = tuple[str, str, str] | str
NONE, ERROR = "no source has any", "it stops"


def ours(chain: Chain, absent: Message) -> Found:
    """What our chain gives."""
    try:
        found = chain()
    except (Refused, Unreachable) as error:
        return NONE if error.message == absent else ERROR
    return found.key, found.secret, found.token


def theirs(
    ask: Callable[[], tuple[str, str, str | None] | None], absent: Callable[[Exception], bool] = lambda _: False
) -> Found:
    """What an SDK's chain gives; `absent` tells its word for nobody's credentials from any other."""
    try:
        found = ask()
    except Exception as error:  # noqa: BLE001  whatever an SDK raises
        return NONE if absent(error) else ERROR
    return (found[0], found[1], found[2] or "") if found else NONE


def alone(monkeypatch: pytest.MonkeyPatch, home: Path, prefixes: tuple[str, ...], values: Mapping[str, str]) -> None:
    """Let the environment hold these of a cloud's variables and no other, at a home of a test's own."""
    for name in [name for name in os.environ if name.startswith(prefixes)]:
        monkeypatch.delenv(name)
    for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
    monkeypatch.setenv("HOME", str(home))
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def write(home: Path, files: Mapping[str, str]) -> None:
    """Write files below a home."""
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

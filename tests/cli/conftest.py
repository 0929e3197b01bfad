"""What the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.world import Terminal, secretive


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with an empty home and canaries for secrets."""
    secretive(monkeypatch)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Terminal(tmp_path)

"""Text that others wrote is shown and never obeyed."""

from __future__ import annotations

import pytest

from migrator.domain.messages.foreign import harmless, in_a_line


@pytest.mark.parametrize(
    ("text", "shown", "within_a_line"),
    [
        pytest.param("plain, 漢字 ✓", "plain, 漢字 ✓", "plain, 漢字 ✓", id="what people write"),
        pytest.param("a\x1b[2Jb", "a\\x1b[2Jb", "a\\x1b[2Jb", id="an escape sequence"),
        pytest.param("a\x9bb", "a\\x9bb", "a\\x9bb", id="a C1 control"),
        pytest.param("a\u202eb", "a\\u202eb", "a\\u202eb", id="a bidirectional control"),
        pytest.param("a\r\n\tb", "a\\r\n\tb", "a\\r\\n\\tb", id="lines"),
    ],
)
def test_controls_are_shown_as_what_they_are(text: str, shown: str, within_a_line: str) -> None:
    assert harmless(text) == shown
    assert in_a_line(text) == within_a_line

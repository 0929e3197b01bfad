"""Chinese: the words of closed sets, and the small words between values (the table "")."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {}

"""The languages in which everything has to be said. One that is still being translated falls back to English meanwhile."""

from __future__ import annotations

import pytest

from migrator.wording.language import LANGUAGES

UNFINISHED = frozenset({"zh"})
WHOLE = tuple(language for language in LANGUAGES if language not in UNFINISHED)
EVERY_LANGUAGE = pytest.mark.parametrize("language", WHOLE)

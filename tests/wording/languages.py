"""The languages in which everything has to be said."""

from __future__ import annotations

import pytest

from migrator.wording.language import LANGUAGES

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)

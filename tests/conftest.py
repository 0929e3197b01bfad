"""The order of the tests: long stories first, so that no worker is left alone with them at the end."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that may take longest; those without a time of their own stay where they are."""
    items.sort(key=lambda item: -_longest(item))


def _longest(item: pytest.Item) -> float:
    """Give the seconds that a test is allowed; 0 for one that needs no time of its own."""
    limit = item.get_closest_marker("timeout")
    return float(limit.args[0]) if limit else 0.0

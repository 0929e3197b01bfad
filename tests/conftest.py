"""The order of the tests (long stories first, so that no worker is left alone with them at the end), and their language."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, settings

from migrator.cli.helping.language import ENGLISH, VARIABLE
from migrator.wording.language import speak

settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are busy
settings.load_profile("ours")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that may take longest; all others stay where they are."""
    items.sort(key=lambda item: -_longest(item))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, whatever the locale of this machine is and whatever the test before has spoken."""
    monkeypatch.setenv(VARIABLE, ENGLISH)
    speak(ENGLISH)


@pytest.fixture(autouse=True, scope="session")
def at_greenwich() -> None:
    """Show times in UTC, whatever the clock on the wall of this machine says."""
    os.environ["TZ"] = "UTC"
    time.tzset()


def _longest(item: pytest.Item) -> float:
    """Return the seconds that a test is allowed where it says so itself; 0 for all the others."""
    limit = item.get_closest_marker("timeout")
    return float(limit.args[0]) if limit else 0.0

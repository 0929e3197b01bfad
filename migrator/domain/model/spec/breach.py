"""What the plan says of the gateway that was worst when the judge turned the run back."""

from __future__ import annotations

from enum import StrEnum


class OnBreach(StrEnum):
    """It is removed with the rest of the new side, or set apart and kept running for a look."""

    REMOVE = "remove"
    ISOLATE = "isolate"

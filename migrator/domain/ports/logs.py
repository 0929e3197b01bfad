"""What the domain asks of logs: what they warn of. Their lines stay with whoever reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from migrator.domain.model.actions import PodRef
from migrator.domain.model.outside.warned import LogLook


class LogReader(Protocol):
    """Whoever reads the logs of gateways and of what configures them."""

    def heard(self, old: Sequence[PodRef], new: Sequence[PodRef]) -> LogLook:
        """Read the last minutes of these gateways' logs, and of their controllers'. It never raises: what cannot be read is
        said in the look."""
        ...

"""A witness whose address is not known yet: the balancer could not say it when the run was taken up."""

from __future__ import annotations

from collections.abc import Callable

from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.ports.outside import Witness, WitnessPort

PATIENCE = 2.0
"""Seconds between questions; only the witness's own thread waits."""


class PendingWitness:
    """Asks for the address until it is told, then is an ordinary witness. Not knowing is never counted as a refusal."""

    def __init__(
        self, address: Callable[[], str], make: Callable[[str], WitnessPort], sleep: Callable[[float], None]
    ) -> None:
        self._address, self._make, self._sleep = address, make, sleep
        self._witness: WitnessPort | None = None

    def try_once(self) -> Witness:
        """Try once; Unreachable while nobody knows where."""
        if self._witness is None:
            self._witness = self._make(self._asked())
        return self._witness.try_once()

    def _asked(self) -> str:
        try:
            address = self._address()
        except MigratorError:
            address = ""
        if not address:
            self._sleep(PATIENCE)
            raise Unreachable(say("witness.no-address"))
        return address

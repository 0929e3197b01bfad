"""The quota of an API: so many calls a minute of each action that reads, and so many of each that writes."""

from migrator.lab.clouds.rates import Rates

WINDOW = 60.0


class Quota:
    """Counts the calls of one API."""

    def __init__(self, reads: int, writes: int) -> None:
        """Allow so many calls a minute of each reading and each writing action."""
        self._limits = {False: reads, True: writes}
        self._rates = Rates(WINDOW)

    def allow(self, account: str, action: str, writing: bool, now: float) -> bool:
        """Count a call at `now` (monotonic seconds); False, and not counted, when it is one too many."""
        return self._rates.allow(account, action, self._limits[writing], now)

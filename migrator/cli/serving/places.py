"""Who may be answered at once: so many in all, and so many of one address."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Places:
    """`most` at once, of whom `of_one` from one address, so that one caller cannot keep all others out."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._lock, self._taken = Lock(), Counter[str]()

    def take(self, address: str) -> bool:
        """Take a place, where there is one."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[address] >= self._of_one:
                return False
            self._taken[address] += 1
            return True

    def give_back(self, address: str) -> None:
        """Give a place back that was taken."""
        with self._lock:
            self._taken[address] -= 1
            self._taken += Counter()  # whoever has none any more is not kept

"""Connections to targets that wait for their next request. A target that has closed its own is not asked over it."""

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.exchange import Pair

_MOST = 64  # per target


class Kept:
    """Idle connections by target; those of a target that gets no requests any more stay until it closes them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._idle: dict[Key, list[Pair]] = {}

    def take(self, key: Key) -> Pair | None:
        """Give a connection that is still open, the last one used first."""
        idle = self._idle.get(key, [])
        while idle:
            reader, writer = idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return None

    def give(self, key: Key, pair: Pair) -> None:
        """Keep a connection whose answer was read to its end; too many are closed."""
        idle = self._idle.setdefault(key, [])
        if len(idle) < _MOST:
            idle.append(pair)
        else:
            pair[1].close()

    def close(self) -> None:
        """Close all of them."""
        for idle in self._idle.values():
            while idle:
                idle.pop()[1].close()

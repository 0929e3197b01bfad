"""Server groups of both APIs: listeners that name the same group share its servers. Nothing is kept here."""

from collections.abc import Callable
from dataclasses import dataclass

from migrator.lab.balancer.model import Key, Listener, Target
from migrator.lab.clouds.live import Live


@dataclass(frozen=True, slots=True)
class Group:
    """A group of one balancer: its id and the listeners that lead to it, all with the same targets."""

    id: str
    live: Live
    listeners: tuple[Listener, ...]

    @property
    def targets(self) -> dict[Key, Target]:
        """Return the targets, as the first listener has them."""
        return self.listeners[0].targets


def by_group(live: Live, group_id: Callable[[Live, Listener], str]) -> dict[str, tuple[Listener, ...]]:
    """Return the listeners of a balancer by the group they name; those that name none are left out."""
    listeners: dict[str, tuple[Listener, ...]] = {}
    for listener in live.model.listeners.values():
        if name := group_id(live, listener):
            listeners[name] = (*listeners.get(name, ()), listener)
    return listeners

"""What the balancer says of the listeners that a first plan file is to name. It is asked once, by the driver's own reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from migrator.adapters.balancers import driver_of
from migrator.app.begin.draft import Balancer
from migrator.domain.messages.alone import alone
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.ports.balancer import BalancerReader


@dataclass(frozen=True, slots=True)
class Registered:
    """How many backends each listener has, by its id; `address` is what clients dial, "" where the driver cannot tell.

    `trouble` says why nobody could be asked; None: somebody was.
    """

    backends: tuple[tuple[str, int], ...] = ()
    address: str = ""
    trouble: Message | None = None

    @property
    def empty(self) -> tuple[str, ...]:
        """Give the listeners that lead nowhere: perhaps they are no listeners of this balancer."""
        return tuple(listener for listener, count in self.backends if not count)


def reader_of(wanted: Balancer) -> BalancerReader:
    """Give the driver's reader. UsageError for a provider without a driver, or settings that it does not take."""
    listeners = tuple(ListenerSpec(name, port) for name, port in wanted.listeners)
    endpoint, address = wanted.endpoint or None, wanted.address or None
    spec = BalancerSpec(wanted.provider, wanted.id, listeners, wanted.region, endpoint, address, wanted.options)
    return driver_of(wanted.provider).connect(spec)


def ask(reader: BalancerReader, wanted: Balancer) -> Registered:
    """Ask what is registered behind each listener."""
    try:
        counted = Counter(target.backend.listener.partition("/")[0] for target in reader.targets())
        address = reader.address()
    except (Unreachable, Refused) as error:
        return Registered(trouble=error.message)
    return Registered(tuple((name, counted[name.partition("/")[0]]) for name, _ in wanted.listeners), address)


def found(registered: Registered) -> Message:
    """Say what was found, for the file."""
    if registered.trouble is not None:
        return say("init.balancer-silent", why=alone(registered.trouble))
    rows = tuple(say("init.listener", listener=name, backends=count) for name, count in registered.backends)
    return say("init.listeners", rows=rows)

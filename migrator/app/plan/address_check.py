"""Whether anybody answers at the balancer's address before anything begins: a few bounded tries per listener, and no more."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import closing

from migrator.adapters.bounded.dialling import dialled
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.ports.balancer import BalancerReader

TRIES = 3
SECONDS = 1.6
"""Of each try; three of them stay within five seconds."""

Knock = Callable[[str, ListenerSpec], str]
Unanswered = tuple[tuple[str, str], ...]


def unanswered(spec: Spec, balancer: BalancerReader, ask: Knock, connect: Knock) -> Unanswered:
    """Give (listener, address:port and the last error) for each listener where no try was answered.

    The first listener is asked a whole request, as the run's own witness will; the others are connected to, rules of one
    port once. Nothing is said where nobody knows the address.
    """
    address = spec.balancer.address or _address(balancer)
    first_of: dict[int | str, ListenerSpec] = {}
    for each in spec.balancer.listeners:
        first_of.setdefault(each.port if each.layer == 7 else each.id, each)
    knocks: Iterable[tuple[ListenerSpec, Knock]] = (
        (listener, connect if index else ask) for index, listener in enumerate(first_of.values())
    )
    found = [(listener, _tried(knock, address, listener)) for listener, knock in knocks] if address else []
    return tuple((listener.id, f"{address}:{listener.port}: {error}") for listener, error in found if error)


def _tried(knock: Knock, address: str, listener: ListenerSpec) -> str:
    error = ""
    for _ in range(TRIES):
        error = knock(address, listener)
        if not error:
            return ""
    return error


def _address(balancer: BalancerReader) -> str:
    try:
        return balancer.address()
    except MigratorError:
        return ""  # that it does not answer is told by the look itself


def connected(address: str, listener: ListenerSpec) -> str:
    """Open a connection and close it: "" when that worked, else why not."""
    try:
        where = address, listener.port
        with closing(dialled(address, lambda: socket.create_connection(where, SECONDS), SECONDS)):
            return ""
    except OSError as error:
        return str(error) or type(error).__name__


def asking(spec: Spec) -> Knock:
    """Give the knock of a whole request, by the run's own witness."""
    from migrator.adapters.witness.tcp import TcpWitness

    def ask(address: str, listener: ListenerSpec) -> str:
        gateway = spec.gateway
        said = TcpWitness(address, listener.port, gateway.probe_host, gateway.probe_path, seconds=SECONDS).try_once()
        return said.error.removeprefix(f"{address}:{listener.port}: ")

    return ask

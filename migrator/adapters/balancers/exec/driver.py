"""The exec driver: each call is one run of the operator's command, which reads a JSON request and prints a JSON reply.

It trusts no reply it cannot read, and no exit code that the protocol does not name: after those a write is perhaps done.
The command's stderr is not repeated anywhere, for it may hold what must not be shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NoReturn, TypeVar

from migrator.adapters.balancers.exec.wire import (
    VERSION,
    Unread,
    balancer_of,
    capabilities,
    finding,
    named,
    says_steering,
    steering,
    target,
)
from migrator.adapters.balancers.process import Ended
from migrator.adapters.balancers.refusals import weightless
from migrator.domain.balancers.settings import Steering
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Capabilities, Target
from migrator.domain.model.manifests import Json, items, text
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.spec import BalancerSpec

WRITES = frozenset({"register", "set_weights", "deregister"})
T = TypeVar("T")

DONE, REFUSED, NOT_NOW = 0, 3, 4
AGAIN = 1.0


class Command:
    """A balancer behind a command. `run` gives how one run with this input ended."""

    def __init__(self, run: Callable[..., Ended], name: str, spec: BalancerSpec) -> None:
        self._run, self._name = run, name
        self._balancer = balancer_of(spec)
        self._capabilities: Capabilities | None = None
        self._steers = False

    def capabilities(self) -> Capabilities:
        """Ask once and remember."""
        if self._capabilities is None:
            self._capabilities, self._steers = self._read(
                "capabilities", lambda reply: (capabilities(reply), says_steering(reply))
            )
        return self._capabilities

    def targets(self) -> tuple[Target, ...]:
        """Give every backend that the command names. A row that cannot be read makes the whole answer unreadable."""
        health_at_zero = self.capabilities().health_at_zero
        return self._read(
            "targets", lambda reply: tuple(target(row, health_at_zero) for row in _list(reply, "targets"))
        )

    def poll(self, op: Op) -> OpState:
        """Ask how a job stands; the command is not asked for writes that were done at once."""
        return self._read("poll", lambda reply: OpState(text(reply, "state")), op=op.id) if op.id else OpState.DONE

    def findings(self) -> tuple[Finding, ...]:
        """Give what the command finds wrong."""
        return self._read("findings", lambda reply: tuple(finding(row) for row in _list(reply, "findings")))

    def steering(self) -> tuple[Steering, ...]:
        """Give how the command says its listeners are set; one that does not say that it can is not asked."""
        self.capabilities()
        if not self._steers:
            return ()
        return self._read("steering", lambda reply: tuple(steering(row) for row in _list(reply, "steering")))

    def address(self) -> str:
        """Give the address that clients dial."""
        return text(self._ask("address"), "address")

    def register(self, action: Register) -> Op:
        """Hand over the backends that are not there yet, each with weight 0."""
        there = {target.backend for target in self.targets()}
        return self._write("register", [{**named(b), "weight": 0} for b in action.backends if b not in there])

    def set_weights(self, action: SetWeights) -> Op:
        """Hand over these rows, in this order."""
        return self._write("set_weights", [{**named(r.backend), "weight": r.weight} for r in action.rows])

    def deregister(self, action: Deregister) -> Op:
        """Hand over the backends that are still there; one that has weight is Refused before the command is asked."""
        there = {target.backend: target for target in self.targets()}
        present = weightless(action.backends, there)
        return self._write("deregister", [dict(named(target.backend)) for target in present], consent=action.consent)

    def _write(self, verb: str, rows: list[Json], **more: Json) -> Op:
        return self._read(verb, lambda reply: Op("exec", text(reply, "op")), rows=rows, **more) if rows else Op("exec")

    def _read(self, verb: str, reading: Callable[[dict[str, Json]], T], **more: Json) -> T:
        reply = self._ask(verb, **more)
        try:
            return reading(reply)
        except (ValueError, TypeError) as error:
            why = error.why if isinstance(error, Unread) else str(error)
            raise Unreachable(say("exec.not-the-protocol", command=self._name, verb=verb, why=why)) from error

    def _ask(self, verb: str, **more: Json) -> dict[str, Json]:
        """Run the command once and give its reply."""
        request: dict[str, Json] = {"version": VERSION, "verb": verb, "balancer": self._balancer, **more}
        ended = self._run(json.dumps(request), reads=verb not in WRITES)
        reply = _object(ended.out)
        if ended.code != DONE or reply is None:
            self._failed(verb, ended.code, reply or {})
        return reply

    def _failed(self, verb: str, code: int, reply: dict[str, Json]) -> NoReturn:
        words = text(reply, "error")[:500]
        if code == REFUSED:
            raise Refused(say("exec.refused", command=self._name, verb=verb, words=words))
        if code == NOT_NOW:
            raise Unreachable(
                say("exec.not-now", command=self._name, verb=verb, words=words, then=say("driver.read-again")),
                _seconds(reply),
            )
        raise Unreachable(say("exec.no-reply", command=self._name, verb=verb, ended=code))


def _object(out: str) -> dict[str, Json] | None:
    """Give the JSON object that was printed, or None."""
    try:
        reply = parsed(out)
    except ValueError:
        return None
    return reply if isinstance(reply, dict) else None


def _list(reply: dict[str, Json], name: str) -> list[dict[str, Json]]:
    """Give a list of objects that must be there: a reply without it is not an empty one."""
    rows = reply.get(name)
    if not isinstance(rows, list) or len(objects := items(rows)) != len(rows):
        raise Unread(say("exec.no-list", name=name))
    return objects


def _seconds(reply: dict[str, Json]) -> float:
    """Give after how long to ask again, at most a minute."""
    seconds = reply.get("retryAfter")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        return AGAIN
    return min(60.0, float(seconds))

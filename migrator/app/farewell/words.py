"""Who says that a gateway is off the balancer: the balancer itself, which this process then also asks for it, or a follower."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from migrator.app.farewell.custody import Custody, free
from migrator.domain.farewell import Own, forsaken, lowers, own_rows, raises
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Capabilities, Scope, Target, Weighted
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter


class Word(Protocol):
    """What is asked again and again. Both raise as a balancer's port does."""

    def has_come(self) -> bool:
        """Do what is due for the gateway to get its part, and say whether it has it."""
        ...

    def is_off(self) -> bool:
        """Do what is due for the gateway to get no new connections, and say whether no row of it has weight."""
        ...


@dataclass
class ByBalancer:
    """Asks the balancer, and writes the weight of the gateway's own rows. `serves`: whether the gateway answers by itself.

    `custody` says who decides about weights: while a run or a follower does, nothing is written here.
    """

    reader: BalancerReader
    writer: BalancerWriter
    own: Own
    serves: Callable[[], bool]
    custody: Callable[[], Custody] = free
    _lowered: dict[Weighted, None] = field(default_factory=dict)
    _stays: bool = False

    def has_come(self) -> bool:
        """Give the rows their peers' weight once the gateway serves. A row that is not there is waited for.

        Where a run or a follower decides, it has come: they prove it and raise it. Unreachable where a run was left half-way:
        nobody knows who is to have weight, and whoever comes now is not Ready, so that no rolling update goes on.
        """
        if not self.serves():
            return False
        targets, can = self._seen()
        if (whose := self.custody()) is Custody.HELD:
            return True
        if whose is Custody.LEFT:
            raise Unreachable(say("farewell.left-half-way"))
        rows = own_rows(targets, self.own)
        if due := raises(targets, self.own, can):
            self.writer.set_weights(SetWeights(due))
            return False
        return bool(rows) and all(row.weight for row in rows)

    def is_off(self) -> bool:
        """Lower the rows, unless a run or a follower does. What nobody carries then is given back, and stays."""
        targets, can = self._seen()
        if self._is_anothers():
            return not any(row.weight for row in own_rows(targets, self.own))
        if due := () if self._stays else lowers(targets, self.own, can):
            before = {row.backend: row.weight for row in targets}
            self._lowered |= dict.fromkeys(Weighted(row.backend, before[row.backend]) for row in due)
            self.writer.set_weights(SetWeights(due))
            return False
        if back := forsaken(targets, self._lowered, can):
            self._stays = True
            self.writer.set_weights(SetWeights(back))
            return False
        return not any(row.weight for row in own_rows(targets, self.own))

    def _is_anothers(self) -> bool:
        """Say whether somebody lowers the rows who is there now. Where nobody can tell, the gateway that ends is taken off."""
        try:
            return self.custody() is Custody.HELD
        except (Unreachable, Refused):
            return False

    def _seen(self) -> tuple[tuple[Target, ...], Capabilities]:
        can = self.reader.capabilities()
        if can.weights_of is Scope.POOL or can.controlled:
            raise UsageError(say("farewell.no-weight"))
        return self.reader.targets(), can


@dataclass(frozen=True)
class ByFollower:
    """Waits for the follower's word. `told`: whether it says so now; it writes nothing."""

    told: Callable[[], bool]

    def has_come(self) -> bool:
        """Leave it to the follower, which proves the gateway and raises it."""
        return True

    def is_off(self) -> bool:
        """Ask the follower."""
        return self.told()

"""What a driver says besides: how a person writes to its balancer where migrator cannot run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.spec import BalancerSpec

Write: TypeAlias = Register | SetWeights | Deregister


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person types: lines for a shell, exact, each doing the same when it is typed twice.

    `look` shows weights and health; `write` carries out one write, of any number of rows, in the order given.
    """

    look: Callable[[BalancerSpec], tuple[str, ...]]
    write: Callable[[BalancerSpec, Write], tuple[str, ...]]

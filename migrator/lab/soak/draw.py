"""Which events happen in which round, when, and at which share: drawn from a seed, so that a round can be had again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle

SHARES = (0.3, 10.0, 50.0, 90.0, 100.0)
"""The shares, in percent of the weights on the side that gains, at which something may happen; 0.3 is the rehearsal's."""


class Moment(StrEnum):
    """When an event strikes: while the run goes on, while it is paused, or once it has been sent back."""

    GOING_ON = "going on"
    PAUSED = "paused"
    BACK = "on the way back"


@dataclass(frozen=True, slots=True)
class Draw:
    """One event of a round, the share that has to be reached before it happens, and the run's moment."""

    event: str
    share: float
    moment: Moment = Moment.GOING_ON


def drawn(seed: int, number: int, events: Sequence[str], count: int) -> tuple[Draw, ...]:
    """Return the `count` events of round `number`, in the order of their shares; the same for the same seed."""
    dice = random.Random(f"{seed}/{number}")
    shares = sorted(dice.choice(SHARES) for _ in range(count))
    return tuple(Draw(dice.choice(list(events)), share, dice.choice(_SOAK_MOMENTS)) for share in shares)


def story(seed: int, event: str, moment: Moment) -> Draw:
    """Return one event at one moment, at a share that the seed decides."""
    dice = random.Random(f"{seed}/{event}/{moment}")
    return Draw(event, dice.choice(SHARES), moment)


def some(seed: int, events: Sequence[str], count: int) -> tuple[Draw, ...]:
    """Return `count` stories of as many events, the moments by turns; the same for the same seed."""
    names = random.Random(f"{seed}/some").sample(list(events), count)
    return tuple(story(seed, name, moment) for name, moment in zip(names, cycle(Moment), strict=False))


_SOAK_MOMENTS = (Moment.GOING_ON, Moment.GOING_ON, Moment.PAUSED)

"""A container of ours beside a gateway, as the operator wants it: off unless it is named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """Who says that a gateway is off: the balancer, whose weight the container sets by itself, or the follower."""

    BALANCER = "balancer"
    FOLLOWER = "follower"


@dataclass(frozen=True, slots=True)
class CompanionSpec:
    """The container's image, who it goes by, and where the follower answers ("": its printed Service)."""

    image: str
    by: By = By.BALANCER
    follower: str = ""

"""What is to be known of a product when its pods end: which event turns its health check, and who is still served then.

A pod ends without losing anything when its health check turns *while it still accepts*, for longer than the balancer needs to
notice. Which event does so, and for how long, differs from product to product: here it is data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message
from migrator.domain.model.manifests import Manifest


class Check(StrEnum):
    """What the health check gets after an event: the good answer as before, a bad one, or nobody."""

    STAYS = "stays"
    FAILS = "fails"
    CLOSED = "closed"


class Clients(StrEnum):
    """What clients get after an event: all are served, all are served and asked to leave, or new ones are refused."""

    SERVED = "served"
    ASKED = "asked"
    REFUSED = "refused"


class Known(StrEnum):
    """How we know: tried with the real process, or read in the product's source."""

    TRIED = "tried"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Turn:
    """One event in the life of a gateway: what its health check and its clients get from then on."""

    event: Message
    check: Check
    clients: Clients
    known: Known


@dataclass(frozen=True, slots=True)
class OwnDrain:
    """The time that a product itself leaves between the turn of its health check and its end, in which it still accepts.

    `read` gives it in seconds, from a pod template and the text of shared settings; `write` gives the strategic merge patch of
    a template that makes it so. `lasts` gives the seconds until its process ends, where that is not the same (None: it is), and
    `after` are those that it surely takes beyond that.
    """

    name: str
    why: Message
    read: Callable[[Manifest, str], float]
    write: Callable[[Manifest, str, float], Manifest]
    after: float = 0.0
    lasts: Callable[[Manifest, str], float] | None = None

    def total(self, template: Manifest, settings: str) -> float:
        """Give the seconds from the turn to the end."""
        return (self.lasts or self.read)(template, settings) + self.after


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `marks` says whether a pod template is one of its; `drain` None: nothing of its own keeps it accepting.

    `waits_for_listeners`: it opens a client's port only once its control plane has sent it the listener, so that a connection
    to that port proves that the configuration has come. `owned`: a controller of the product writes the workload, so what is to
    change is told to that controller. `chart` names the Helm chart whose values are known ("": none).
    """

    name: str
    title: str
    marks: Callable[[Manifest], bool]
    turns: tuple[Turn, ...]
    drain: OwnDrain | None = None
    waits_for_listeners: bool = False
    owned: bool = False
    chart: str = ""


def any_template(_template: Manifest) -> bool:
    """Say that every template may be of such a product: it stands last of its kind."""
    return True

"""The titles of a run's steps, for whoever names one: of the route forward, and of the way back once it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from migrator.domain.model.runs import Heading

if TYPE_CHECKING:
    from migrator.domain.messages.message import Message
    from migrator.domain.model.runs import Run
    from migrator.store import StoreReader


def titles(store: StoreReader, run: Run) -> Mapping[Heading, tuple[Message, ...]]:
    """Give them by heading."""
    made = Heading if run.heading is Heading.BACK else (Heading.FORWARD,)
    return {heading: tuple(step.title for step in store.route(run.id, heading)) for heading in made}

"""What every view shows alike before a question: on standard error, for whoever answers. It asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.domain.planning.isolating.isolation import Outline


class Asks:
    """The part of a view that people read before they answer, whatever form the answer of the command has."""

    def apart(self, outline: Outline) -> None:
        from migrator.cli.views.forms import apart

        apart.show(outline)

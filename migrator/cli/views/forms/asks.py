"""What every view shows alike before a question: on standard error, for whoever answers. It asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.domain.planning.isolating.isolation import Outline


def apart(_view: object, outline: Outline) -> None:
    """Show what a yes to setting a pod apart or putting it back means."""
    from migrator.cli.views.forms.apart import show

    show(outline)

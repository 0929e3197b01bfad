"""How long a plan will take, at best and at worst, and how long the way back takes from each of its steps. Pure."""

from __future__ import annotations

from migrator.domain.planning.timeline.spans import Span, Timeline, timeline

__all__ = ["Span", "Timeline", "timeline"]

"""Measures in Prometheus' text form, by its own client; over HTTP or in a file for node_exporter's textfile collector."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.app.telling.measures import HELP, Measure
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def require_client() -> None:
    """Raise UsageError where Prometheus' client is not installed."""
    try:
        import prometheus_client  # noqa: F401
    except ImportError as error:
        raise UsageError(say("serve.no-client")) from error


def exposition(found: Iterable[Measure]) -> bytes:
    """Give the text. Values of labels are escaped by the client."""
    from prometheus_client import CollectorRegistry, generate_latest

    class Collected:
        """What the client asks for the families."""

        def collect(self) -> Iterator[GaugeMetricFamily]:
            """Give them."""
            return families(found)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collected())
    text: bytes = generate_latest(registry)
    return text


def families(found: Iterable[Measure]) -> Iterator[GaugeMetricFamily]:
    """Give a family for each name, in the order of their meanings."""
    from prometheus_client.core import GaugeMetricFamily

    by_name: dict[str, list[Measure]] = {}
    for measure in found:
        by_name.setdefault(measure.name, []).append(measure)
    for name, meaning in HELP.items():
        rows = by_name.get(name, [])
        if rows:
            family = GaugeMetricFamily(name, meaning, labels=[label for label, _ in rows[0].labels])
            for row in rows:
                family.add_metric([value for _, value in row.labels], row.value)
            yield family


def write(file: Path, text: bytes) -> None:
    """Replace the file by this text, whole: a reader never sees half of it. OSError when it cannot be written."""
    descriptor, half = tempfile.mkstemp(".tmp", f".{file.name}.", file.parent)
    try:
        with open(descriptor, "wb") as out:
            out.write(text)
        os.chmod(half, 0o644)  # node_exporter runs as another user; there is no secret in it
        os.replace(half, file)
    except BaseException:
        os.unlink(half)
        raise

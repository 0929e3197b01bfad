"""Spans by OpenTelemetry's own exporter (OTLP over HTTP), on where its environment names an endpoint. It says no secret.

Endpoint, headers, certificates and time limit are the exporter's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and so on):
https://opentelemetry.io/docs/specs/otel/protocol/exporter/
"""

from __future__ import annotations

import logging
from datetime import datetime

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.ports.telling import Span

NAME = "Traces"
SECONDS = 10.0


class OtlpTraces:
    """One collector."""

    def __init__(self) -> None:
        for name in ("opentelemetry", "urllib3.connectionpool"):  # what they log may hold an address with a token
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._exporter = OTLPSpanExporter(timeout=SECONDS)
        self._resource = Resource.create({"service.name": "migrator"})

    @property
    def name(self) -> str:
        """Give its name among the channels; the capital keeps it apart from every channel of a plan."""
        return NAME

    def send(self, span: Span) -> None:
        """Send one span. Unreachable whenever it was not taken."""
        try:
            taken = self._exporter.export([self._readable(span)])
        except Exception as error:  # noqa: BLE001 - a library's own, whose text may hold an address
            raise Unreachable(say("notify.broken", channel=NAME, error=type(error).__name__)) from None
        if taken is not SpanExportResult.SUCCESS:
            raise Unreachable(say("notify.not-taken", channel=NAME))

    def _readable(self, span: Span) -> ReadableSpan:
        return ReadableSpan(
            span.name,
            context=_context(span.trace, span.id),
            parent=_context(span.trace, span.parent) if span.parent else None,
            resource=self._resource,
            attributes=dict(span.attributes),
            kind=SpanKind.INTERNAL,
            status=Status(StatusCode.ERROR if span.has_failed else StatusCode.OK),
            start_time=_nanoseconds(span.start),
            end_time=_nanoseconds(span.end),
        )


def _context(trace: str, id: str) -> SpanContext:
    return SpanContext(int(trace, 16), int(id, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000) * 1000

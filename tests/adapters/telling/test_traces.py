"""Spans over OTLP to a real collector's port: whole, with their ids, and without a word of where that is when it fails."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from migrator.adapters.telling import ENDPOINTS, traces
from migrator.domain.messages.errors import Unreachable
from migrator.domain.ports.telling import Span
from tests.adapters.served import Reply, serving
from tests.store.world import START

pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the exporter is not installed: migrator[traces]")

SECRET = "canary-of-the-collector"
SPAN = Span("a" * 32, "b" * 16, "c" * 16, "Shift 50 %", START, START + timedelta(seconds=2), (("migrator.run", 7),))


def test_without_an_endpoint_there_are_no_traces() -> None:
    assert traces({}) is None


def test_a_collector_gets_the_span(monkeypatch: pytest.MonkeyPatch) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    with serving(lambda _: Reply(body=b"")) as there:
        monkeypatch.setenv(ENDPOINTS[1], there.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        found = traces()
        assert found is not None
        found.send(SPAN)

    (asked,) = there.asked
    assert asked.path == "/v1/traces"
    (resource,) = ExportTraceServiceRequest.FromString(asked.body).resource_spans
    (span,) = resource.scope_spans[0].spans
    assert (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()) == (SPAN.trace, SPAN.id, SPAN.parent)
    assert (span.name, span.end_time_unix_nano - span.start_time_unix_nano) == ("Shift 50 %", 2_000_000_000)
    assert "migrator" in str(resource.resource)


@pytest.mark.parametrize("reply", [pytest.param(Reply(400), id="refuses"), pytest.param(Reply(403), id="knows us not")])
def test_what_a_collector_does_not_take_is_for_later_and_its_address_is_not_said(
    reply: Reply, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda _: reply) as there:
        monkeypatch.setenv(ENDPOINTS[0], f"{there.url}/{SECRET}/v1/traces")
        found = traces()
        assert found is not None
        with pytest.raises(Unreachable) as error, caplog.at_level(logging.INFO):
            found.send(SPAN)

    out, err = capfd.readouterr()
    assert SECRET not in f"{error.value} {caplog.text} {out} {err}"

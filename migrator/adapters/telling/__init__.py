"""The channels by which people are told of a run: apprise's, with addresses from the environment, and the cluster's Events."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping

from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec import ChannelSpec
from migrator.domain.ports.telling import Channel, Traces


def channels(
    wanted: Iterable[ChannelSpec], environment: Mapping[str, str] = os.environ
) -> tuple[tuple[Channel, ...], tuple[Message, ...]]:
    """Give the channels that can be told, and for each other one why it cannot. Nobody is asked anything.

    apprise is imported here and not at the first letter: that takes the better part of a second, in which no turn is taken yet.
    """
    ready: list[Channel] = []
    troubles: list[Message] = []
    for each in wanted:
        found = _channel(each, environment.get(each.variable, "").strip())
        if isinstance(found, Message):
            troubles.append(found)
        else:
            ready.append(found)
    return tuple(ready), tuple(troubles)


ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def traces(environment: Mapping[str, str] = os.environ) -> Traces | None:
    """Give where spans go; None where no endpoint is named, or the packages are not installed: they may be named for others."""
    if not any(environment.get(name) for name in ENDPOINTS):
        return None
    try:
        from migrator.adapters.telling.otlp import OtlpTraces
    except ImportError:
        return None
    return OtlpTraces()


def _channel(wanted: ChannelSpec, address: str) -> Channel | Message:
    if not address:
        return say("notify.no-address", channel=wanted.name, variable=wanted.variable)
    with warnings.catch_warnings():  # apprise loads modules of Python's that are about to go
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            from migrator.adapters.telling.apprise_channel import AppriseChannel
        except ImportError:
            return say("notify.not-installed", channel=wanted.name)
        found = AppriseChannel.of(wanted, address)
    return found or say("notify.address-unknown", channel=wanted.name, variable=wanted.variable)

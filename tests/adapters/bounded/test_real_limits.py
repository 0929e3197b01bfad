"""The limits as they ship, once each and through the lab's door: an answer without end, and one that comes byte by byte.

Everywhere else they are injected, small.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from migrator.adapters.cluster.connection import Connection
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.spec import ClusterSpec
from migrator.wording import render
from tests.adapters.bounded.test_deadline import cloud, rates, token
from tests.adapters.served import Reply, serving
from tests.lab.faults.doors import door

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LONG = 120.0
"""Seconds, of a busy machine; a reader without limits reads for ever."""


def cluster(port: int, spec: ClusterSpec) -> object:
    return Connection(spec).ask("GET", "/api/v1/nodes")


CALLS = (cluster, cloud, token, rates)


@pytest.mark.parametrize("kind", ["flood", "dribble"])
def test_no_reader_waits_or_reads_without_end(kind: str, spec_of: Callable[[str], ClusterSpec]) -> None:
    sound = b'{"items": [' + b"1, " * 50_000 + b"1]}"
    with serving(lambda _: Reply(200, sound)) as served, door(served.port) as (faults, port):
        faults.order(
            {"target": "api", "kind": kind, "seconds": 0.05} if kind == "dribble" else {"target": "api", "kind": kind}
        )
        spec = spec_of(f"http://127.0.0.1:{port}")

        def said(call: Callable[[int, ClusterSpec], object]) -> str:
            try:  # no `pytest.raises`: it keeps the frames, and with them the cut connection, until a collection
                call(port, spec)
            except (Unreachable, Refused) as error:
                return render(error.message)
            raise AssertionError("it was answered")

        began = monotonic()
        with ThreadPoolExecutor(len(CALLS)) as pool:  # at once: together they take as long as the most patient
            words = list(pool.map(said, CALLS))

    assert all(words)
    assert monotonic() - began < LONG

"""A whole lab for the adapters: real API server, controllers, node agents and Envoys, on loopback."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import ClusterSpec
from migrator.lab.ground.layout import GATEWAY_NAME, GATEWAY_NAMESPACE, Scenario
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record

R = TypeVar("R")
OLD = ObjectRef("apps/v1", "Deployment", GATEWAY_NAMESPACE, GATEWAY_NAME)


@contextmanager
def running(folder: Path, **scenario: object) -> Iterator[Record]:
    """Run a lab for the length of the block."""
    with lifecycle.running(Scenario(net="auto", delay=0.0, **scenario), folder) as record:  # type: ignore[arg-type]
        yield record


def cluster_spec(record: Record) -> ClusterSpec:
    """Give the spec that names the lab's cluster."""
    return ClusterSpec(GATEWAY_NAMESPACE, kubeconfig=record.kubeconfig)


def until(look: Callable[[], R], seconds: float = 20.0) -> R:
    """Look until it is true, for `seconds` at most; fail with what was seen last."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s; last seen: {found!r}"
        time.sleep(0.05)
    return found

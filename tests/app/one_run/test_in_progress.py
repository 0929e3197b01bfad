"""Who migrates this gateway already: a run of the same store is named by its number, another store's by the Lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from migrator.app.one_run.in_progress import held, lease_name, require_none_in_progress
from migrator.domain.messages.errors import Unreachable, UsageError
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.manifests import Manifest
from tests.app.world import stored, walked
from tests.fakes.world import SPEC
from tests.store.world import make_plan
from tests.words import refused

LEASE = f"{SPEC.cluster.namespace}/{lease_name(SPEC)}"
NOW = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)


class Cluster:
    """A cluster with one Lease, or none, or no answer."""

    def __init__(self, found: Manifest | Exception | None) -> None:
        self._found = found

    def get(self, ref: Any) -> Manifest | None:
        assert ref.name == lease_name(SPEC)
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


def lease(age: float, by: str = "ann@ops run 3", renewed: str | None = None) -> Manifest:
    when = (NOW - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"spec": {"holderIdentity": by, "renewTime": renewed or when, "leaseDurationSeconds": 30}}


def asked(found: Manifest | Exception | None) -> Message | None:
    return held(SPEC, Cluster(found), NOW)  # type: ignore[arg-type]  # only `get` is asked


def test_a_lease_that_is_alive_names_its_holder_and_its_end() -> None:
    assert asked(lease(10)) == say("lease.is-held", lease=LEASE, by="ann@ops run 3", until="04:50:20 UTC")


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(None, id="no lease"),
        pytest.param(lease(1, by=""), id="nobody holds it"),
        pytest.param(lease(1, renewed="soon"), id="its time cannot be read"),
        pytest.param(Unreachable(verbatim("no")), id="the cluster does not say"),
    ],
)
def test_nobody_holds_a_lease_that_is_not_alive(found: Manifest | Exception | None) -> None:
    assert asked(found) is None


def test_a_lease_that_ran_out_names_a_run_that_was_left_unless_it_left_nothing() -> None:
    cluster: Any = Cluster(lease(31))

    assert asked(lease(31)) == say("lease.was-held", lease=LEASE, by="ann@ops run 3", until="2026-11-23 04:49:59 UTC")
    assert held(SPEC, cluster, NOW, lambda holder: holder == "ann@ops run 3") is None


def test_a_time_without_a_zone_is_utc() -> None:
    assert asked(lease(0, renewed="2026-11-23T04:49:50"))


def test_a_run_that_has_not_ended_refuses_a_plan_of_the_same_gateway_or_listener(tmp_path: Path) -> None:
    plan = make_plan("a1")
    with stored(tmp_path) as (store, _):
        run = store.create_run(plan)
        require_none_in_progress(plan.spec, store)  # planned, and nobody is about to begin it
        lease = store.acquire(run.id, "ann@ops pid 1")

        with refused(UsageError, "run.in-progress", run=run.id):
            require_none_in_progress(plan.spec, store)
        elsewhere = replace(plan.spec, source=replace(plan.spec.source, name="another"))
        with refused(UsageError, "run.in-progress", run=run.id):
            require_none_in_progress(elsewhere, store)
        other = replace(elsewhere, balancer=replace(plan.spec.balancer, id="another"))
        require_none_in_progress(other, store)
        lease.release()


def test_a_run_that_has_ended_is_in_nobodys_way(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        walked(store, clock)

        require_none_in_progress(make_plan("a1").spec, store)
        require_none_in_progress(make_plan("a1").spec, None)

"""Who decides about a gateway's weights, by its Lease: nobody, somebody who is there, or a run that was left half-way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from migrator.app.farewell.asking import by_balancer
from migrator.app.farewell.custody import Custody, asked, custody, free
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.manifests import Manifest, ObjectRef
from tests.words import refused

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def lease(holder: str, ago: float = 5.0) -> Manifest:
    renewed = (NOW - timedelta(seconds=ago)).isoformat()
    return {"spec": {"holderIdentity": holder, "renewTime": renewed, "leaseDurationSeconds": 30}}


@pytest.mark.parametrize(
    ("found", "whose"),
    [
        pytest.param(None, Custody.FREE, id="there is none"),
        pytest.param({"spec": {}}, Custody.FREE, id="nobody holds it"),
        pytest.param({"spec": {"holderIdentity": "a"}}, Custody.FREE, id="nobody has renewed it"),
        pytest.param(lease("a run 7 store b"), Custody.HELD, id="a run goes on"),
        pytest.param(lease("a run 7 store b nodes"), Custody.HELD, id="a follower is there"),
        pytest.param(lease("a run 7 store b", 60.0), Custody.LEFT, id="a run was left half-way"),
        pytest.param(lease("a run 7 store b nodes", 60.0), Custody.FREE, id="a follower has died"),
        pytest.param(lease("a calibrate", 60.0), Custody.FREE, id="a calibration has died"),
    ],
)
def test_the_lease_says_who_decides(found: Manifest | None, whose: Custody) -> None:
    assert custody(found, NOW) is whose


def test_the_lease_that_is_named_is_asked_for_each_time() -> None:
    refs: list[ObjectRef] = []

    def get(ref: ObjectRef) -> Manifest | None:
        refs.append(ref)
        return lease("a run 7 store b") if len(refs) > 1 else None

    ask = asked("edge/migrator-gw", get, lambda: NOW)

    assert [ask(), ask()] == [Custody.FREE, Custody.HELD]
    assert set(refs) == {ObjectRef("coordination.k8s.io/v1", "Lease", "edge", "migrator-gw")}
    assert free() is Custody.FREE


@pytest.mark.parametrize("named", ["gw", "edge/", "/gw", "a/b/c"])
def test_what_names_no_lease_is_refused(named: str) -> None:
    with refused(UsageError, "farewell.no-lease", given=named):
        asked(named, lambda ref: None, lambda: NOW)


def test_a_container_without_a_cluster_around_it_is_refused_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/nowhere/at/all")
    balancer = (
        '{"provider": "haproxy", "id": "lb", "endpoint": "http://127.0.0.1:1", "listeners": [{"id": "be", "port": 80}]}'
    )

    with pytest.raises(UsageError):
        by_balancer(balancer, "10.0.0.1", (80,), "", "edge/migrator-gw")

"""The tables of choice: each row follows what was seen, and says nothing where that cannot be told."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.model.balancer import Capabilities
from migrator.domain.model.change import Node
from migrator.domain.observation.world import Traffic, World
from migrator.domain.planning.advice import Table, advise
from migrator.domain.planning.advice.reaching import agents
from migrator.domain.planning.proposal import propose
from tests.adapters.balancers.ninth import PROFILE
from tests.domain.planning.checks.ground import SPEC, thing, world


def fits(seen: World, table: Table) -> list[bool | None]:
    return [row.fits for row in advise(propose(seen, SPEC)) if row.table is table]


def pod_of(owner: str) -> dict[str, object]:
    owners = [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": owner, "uid": "u"}]
    return thing("Pod", f"{owner}-x", {"nodeName": "n1"}, "kube-system") | {
        "metadata": {"name": f"{owner}-x", "namespace": "kube-system", "ownerReferences": owners}
    }


def test_how_to_expose_follows_traffic_nodes_and_scalers() -> None:
    scarce = replace(world(), nodes=(Node("n", "10.1.0.1"),))

    assert fits(world(old_rate=Traffic(5000, 1.0)), Table.EXPOSING) == [False, True, None, False]
    assert fits(scarce, Table.EXPOSING) == [None, False, None, False]


def test_a_daemonset_of_today_needs_no_more_nodes_than_it_has_pods() -> None:
    seen = world(old_rate=Traffic(5000, 1.0))
    few = replace(seen, nodes=seen.nodes[: len(seen.old.live)])
    of_nodes = replace(SPEC, source=replace(SPEC.source, kind="DaemonSet"))
    now = [[row.fits for row in advise(propose(few, spec)) if row.table is Table.EXPOSING] for spec in (SPEC, of_nodes)]

    assert [rows[1] for rows in now] == [False, True]


def test_pods_can_be_dialled_where_a_plugin_of_the_cloud_gives_them_addresses() -> None:
    clouds = (PROFILE.cloud,)
    plain = replace(world(), clouds=clouds)
    plugged = replace(world(pod_of("ninth-agent")), clouds=clouds)
    another = replace(world(pod_of("tenth-agent")), clouds=clouds)

    assert agents(propose(plugged, SPEC)) == ("ninth-agent",)
    assert agents(propose(plain, SPEC)) == agents(propose(another, SPEC)) == ()


def test_a_controller_that_registers_pods_already_is_the_weight_controller() -> None:
    controlled = replace(world(), capabilities=Capabilities(controlled=True))

    assert fits(controlled, Table.REACHING)[2] is True
    assert fits(world(), Table.REACHING)[2] is None


def test_the_end_by_a_health_check_is_compared_with_the_end_by_weights_in_this_balancers_seconds() -> None:
    check = HealthCheck("", interval=5.0, unhealthy=3)
    quick = replace(world(), health=(check,), capabilities=Capabilities(settle=0.5))
    slow = replace(world(), health=(check,), capabilities=Capabilities(settle=60.0))
    rows = [row for row in advise(propose(quick, SPEC)) if row.table is Table.TURNING]

    assert [dict(row.way.values)["seconds"] for row in rows] == [20.0, 0.5]
    assert fits(quick, Table.TURNING) == [False, True]
    assert fits(slow, Table.TURNING) == [True, False]
    assert fits(slow, Table.ENDING)[3] is False

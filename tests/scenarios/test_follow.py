"""After a migration nodes come and leave under load, and the follower is killed in between: no request is lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from migrator.domain.model.runs import State
from tests.scenarios.ground import Ground, Json, eventually
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(420)]

ROLE = "node-role"
PATCH = {"Content-Type": "application/merge-patch+json"}
DOOMED = {"unschedulable": True, "taints": [{"key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule"}]}
WELL: Json = {"unschedulable": None, "taints": None}
LATE, LEAVING = "node-5", "node-2"


def change(stage: Ground, node: str, **patch: Json) -> None:
    """Change a Node as an administrator or an autoscaler would."""
    stage.cluster.http.patch(f"/api/v1/nodes/{node}", json=patch, headers=PATCH).raise_for_status()


@pytest.fixture
def four(stage: Ground) -> Iterator[Ground]:
    """Give a ground of which one node is not a gateway's yet. Nodes are the whole lab's, so all is put back."""
    role = next(n for n in stage.cluster.nodes() if n["metadata"]["name"] == LATE)["metadata"]["labels"][ROLE]
    change(stage, LATE, metadata={"labels": {ROLE: None}})
    yield stage
    change(stage, LATE, metadata={"labels": {ROLE: role}})
    change(stage, LEAVING, spec=WELL)


def weight(stage: Ground, node: str) -> int | None:
    """Give a node's weight at the balancer; None when it is not there."""
    address = stage.layout.node(int(node[-1]))
    return stage.weights().get(f"{address}:{stage.new_port}")


def test_nodes_come_and_leave_under_load_and_a_killed_follower_loses_nothing(four: Ground, operator: Operator) -> None:
    operator.plan(**SHORT, strategy="blue-green", after="migrator")
    with four.clients():  # what migrator asks itself is no evidence: a soak needs clients
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    assert "migrator follow 1" in operator.said()
    full = weight(four, "node-1")
    with four.clients() as load:
        following = operator.begin("follow", "1")
        operator.await_("a follower", lambda eye: eye.run.id == 2 and eye.rests(State.RUNNING))
        refused = operator.call("follow", "1"), operator.call("plan", str(four.folder / "plan.yaml"))

        change(four, LATE, metadata={"labels": {ROLE: "gateway"}})
        operator.await_("a registration", lambda eye: eye.intends("register", "Follow nodes"))
        operator.kill(following)
        following = operator.begin("follow", "1", "--output", "json")
        eventually("the weight of a new node", lambda: weight(four, LATE) == full, 60.0)

        change(four, LEAVING, spec=DOOMED)
        operator.await_("its weight taken", lambda eye: eye.intends("set-weights", "Follow nodes"))
        operator.kill(following)
        following = operator.begin("follow", "2")
        eventually("the removal of a leaving node", lambda: weight(four, LEAVING) is None, 60.0)

        change(four, LEAVING, spec=WELL)
        eventually("the return of a node that stays", lambda: weight(four, LEAVING) == full, 60.0)
        following.send_signal(signal.SIGTERM)
        code = operator.ends(following, 5.0)
        summary = load.end()

    assert [done.returncode for done in refused] == [2, 2], refused
    assert "carried out by" in refused[0].stderr
    assert "looks after the nodes of this gateway" in refused[1].stderr
    assert (code, operator.found().state) == (0, State.RUNNING), operator.said()[-3000:]
    assert "NOBODY LOOKS AFTER THE NODES NOW" in operator.said()
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert summary["totals"]["sent"] > 1000
    assert set(four.weights().values()) == {full}
    assert len(four.weights()) == len(four.nodes)
    assert operator.report()["journal_whole"]

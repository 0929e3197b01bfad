"""Single gateways are set apart under load, killed in between, looked at, and put back or deleted: no request is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrator.domain.model.runs import State
from migrator.lab.ground.manifests import SELECTOR
from tests.scenarios.ground import Ground, Json, eventually
from tests.scenarios.operator import SHORT, Eye, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

MARKED = {"migrator.dev/isolated": "true"}
LABELS = {"app": "istio-ingressgateway-ds"}


def begun(operator: Operator, *words: str) -> None:
    """Carry a command out to its end; it has to succeed."""
    assert operator.ends(operator.begin(*words)) == 0, operator.said()[-3000:]


def pods(stage: Ground) -> list[Json]:
    """The pods of the ground that are not ending."""
    found = stage.cluster.get(f"/api/v1/namespaces/{stage.namespace}/pods")["items"]
    return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]


def killed_at(operator: Operator, *words: str, at: Callable[[Eye], bool]) -> None:
    """Kill -9 the command at a moment, and type it again."""
    popen = operator.begin(*words)
    operator.await_(f"the moment to kill {words[0]}", at)
    operator.kill(popen)
    begun(operator, *words)


def test_a_deployments_gateway_is_set_apart_and_put_back_under_load(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    file = str(stage.folder / "plan.yaml")
    before = {pod["metadata"]["name"] for pod in pods(stage)}
    name = min(before)
    ip = next(pod["status"]["podIP"] for pod in pods(stage) if pod["metadata"]["name"] == name)
    with stage.clients() as load:
        asked = ("isolate", name, "--plan", file, "--yes")
        killed_at(operator, *asked, at=lambda eye: eye.intends("set-weights", f"Set {name} aside"))
        apart = stage.get(f"v1/pods/{name}")
        weights = stage.weights()
        ready = stage.ready_pods(SELECTOR)
        back = ("release", name, "--plan", file, "--yes")
        killed_at(operator, *back, at=lambda eye: eye.intends("patch-object", f"Put {name} back"))
        eventually(
            "the end of the one that made room", lambda: {p["metadata"]["name"] for p in pods(stage)} == before, 60.0
        )
        summary = load.end()

    assert not apart["metadata"].get("ownerReferences")
    assert weights[f"{ip}:8080"] == 0
    assert sorted(weights.values()) == [0, 100, 100, 100]
    assert len(ready) == 3
    assert name not in {pod["metadata"]["name"] for pod in ready}
    assert stage.weights() == dict.fromkeys(map(str, stage.old), 100)
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert summary["totals"]["sent"] > 1000


def test_a_delete_that_was_killed_on_its_way_gives_way_to_a_release(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    name = min(pod["metadata"]["name"] for pod in pods(stage))
    about = ("--plan", str(stage.folder / "plan.yaml"), "--yes")
    with stage.clients() as load:
        begun(operator, "isolate", name, *about)
        apart = operator.found().id
        popen = operator.begin("release", name, "--delete", *about)
        operator.await_("the run that deletes it", lambda eye: eye.run.id != apart)
        operator.kill(popen)
        there = name in {pod["metadata"]["name"] for pod in pods(stage)}
        begun(operator, "release", name, *about)
        summary = load.end()
    states = [row["state"] for row in operator.runs()]

    assert there
    assert name in {pod["metadata"]["name"] for pod in pods(stage)}
    assert states[0] == states[2] == "completed"
    assert states[1] not in ("running", "paused", "waiting", "planned")
    assert stage.weights() == dict.fromkeys(map(str, stage.old), 100)
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_daemonsets_gateway_is_set_apart_put_back_set_apart_and_deleted_under_load(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**SHORT, strategy="blue-green")
    with stage.clients():
        begun(operator, "run", "--yes")
    file, full = str(stage.folder / "plan.yaml"), stage.weights()
    first = min(pods(stage), key=lambda pod: pod["metadata"]["name"])
    name, at = first["metadata"]["name"], f"{first['status']['podIP']}:{stage.new_port}"

    def waiting() -> list[Json]:
        return [pod for pod in pods(stage) if not pod["spec"].get("nodeName")]

    with stage.clients() as load:
        asked = ("isolate", name, "--plan", file, "--yes")
        killed_at(operator, *asked, at=lambda eye: eye.intends("patch-object", f"Let {name} go"))
        apart, weight, others = stage.get(f"v1/pods/{name}"), stage.weights()[at], waiting()
        begun(operator, "release", name, "--plan", file, "--yes")
        again, returned = stage.weights(), stage.get(f"v1/pods/{name}")
        begun(operator, *asked)
        gone = ("release", name, "--delete", "--plan", file, "--yes")
        killed_at(operator, *gone, at=lambda eye: eye.intends("delete-object", f"Delete {name}"))
        summary = load.end()

    assert not apart["metadata"].get("ownerReferences")
    assert apart["metadata"]["labels"].items() >= MARKED.items()
    assert weight == 0
    assert len(others) == 1
    assert again == full
    assert returned["metadata"]["ownerReferences"][0]["kind"] == "DaemonSet"
    assert not returned["metadata"]["labels"].items() >= MARKED.items()
    assert not stage.exists(f"v1/pods/{name}")
    assert not waiting()
    assert stage.weights() == full
    assert operator.found().state is State.COMPLETED
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert summary["totals"]["sent"] > 1000

"""What the stories of a restart share, whatever balancer is before the gateway."""

from __future__ import annotations

import httpx

from migrator.domain.model.runs import Heading
from tests.scenarios.ground import Ground, Json, eventually
from tests.scenarios.operator import Eye, Operator

DAEMON_SET = "apps/v1/daemonsets/istio-ingressgateway-ds"
BETTER = "istio-proxy=lab/gateway:2"
ADMIN = 15000


def images(stage: Ground) -> set[str]:
    """The images of the Ready pods of the DaemonSet."""
    pods = [pod for pod in stage.ready_pods({}) if is_of_daemon_set(pod)]
    return {container["image"] for pod in pods for container in pod["spec"]["containers"]}


def is_of_daemon_set(pod: Json) -> bool:
    return any(owner["kind"] == "DaemonSet" for owner in pod["metadata"].get("ownerReferences", ()))


def ended(eye: Eye) -> int:
    """How many pods the run has ended."""
    actions = (row.data.get("action") for row in eye.rows if row.kind == "intended")
    return sum(isinstance(each, dict) and each["kind"] == "delete-object" for each in actions)


def assert_errors_are_turned_back_from(stage: Ground, operator: Operator, before: Json) -> None:
    """Let the first renewed gateway answer with errors under load; `before` is the DaemonSet as it is to be again."""
    weights = stage.weights()
    with stage.clients() as load:
        restarting = operator.begin("restart", "1", "--image", BETTER, "--soak", "60s", "--yes")
        operator.await_(
            "a soak", lambda eye: eye.run.id == 2 and eye.title == "Renew node-1" and eye.soaks(eye.title), 180.0
        )
        url = f"http://{stage.nodes[0]}:{ADMIN}/runtime_modify?fault.abort.percent=100"
        httpx.post(url, timeout=2, trust_env=False).raise_for_status()
        eventually("the run to turn back", lambda: operator.found().heading is Heading.BACK, 60.0)
        code = operator.ends(restarting, 240.0)
        summary = load.end()

    print("errors:", summary["totals"])
    assert code == 4, operator.said()[-3000:]
    assert summary["totals"]["lost"] == 0, summary["marks"]
    assert stage.weights() == weights
    assert stage.get(DAEMON_SET)["spec"] == before["spec"]
    assert images(stage) == {"lab/gateway"}

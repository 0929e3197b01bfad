"""What the node agent does while the API server is away, and at its own end."""

import http.client
from contextlib import closing

import pytest

from migrator.lab.ground.nets import borrowed_net
from tests.lab.node.world import World, until

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture
def world(tmp_path):
    """An API server and a node of this test's own, with a pod that serves HTTP."""
    with borrowed_net() as net, closing(World(tmp_path, net)) as found:
        found.start_api()
        found.start_node()
        found.run("web", {"image": "lab/httpd", "readinessProbe": {"httpGet": {"port": 8080}, "periodSeconds": 1}})
        found.until_ready("web")
        yield found


def answers(world):
    """Say whether the pod answers."""
    connection = http.client.HTTPConnection(f"{world.net}.11.2", 8080, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_pods_run_on_while_the_api_server_is_away_and_the_node_comes_back(world):
    world.kill("kube")
    for _ in range(20):
        assert answers(world)

    world.start_api()

    until(lambda: world.get("/api/v1/nodes/node-1"), "the node registered again")


def test_no_container_outlives_a_killed_node_agent(world):
    assert answers(world)

    world.kill("node")

    until(lambda: not answers(world), "nothing answers any more")


def test_a_new_node_agent_runs_the_pods_it_finds(world):
    world.kill("node")
    world.start_node()

    until(lambda: answers(world), "the pod answers again at its old address")

    until(lambda: world.pod("web")["status"]["containerStatuses"][0]["restartCount"] == 1, "a restart is counted")

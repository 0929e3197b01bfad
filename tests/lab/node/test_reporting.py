"""What a node tells of a pod: a status that others have changed is written again until the server has taken it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from migrator.lab.apiclient import ApiError
from migrator.lab.node.containers.states import Running, Seen
from migrator.lab.node.pods.reporting import Reporter
from migrator.lab.node.pods.status import PodSeen

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
READY = replace(Seen("c", "lab/sleep", "lab://1", Running(NOON), started=True), ready=True)
POD = {"metadata": {"namespace": "edge", "name": "web", "uid": "u-1"}, "spec": {"restartPolicy": "Always"}}
TURNS = 200


class Server:
    """An API server that refuses the first writes, as one in trouble does."""

    def __init__(self):
        self.refuses = 0
        self.written = []

    async def call(self, method, path, body, content=""):
        if self.refuses:
            self.refuses -= 1
            raise ApiError(503, "ServiceUnavailable", "in trouble")
        self.written.append(body["status"])


async def settled(happened):
    """Let the reporter work until something has happened; the test fails after so many looks."""
    for _ in range(TURNS):
        if happened():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


def lost(status):
    """The status of a pod as the cluster writes it for a node that is silent."""
    rows = [{**row, "status": "False"} if row["type"] == "Ready" else row for row in status["conditions"]]
    return {**status, "conditions": rows}


def test_a_status_that_the_cluster_changed_while_the_server_refused_its_node_is_written_again():
    async def story():
        server = Server()
        reporter = Reporter(server, POD, lambda: PodSeen("127.77.11.2", "127.77.1.1", NOON, True, (READY,)))
        running = asyncio.create_task(reporter.run())
        reporter.changed()
        await settled(lambda: len(server.written) == 1)
        server.refuses = 2
        reporter.take({**POD, "status": lost(server.written[0])})
        await settled(lambda: server.refuses == 0)
        await settled(lambda: len(server.written) == 2)
        running.cancel()
        return server.written

    first, second = asyncio.run(story())

    assert [row["status"] for row in second["conditions"] if row["type"] == "Ready"] == ["True"]
    assert second["conditions"] == first["conditions"]

"""The pages of a store on a real port, and questions to it as a browser puts them."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migrator.cli.serving.server import Respond, Server
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.domain.observation.snapshot import Snapshot
from tests.app.world import HOLDER, stored
from tests.cli.samples import LOOK
from tests.store.world import make_plan

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e\"'&"


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: str


@contextmanager
def served(respond: Respond, token: str = "") -> Iterator[Server]:
    """Serve on a free port of loopback."""
    server = Server("127.0.0.1", 0, respond, token).start()
    try:
        yield server
    finally:
        server.close()


def get(server: Server, path: str, method: str = "GET", **headers: str) -> Got:
    """Ask once."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Got(answer.status, dict(answer.getheaders()), answer.read().decode())
    finally:
        connection.close()


def live(folder: Path) -> Path:
    """Give a store with a run that waits for a person, is carried out by nobody, and has hostile texts of others."""
    with stored(folder) as (store, clock):
        run = store.create_run(make_plan("b7", name="edge"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        verdict = Verdict(Ruling.PASS, verbatim("well"), "gateway counters", Rate(100, 1), Rate(900, 0))
        look = Snapshot(clock.now(), 10.0, LOOK.weights, verdict, clock.now(), looked_at=clock.now())
        journal.looked(look)
        run = journal.move(run, state=State.RUNNING)
        journal.verdict(verdict)
        journal.move(run, state=State.WAITING, why=verbatim(HOSTILE))
        lease._lock.drop()
        file = store.file
    return Path(shutil.copy(file, folder / "served.db"))

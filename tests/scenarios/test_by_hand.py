"""The store is lost and nobody has migrator: the way back is typed from what `rollback --by-hand` printed before.

The commands are the vendors' own: kubectl, and Tencent's `tccli` (`pip install tccli`). That speaks TLS alone, and the lab's
cloud does not, so it is led through a door that ends TLS.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from migrator.lab.certificates import make, serving
from migrator.lab.ground.layout import SECRET_ID, SECRET_KEY
from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.test_store_lost import SOURCE, kept, lost_at_half, selectors

needed = [shutil.which("kubectl"), shutil.which("tccli"), shutil.which("curl")]
pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.matrix,
    pytest.mark.timeout(420),
    pytest.mark.skipif(not all(needed), reason="kubectl, tccli and curl are not all installed"),
]


def test_a_way_back_that_is_typed_by_hand_loses_nothing(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    before, services = stage.weights(), selectors(stage)
    with stage.clients() as load:
        newcomer = lost_at_half(stage, operator)
        reach = ("--kubeconfig", stage.record.kubeconfig, "--context", "lab")
        printed = newcomer.call("rollback", f"{stage.namespace}/{SOURCE}", "--by-hand", *reach)
        assert printed.returncode == 0, printed.stderr
        typed = by_bash(stage, printed.stdout)
        summary = load.end()

    assert typed.returncode == 0, typed.stdout[-2000:] + typed.stderr[-3000:]
    assert "NOT told" not in typed.stdout
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == before
    assert selectors(stage) == services
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
    assert kept(stage) == []


def by_bash(stage: Ground, script: str) -> subprocess.CompletedProcess[str]:
    """Type the script, line by line as it is, against the lab's addresses."""
    folder = stage.folder / "hand"
    make(folder, "127.0.0.1", ["cloud"])
    host, port = stage.record.addresses["balancer"].removeprefix("http://").rsplit(":", 1)
    with tls(folder, host, int(port)) as door:
        (folder / "script.sh").write_text("set -eu\n" + script.replace(f"{host}:{port}", door), encoding="utf-8")
        secrets = {"TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY}
        environment = os.environ | secrets | {"PYTHONPATH": str(trusting(folder)), "HOME": str(folder)}
        words = ["bash", str(folder / "script.sh")]
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=240, check=False)


def trusting(folder: Path) -> Path:
    """Give a folder by which a Python trusts the lab's authority: `tccli` asks `certifi` whom to trust, and nothing else."""
    trust = folder / "trust"
    trust.mkdir()
    (trust / "certifi.py").write_text(f"def where():\n    return {str(folder / 'ca.pem')!r}\n", encoding="utf-8")
    return trust


@contextmanager
def tls(folder: Path, host: str, port: int) -> Iterator[str]:
    """Give the address of a door that ends TLS before `host:port`."""
    loop = asyncio.new_event_loop()
    context = serving((folder / "cloud.pem").read_bytes(), (folder / "cloud.key").read_bytes())

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(host, port)
        await asyncio.gather(copied(reader, ours), copied(theirs, writer))

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(carry, "127.0.0.1", 0, ssl=context)

    server = loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until there is no more, and pass the end on."""
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()

"""kubectl's own port-forward, both as it is spoken today (in a WebSocket) and as it was before (an upgraded connection)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from migrator.lab.node.spdy import DICTIONARY, BadFrame, Data, Opened, Ping, Reader, Reset, Writer
from tests.lab.node.world import World, until

KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")
WAYS = pytest.mark.parametrize("tunnelled", ["true", "false"])


@pytest.fixture(scope="module")
def pod(world: World) -> None:
    """A pod that serves HTTP."""
    world.run("web", {"image": "lab/httpd"})
    world.until_ready("web")


@contextmanager
def forwarded(world: World, tunnelled: str, port: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run kubectl's port-forward; give the address at which it listens, and the process."""
    environment = os.environ | {"KUBECTL_PORT_FORWARD_WEBSOCKETS": tunnelled}
    words = [str(KUBECTL), "--kubeconfig", str(world.kubeconfig), "port-forward", "pod/web", f"0:{port}"]
    with subprocess.Popen(words, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            told = re.search(r"from (127\.0\.0\.1:\d+)", process.stdout.readline())
            assert told, process.stderr and process.stderr.read()
            yield told[1], process
        finally:
            process.kill()


@pytest.mark.lab
@needs_kubectl
@WAYS
def test_kubectl_reaches_a_pod_again_and_again_through_one_forward(world: World, pod: None, tunnelled: str) -> None:
    with forwarded(world, tunnelled, 8080) as (address, _):
        until(lambda: httpx.get(f"http://{address}/").status_code == 200, "it serves")
        # A server that answers without reading a body resets the connection: what is sent here is read.
        answers = [httpx.get(f"http://{address}/", headers={"X-Long": "x" * 30_000}).status_code for _ in range(3)]

    assert answers == [200, 200, 200]


@pytest.mark.lab
@needs_kubectl
@WAYS
def test_kubectl_is_told_that_nobody_listens(world: World, pod: None, tunnelled: str) -> None:
    with forwarded(world, tunnelled, 8081) as (address, process):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://{address}/")
        process.terminate()
        assert process.stderr is not None
        assert "error forwarding port 8081 to pod" in process.stderr.read()


def opened(stream: int, headers: dict[str, str], squeeze: zlib._Compress) -> bytes:
    """The frame by which a client opens a stream."""
    words = [word for pair in headers.items() for word in pair]
    block = len(headers).to_bytes(4, "big") + b"".join(len(word).to_bytes(4, "big") + word.encode() for word in words)
    body = stream.to_bytes(4, "big") + bytes(6) + squeeze.compress(block) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    return b"\x80\x03\x00\x01\x00" + len(body).to_bytes(3, "big") + body


def test_frames_are_read_however_the_bytes_are_cut() -> None:
    squeeze = zlib.compressobj(zdict=DICTIONARY)
    said = Writer()
    sent = opened(1, {"streamType": "error", "port": "80"}, squeeze) + opened(3, {"streamType": "data"}, squeeze)
    sent += said.data(3, b"hello") + said.reply(3) + said.data(3, b"", last=True) + said.ping(7) + said.reset(3)

    reader = Reader()
    found = [frame for at in range(len(sent)) for frame in reader.feed(sent[at : at + 1])]

    assert found == [
        Opened(1, {"streamtype": "error", "port": "80"}, False),
        Opened(3, {"streamtype": "data"}, False),
        Data(3, b"hello", False),
        Data(3, b"", True),
        Ping(7),
        Reset(3),
    ]


@pytest.mark.parametrize(
    "wrong", [b"GET / HTTP/1.1\r\n", b"\x80\x02\x00\x01\x00\x00\x00\x00", b"\x00\x00\x00\x01\x00\xff\xff\xff"]
)
def test_what_is_no_frame_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadFrame):
        list(Reader().feed(wrong))

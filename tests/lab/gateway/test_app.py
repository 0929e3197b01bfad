"""The backend application over real connections, straight and through a gateway."""

import http.client
import json

import pytest
from websocket import create_connection

pytestmark = pytest.mark.lab


@pytest.fixture(params=["straight", "through a gateway"])
def address(request, prefix):
    """Where the application is reached."""
    if request.param == "straight":
        return f"{prefix}.0.3", 8000
    return request.getfixturevalue("gateway").ip, 8080


def test_answers_over_one_kept_connection_carry_the_app_s_header(address):
    connection = http.client.HTTPConnection(*address, timeout=10)
    seen = []
    for target in ("/", "/echo?a=b", "/bytes?n=100000", "/slow?s=0.1", "/status?code=404"):
        connection.request("GET", target)
        answer = connection.getresponse()
        seen.append((answer.status, answer.headers["x-app"], len(answer.read())))
    connection.close()

    assert [(status, app) for status, app, _ in seen] == [(200, "lab")] * 4 + [(404, "lab")]
    assert seen[2][2] == 100000


def test_a_chunked_body_arrives_whole(address):
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("POST", "/echo", body=iter([b"abc", b"defg"]), encode_chunked=True)

    assert json.loads(connection.getresponse().read())["bytes"] == 7
    connection.close()


def test_a_websocket_echoes_and_answers_pings(address):
    socket = create_connection("ws://{}:{}/ws".format(*address), timeout=5)
    socket.send("hello")
    first = socket.recv()
    socket.ping(b"p")
    frame = socket.recv_frame()
    socket.send("again")

    assert (first, frame.opcode, frame.data, socket.recv()) == ("hello", 10, b"p", "again")
    socket.close()

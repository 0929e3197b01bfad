"""The frames of the lab's WebSocket echo, without a network."""

import pytest

from migrator.lab.app.websocket import Frame, take_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_masked_frame_is_read_whole_or_not_at_all(size):
    payload = bytes(i % 251 for i in range(size))
    plain = Frame(2, payload).encode()
    head = plain[: len(plain) - size]
    mask = b"\x11\x22\x33\x44"
    wire = bytes((head[0], head[1] | 0x80)) + head[2:] + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    buffer = bytearray(wire[:-1])

    assert take_frame(buffer) is None
    buffer = bytearray(wire)
    assert take_frame(buffer) == Frame(2, payload)
    assert not buffer

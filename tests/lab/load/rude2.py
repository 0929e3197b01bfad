"""An HTTP/2 server of bare frames, so that it can say what a well-behaved library would not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from hpack import Decoder, Encoder
from hyperframe.frame import DataFrame, Frame, GoAwayFrame, HeadersFrame, RstStreamFrame, SettingsFrame

from migrator.lab.http1.messages import Request
from tests.lab.load.rude import Talk

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FOREVER = 2**31 - 1


class Frames:
    """The server's side of one HTTP/2 connection."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._buffer = b""
        self._decoder, self._encoder = Decoder(), Encoder()

    def settings(self, **found: int) -> None:
        """Send the server's SETTINGS, by number."""
        known = {"most": SettingsFrame.MAX_CONCURRENT_STREAMS, "table": SettingsFrame.HEADER_TABLE_SIZE}
        self._send(SettingsFrame(0, settings={known[name]: value for name, value in found.items()}))

    async def requests(self) -> AsyncIterator[tuple[int, Request]]:
        """Yield stream ids and requests until the client closes."""
        if not self._buffer:
            self.settings()
        while (frame := await self._frame()) is not None:
            if isinstance(frame, SettingsFrame) and "ACK" not in frame.flags:
                self._send(SettingsFrame(0, flags=("ACK",)))
            if isinstance(frame, HeadersFrame):
                fields = {str(name): str(value) for name, value in self._decoder.decode(frame.data)}
                yield frame.stream_id, Request(fields[":method"], fields[":path"], (), fields)

    def answer(self, stream: int, status: int = 200, *, whole: bool = True) -> None:
        """Answer a stream with a head and a body; not `whole` leaves the end away."""
        block = self._encoder.encode([(":status", str(status)), ("x-gateway", "rude2")])
        self._send(HeadersFrame(stream, block, flags=("END_HEADERS",)))
        self._send(DataFrame(stream, b"ok\n", flags=("END_STREAM",) if whole else ()))

    def goaway(self, last: int, error: int = 0) -> None:
        """Announce the end: streams above `last` will not be answered."""
        self._send(GoAwayFrame(0, last_stream_id=last, error_code=error))

    def reset(self, stream: int) -> None:
        """Give up one stream."""
        self._send(RstStreamFrame(stream, error_code=2))

    def _send(self, frame: Frame) -> None:
        self._talk.say(frame.serialize())

    async def _frame(self) -> Frame | None:
        while True:
            self._buffer = self._buffer.removeprefix(PREFACE)
            if len(self._buffer) >= 9 and not PREFACE.startswith(self._buffer[:9]):
                frame, length = Frame.parse_frame_header(memoryview(self._buffer[:9]))
                if len(self._buffer) >= 9 + length:
                    frame.parse_body(memoryview(self._buffer[9 : 9 + length]))
                    self._buffer = self._buffer[9 + length :]
                    return frame
            data = await self._talk.read()
            if not data:
                return None
            self._buffer += data


async def gone(talk: Talk, seconds: float = 5.0) -> bool:
    """Whether the client closes within `seconds`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await talk.read():
                pass
            return True
    return False

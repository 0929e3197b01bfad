"""HTTP/2 with prior knowledge, as much as a client of GETs needs, that keeps reading after GOAWAY.

The frames are hyperframe's and the headers hpack's, both of the h2 project. Its own `H2Connection` is not used: it
takes GOAWAY as the end of the connection and refuses every later frame (python-hyper/h2#1181), so a graceful leave
would be counted as losses that never were.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hpack import Decoder, Encoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from migrator.lab.http1.responses import BODY_KEPT
from migrator.lab.load.ledger import Answer, Loss, Result, Word
from migrator.lab.load.link import Link, Owner, word_of

Fields = Sequence[tuple[str, str]]
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FRAME_LIMIT = 16384  # the default SETTINGS_MAX_FRAME_SIZE, which we do not raise
_WINDOW = 1 << 24
_CANCEL = 8


@dataclass(slots=True)
class Stream:
    """One request. The first response head that is no interim one gives `status` and `gateway`."""

    waiting: "asyncio.Future[Result]"
    status: int = 0
    gateway: str = ""
    started: bool = False
    body: bytes = b""


class Http2Link(Link):
    """One connection of many streams. After a GOAWAY it takes no new ones, and closes when the last has finished."""

    def __init__(self, owner: Owner, *, claimed: bool = True) -> None:
        super().__init__(owner, claimed=claimed)
        self._streams: dict[int, Stream] = {}
        self._next = 1
        self._buffer = b""
        self._block: HeadersFrame | None = None
        self._leaving = False
        self._unacknowledged = 0
        self._encoder, self._decoder = Encoder(), Decoder()
        self.most = 100  # until the server's SETTINGS say otherwise

    @property
    def busy(self) -> bool:
        return bool(self._streams)

    @property
    def room(self) -> int:
        """How many more streams the server lets us open now."""
        return self.most - len(self._streams)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        settings = {SettingsFrame.ENABLE_PUSH: 0, SettingsFrame.INITIAL_WINDOW_SIZE: _WINDOW}
        grown = WindowUpdateFrame(0, window_increment=_WINDOW)
        self.write(_PREFACE + SettingsFrame(0, settings=settings).serialize() + grown.serialize())

    def ask(self, fields: Fields) -> "asyncio.Future[Result]":
        """Open a stream with a request that has no body and return the future of its result."""
        number, self._next = self._next, self._next + 2
        waiting = self.begin()
        if not waiting.done():
            self._streams[number] = Stream(waiting)
            waiting.add_done_callback(lambda future: self._given_up(number, future))
            block = self._encoder.encode(fields)
            self.write(HeadersFrame(number, block, flags=("END_HEADERS", "END_STREAM")).serialize())
        return waiting

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            while (frame := self._take_frame()) is not None:
                self._read(frame)
        except (HyperframeError, HPACKError, ValueError):
            for number in list(self._streams):
                self._settle(number, Loss(Word.MALFORMED))
            self.abort()

    def leave(self) -> None:
        """Take no new streams, and close when the last has finished."""
        self._leaving, self.usable = True, False
        self._close_if_done()

    def fail_all(self, exc: Exception | None) -> None:
        for number, stream in list(self._streams.items()):
            self._settle(number, Loss(word_of(exc, started=stream.started)))

    def _take_frame(self) -> Frame | None:
        if len(self._buffer) < 9:
            return None
        frame, length = Frame.parse_frame_header(memoryview(self._buffer[:9]))
        if length > _FRAME_LIMIT:
            raise ValueError(f"a frame of {length} bytes is larger than was agreed")
        if len(self._buffer) < 9 + length:
            return None
        frame.parse_body(memoryview(self._buffer[9 : 9 + length]))
        self._buffer = self._buffer[9 + length :]
        return frame

    def _read(self, frame: Frame) -> None:
        if self._block is not None and not isinstance(frame, ContinuationFrame):
            raise ValueError("a header block was interrupted")
        read = _READERS.get(type(frame))
        if read is not None:
            read(self, frame)

    def _settings(self, frame: SettingsFrame) -> None:
        if "ACK" in frame.flags:
            return
        self.most = frame.settings.get(SettingsFrame.MAX_CONCURRENT_STREAMS, self.most)
        size = frame.settings.get(SettingsFrame.HEADER_TABLE_SIZE)
        if size is not None:
            self._encoder.header_table_size = min(size, 4096)
        self.write(SettingsFrame(0, flags=("ACK",)).serialize())

    def _ping(self, frame: PingFrame) -> None:
        if "ACK" not in frame.flags:
            self.write(PingFrame(0, frame.opaque_data, flags=("ACK",)).serialize())

    def _headers(self, frame: HeadersFrame) -> None:
        self._block = frame
        self._continue(b"", done="END_HEADERS" in frame.flags)

    def _continuation(self, frame: ContinuationFrame) -> None:
        if self._block is None:
            raise ValueError("a continuation of nothing")
        self._continue(frame.data, done="END_HEADERS" in frame.flags)

    def _continue(self, data: bytes, *, done: bool) -> None:
        block = self._block
        assert block is not None
        block.data += data
        if not done:
            return
        self._block = None
        fields = {_text(name): _text(value) for name, value, *_ in self._decoder.decode(block.data, raw=True)}
        stream = self._streams.get(block.stream_id)
        if stream is not None:  # else we gave it up; the block still had to be decoded, it changes the table
            _note_head(stream, fields)
            self._maybe_finished(block.stream_id, stream, ended="END_STREAM" in block.flags)

    def _data(self, frame: DataFrame) -> None:
        self._unacknowledged += frame.flow_controlled_length
        if self._unacknowledged > _WINDOW // 2:
            self.write(WindowUpdateFrame(0, window_increment=self._unacknowledged).serialize())
            self._unacknowledged = 0
        stream = self._streams.get(frame.stream_id)
        if stream is None:
            return
        stream.body += bytes(frame.data[: BODY_KEPT - len(stream.body)])
        if frame.flow_controlled_length and "END_STREAM" not in frame.flags:
            grown = WindowUpdateFrame(frame.stream_id, window_increment=frame.flow_controlled_length)
            self.write(grown.serialize())
        self._maybe_finished(frame.stream_id, stream, ended="END_STREAM" in frame.flags)

    def _reset(self, frame: RstStreamFrame) -> None:
        self._settle(frame.stream_id, Loss(Word.STREAM_RESET))

    def _goaway(self, frame: GoAwayFrame) -> None:
        """Take no new streams. Those up to the last id will still be answered; those above it never."""
        self._leaving, self.usable = True, False
        for number in [number for number in self._streams if number > frame.last_stream_id]:
            self._settle(number, Loss(Word.GOAWAY))
        self._close_if_done()

    def _maybe_finished(self, number: int, stream: Stream, *, ended: bool) -> None:
        if ended:
            answer = Answer(stream.status, stream.gateway, stream.body)
            result = answer if stream.status >= 200 else Loss(Word.MALFORMED)
            self._settle(number, result)

    def _settle(self, number: int, result: Result) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None and not stream.waiting.done():
            stream.waiting.set_result(result)
        self._close_if_done()

    def _given_up(self, number: int, future: "asyncio.Future[Result]") -> None:
        if future.cancelled() and self._streams.pop(number, None) is not None:
            self.write(RstStreamFrame(number, error_code=_CANCEL).serialize())
            self._close_if_done()

    def _close_if_done(self) -> None:
        if self._leaving and not self._streams:
            self.close()


def _text(raw: bytes | str) -> str:
    return raw.decode("latin-1") if isinstance(raw, bytes) else raw


def _note_head(stream: Stream, fields: dict[str, str]) -> None:
    stream.started = True
    if stream.status >= 200:
        return  # trailers
    status = fields.get(":status", "")
    if not (len(status) == 3 and status.isascii() and status.isdecimal() and "100" <= status < "600"):
        raise ValueError(f"not a status: {status[:20]!r}")
    stream.status, stream.gateway = int(status), fields.get("x-gateway") or fields.get("server", "")


_READERS: dict[type[Frame], Callable[..., None]] = {
    SettingsFrame: Http2Link._settings,
    PingFrame: Http2Link._ping,
    HeadersFrame: Http2Link._headers,
    ContinuationFrame: Http2Link._continuation,
    DataFrame: Http2Link._data,
    RstStreamFrame: Http2Link._reset,
    GoAwayFrame: Http2Link._goaway,
}

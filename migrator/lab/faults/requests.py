"""One request as it comes over a connection, kept as the bytes it was: a door passes on what it got, unchanged."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from migrator.lab.faults.matching import Asked

HEAD_LIMIT = 64 << 10
BODY_LIMIT = 64 << 20
_ACTIONS = ("x-tc-action", "x-acs-action")
_ACTION = re.compile(rb"(?:^|&)Action=([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Taken:
    """A request: its bytes, what faults may know of it, and whether the connection becomes a tunnel after it."""

    raw: bytes
    asked: Asked
    upgrades: bool = False


async def request(reader: asyncio.StreamReader) -> Taken | None:
    """Read the next request; None when no more comes. Raise `ValueError` for what is no HTTP/1.1."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        raise ValueError("a head without end") from error
    line, *rows = head.decode("latin-1").split("\r\n")
    method, _, target = line.partition(" ")
    fields = {name.strip().lower(): value.strip() for name, _, value in (row.partition(":") for row in rows if row)}
    body = await _body(reader, fields)
    asked = Asked(
        method, urlsplit(target.split(" ")[0]).path, fields.get("user-agent", ""), _action(target, fields, body)
    )
    return Taken(head + body, asked, "upgrade" in fields.get("connection", "").lower())


async def words(reader: asyncio.StreamReader) -> Taken | None:
    """Read what came, in a protocol that doors know nothing of; None when no more comes."""
    data = await reader.read(HEAD_LIMIT)
    return Taken(data, Asked(), upgrades=True) if data else None


async def _body(reader: asyncio.StreamReader, fields: dict[str, str]) -> bytes:
    if "chunked" not in fields.get("transfer-encoding", "").lower():
        length = int(fields.get("content-length") or 0)
        if not 0 <= length <= BODY_LIMIT:
            raise ValueError(f"a body of {length} bytes is not taken")
        return await reader.readexactly(length)
    body = bytearray()
    while len(body) <= BODY_LIMIT:
        size = await reader.readuntil(b"\r\n")
        rest = await reader.readexactly(int(size.split(b";")[0], 16) + 2)
        body += size + rest
        if rest == b"\r\n":
            return bytes(body)
    raise ValueError("a body without end")


def _action(target: str, fields: dict[str, str], body: bytes) -> str:
    """Give the name of a cloud's call: Tencent's header, AWS's form, Aliyun's query or form."""
    for name in _ACTIONS:
        if name in fields:
            return fields[name]
    query = parse_qs(urlsplit(target).query).get("Action", [])
    if query:
        return query[0]
    found = _ACTION.search(body[:HEAD_LIMIT])
    return found[1].decode() if found else ""

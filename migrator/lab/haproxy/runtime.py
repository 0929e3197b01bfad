"""One line to the lab's HAProxy and its reply, and the two things the lab does with it: add servers, read counters."""

import csv
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SECONDS = 2.0
_SERVER = "2"  # the column `type` of `show stat`
_DONE = "New server registered."


class Denied(OSError):
    """HAProxy said no; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server as HAProxy counts it. `weight` is what takes part now: 0 in maintenance and while draining."""

    name: str
    address: str
    weight: int
    alive: bool
    connections: int
    active: int


def ask(where: tuple[str, int], *commands: str) -> str:
    """Send commands on one line and return the whole reply; OSError when nobody answers."""
    with socket.create_connection(where, SECONDS) as link:
        link.sendall((";".join(commands) + "\n").encode())
        parts = []
        while part := link.recv(1 << 16):
            parts.append(part)
    return b"".join(parts).decode()


def add(where: tuple[str, int], section: str, wanted: Iterable[tuple[str, int]], weight: int, check: str) -> None:
    """Add servers of one weight; each takes part as soon as its check has passed."""
    for host, port in wanted:
        path = f"{section}/{host}-{port}"
        reply = ask(where, f"add server {path} {host}:{port} weight {weight} {check}".strip()).strip()
        if reply != _DONE:
            raise Denied(f"add server {path}: {reply}")
        if problem := ask(where, *([f"enable health {path}"] if check else []), f"enable server {path}").strip():
            raise Denied(f"{path}: {problem}")


def servers(where: tuple[str, int], section: str) -> list[Server]:
    """Return every server of a section; OSError also where there is no such section."""
    return [_server(row) for row in _rows(ask(where, f"show stat {section} 4 -1"))]


def _rows(reply: str) -> Iterator[dict[str, str]]:
    lines = csv.reader(reply.splitlines())
    names = next(lines, [])
    if not names or not names[0].startswith("# "):
        raise Denied(reply.strip() or "HAProxy said nothing")
    names[0] = names[0].removeprefix("# ")
    for fields in lines:
        row = dict(zip(names, fields, strict=False))
        if row.get("type") == _SERVER:
            yield row


def _server(row: Mapping[str, str]) -> Server:
    taking_part = not row["status"].startswith(("MAINT", "DRAIN"))
    return Server(
        name=row["svname"],
        address=row["addr"],
        weight=int(row["uweight"] or 0) if taking_part else 0,
        alive=row["status"].startswith(("UP", "no check")) and taking_part,
        connections=int(row["stot"] or 0),
        active=int(row["scur"] or 0),
    )

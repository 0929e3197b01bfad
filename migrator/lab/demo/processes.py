"""Find processes below one of ours: by descent, program and environment, from /proc. Nothing else is ever looked at."""

from collections.abc import Iterator
from pathlib import Path


def descendants(ancestor: int) -> list[int]:
    """Return every process below `ancestor`, at any depth."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    processes, left = [], [ancestor]
    while left:
        below = children.get(left.pop(), [])
        processes += below
        left += below
    return processes


def envoys_of(ancestor: int, addresses: tuple[str, ...]) -> list[int]:
    """Return the Envoys below `ancestor` whose pod has one of `addresses`."""
    wanted = {f"POD_IP={address}".encode() for address in addresses}
    return [pid for pid in descendants(ancestor) if _is_envoy(pid) and wanted & _environment(pid)]


def environment(pid: int) -> dict[str, str]:
    """Return the environment with which a process was started; empty where it is gone."""
    pairs = (row.decode(errors="replace").partition("=") for row in _environment(pid))
    return {name: value for name, _, value in pairs if name}


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            yield int(entry.name), int(fields[1])


def _is_envoy(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").resolve().name == "envoy"
    except OSError:
        return False


def _environment(pid: int) -> set[bytes]:
    try:
        return set(Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"))
    except OSError:
        return set()

"""The driver's commands as lines for socat, to HAProxy's runtime API (management guide, "Unix Socket commands")."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.adapters.balancers.haproxy.rows import OURS
from migrator.adapters.balancers.shell import line
from migrator.domain.balancers.by_hand import ByHand, Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec

CHECK = "inter 2s fall 3 rise 2"


def look(spec: BalancerSpec) -> tuple[str, ...]:
    """Show the servers of each section, with weight and health."""
    return tuple(_typed(spec, f"show stat {row.id} 4 -1") for row in spec.listeners)


def write(spec: BalancerSpec, action: Write) -> tuple[str, ...]:
    """Write what the driver would write, a line for each command."""
    return tuple(_typed(spec, command) for command in _commands(spec, action))


def _commands(spec: BalancerSpec, action: Write) -> Iterable[str]:
    match action:
        case SetWeights(rows):
            yield from (f"set server {_path(row.backend)} weight {row.weight}" for row in rows)
        case Register():
            for backend in action.backends:
                path, check = _path(backend), dict(spec.options).get("check", CHECK)
                yield f"add server {path} {_dialled(backend)} weight 0 check {check}"
                yield f"enable health {path}"
                yield f"enable server {path}"
        case Deregister():
            for backend in action.backends:
                yield f"set server {_path(backend)} state maint"
                yield f"del server {_path(backend)}"


def _path(backend: Backend) -> str:
    return f"{backend.listener}/{backend.ref or f'{OURS}{backend.address}-{backend.port}'}"


def _dialled(backend: Backend) -> str:
    return f"[{backend.address}]:{backend.port}" if ":" in backend.address else f"{backend.address}:{backend.port}"


def _typed(spec: BalancerSpec, command: str) -> str:
    socket = dict(spec.options).get("socket", "")
    where = socket if socket.startswith("/") else f"TCP:{socket}"
    return f"{line('echo', command)} | {line('socat', 'stdio', where)}"


BY_HAND = ByHand(look, write)

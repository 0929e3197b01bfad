"""The driver's requests as lines for the operator's own command (docs/exec-driver.md)."""

from __future__ import annotations

from migrator.adapters.balancers.exec.wire import VERSION, balancer_of, named
from migrator.adapters.balancers.shell import line, packed
from migrator.domain.balancers.by_hand import ByHand, Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec


def look(spec: BalancerSpec) -> tuple[str, ...]:
    """Show the targets."""
    return (_asked(spec, "targets"),)


def write(spec: BalancerSpec, action: Write) -> tuple[str, ...]:
    """Write what the driver would write."""
    match action:
        case SetWeights(rows):
            return (_asked(spec, "set_weights", rows=[{**named(row.backend), "weight": row.weight} for row in rows]),)
        case Register():
            return (_asked(spec, "register", rows=[{**named(each), "weight": 0} for each in action.backends]),)
        case Deregister():
            removed = [dict(named(each)) for each in action.backends]
            return (_asked(spec, "deregister", rows=[*removed], consent=action.consent),)


def _asked(spec: BalancerSpec, verb: str, **more: Json) -> str:
    request: dict[str, Json] = {"version": VERSION, "verb": verb, "balancer": balancer_of(spec), **more}
    return f"{line('echo', packed(request))} | {dict(spec.options).get('command', '')}"


BY_HAND = ByHand(look, write)

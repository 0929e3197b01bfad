"""The driver's commands as lines of ipvsadm(8). An edit names how a server is forwarded: it would be changed to Route else."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.adapters.balancers.shell import line
from migrator.domain.balancers.by_hand import ByHand, Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec

USUAL = "ipvsadm"
FORWARDS = {"masq": "-m", "route": "-g", "tunnel": "-i"}


def look(spec: BalancerSpec) -> tuple[str, ...]:
    """Show the table."""
    return (f"{_command(spec)} -Ln",)


def write(spec: BalancerSpec, action: Write) -> tuple[str, ...]:
    """Write what the driver would write. `forward` finds in the table how a server of a service is forwarded."""
    return (_finding(spec), *_lines(spec, action))


def _lines(spec: BalancerSpec, action: Write) -> Iterable[str]:
    command = _command(spec)
    match action:
        case SetWeights(rows):
            for row in rows:
                service, server = row.backend.listener, _dialled(row.backend)
                how = f"$(forward {line(service, server)})"
                yield f"{command} -e {line('-t', service, '-r', server)} {how} -w {row.weight}"
        case Register():
            for backend in action.backends:
                how = FORWARDS.get(dict(spec.options).get("forward", ""), f"$(forward {line(backend.listener, 'any')})")
                yield f"{command} -a {line('-t', backend.listener, '-r', _dialled(backend))} {how} -w 0"
        case Deregister():
            for backend in action.backends:
                yield f"{command} -d {line('-t', backend.listener, '-r', _dialled(backend))}"


def _finding(spec: BalancerSpec) -> str:
    """Give a shell's function: the option that keeps how a server (`any`: one) of a service is forwarded."""
    program = (
        '$1=="TCP"{here=$2==s} here && $1=="->" && (r=="any" || $2==r)'
        '{print $3=="Masq"?"-m":$3=="Tunnel"?"-i":"-g"; exit}'
    )
    return f"""forward() {{ {_command(spec)} -Ln | awk -v s="$1" -v r="$2" '{program}'; }}"""


def _command(spec: BalancerSpec) -> str:
    return dict(spec.options).get("command", USUAL)


def _dialled(backend: Backend) -> str:
    return f"[{backend.address}]:{backend.port}" if ":" in backend.address else f"{backend.address}:{backend.port}"


BY_HAND = ByHand(look, write)

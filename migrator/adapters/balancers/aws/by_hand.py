"""The driver's calls as lines for the AWS command line. ModifyListener replaces a listener's action whole, so what is there is
read, changed by jq and sent back (docs: elbv2 describe-listeners, modify-listener)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.aws.options import options
from migrator.adapters.balancers.shell import by_listener, line, option, variable
from migrator.domain.balancers.by_hand import ByHand, Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec


def look(spec: BalancerSpec) -> tuple[str, ...]:
    """Show each listener's groups with their weights."""
    lines = [*_named(spec, [row.id for row in spec.listeners])]
    for row in spec.listeners:
        lines.append(
            _aws(
                spec, f'describe-listeners --listener-arns "${_listener(row.id)}" --query "Listeners[0].DefaultActions"'
            )
        )
        lines.append(_aws(spec, f'describe-target-health --target-group-arn "${_group(row.id)}"'))
    return tuple(lines)


def write(spec: BalancerSpec, action: Write) -> tuple[str, ...]:
    """Write what the driver would write."""
    lines: list[str] = []
    match action:
        case SetWeights(rows):
            for listener, found in by_listener((row.backend.listener, row) for row in rows):
                weights = {_of(row.backend): row.weight for row in found}
                lines += [*_named(spec, [listener]), *_forwarded(spec, listener, weights)]
        case Register() | Deregister():
            call = "register-targets" if isinstance(action, Register) else "deregister-targets"
            for listener, backends in by_listener((each.listener, each) for each in action.backends):
                lines += [*_named(spec, [listener]), *_moved(spec, call, backends)]
    return tuple(lines)


def _forwarded(spec: BalancerSpec, listener: str, weights: dict[str, int]) -> Iterable[str]:
    name, file = _listener(listener), f"actions-{variable(listener).lower()}.json"
    yield _aws(spec, f'describe-listeners --listener-arns "${name}" --query "Listeners[0].DefaultActions" > {file}')
    for group, weight in weights.items():
        chosen = "(.[-1].ForwardConfig.TargetGroups[] | select(.TargetGroupArn==$g))"
        change = f"{chosen}.Weight={weight} | del(.[-1].TargetGroupArn)"
        yield f"jq --arg g {group} '{change}' {file} > new.json && mv new.json {file}"
    yield _aws(spec, f'modify-listener --listener-arn "${name}" --default-actions file://{file}')


def _moved(spec: BalancerSpec, call: str, backends: Sequence[Backend]) -> Iterable[str]:
    """Give a call for each group. A group of instances takes their ids in the place of addresses."""
    for group, found in by_listener((_of(each), each) for each in backends):
        targets = " ".join(f"Id={_id(spec, each)},Port={each.port}" for each in found)
        yield _aws(spec, f"{call} --target-group-arn {group} --targets {targets}")


def _id(spec: BalancerSpec, backend: Backend) -> str:
    return options(spec).instances.get(backend.address, backend.address)


def _named(spec: BalancerSpec, listeners: Iterable[str]) -> Iterable[str]:
    """Give the lines that put listeners' and new groups' ARNs into variables, however the plan names them."""
    balancer = spec.id if spec.id.startswith("arn:") else "$LB"
    if balancer == "$LB":
        found = _aws(
            spec,
            f"describe-load-balancers {line('--names', spec.id)} --query LoadBalancers[0].LoadBalancerArn --output text",
        )
        yield f"LB=$({found})"
    for name in listeners:
        port = name.rpartition(":")[2]
        query = f"Listeners[?Port==`{port}`].ListenerArn"
        listed = _aws(spec, f"describe-listeners --load-balancer-arn \"{balancer}\" --query '{query}' --output text")
        yield f"{_listener(name)}={name if name.startswith('arn:') else f'$({listed})'}"
        group = options(spec).new_groups[name]
        of = _aws(
            spec,
            f"describe-target-groups {line('--names', group)} --query TargetGroups[0].TargetGroupArn --output text",
        )
        yield f"{_group(name)}={group if group.startswith('arn:') else f'$({of})'}"


def _of(backend: Backend) -> str:
    """Give the group of a backend: its ref tells an old one's; a new one is in the plan's."""
    return line(backend.ref) if backend.ref else f'"${_group(backend.listener)}"'


def _listener(name: str) -> str:
    return f"LISTENER_{variable(name)}"


def _group(name: str) -> str:
    return f"NEW_GROUP_{variable(name)}"


def _aws(spec: BalancerSpec, words: str) -> str:
    return f"{line('aws', 'elbv2', '--region', spec.region, *option('--endpoint-url', spec.endpoint))} {words}"


BY_HAND = ByHand(look, write)

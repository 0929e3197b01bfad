"""The driver's patches as lines of kubectl: a weight is an annotation of a pod, membership its label (docs/controllers.md)."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.adapters.balancers.shell import line
from migrator.domain.balancers.by_hand import ByHand, Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec

WEIGHT = "service.cloud.tencent.com/custom-weight"


def look(spec: BalancerSpec) -> tuple[str, ...]:
    """Show the pods' annotations, and what the balancer has made of them."""
    show = f"{_kubectl(spec)} get pods -o wide"
    clb = line("tccli", "clb", "DescribeTargets", "--region", spec.region, "--LoadBalancerId", spec.id)
    return (show, clb)


def write(spec: BalancerSpec, action: Write) -> tuple[str, ...]:
    """Write what the driver would write; the controller carries it out within seconds."""
    return tuple(_lines(spec, action))


def _lines(spec: BalancerSpec, action: Write) -> Iterable[str]:
    kubectl = _kubectl(spec)
    match action:
        case SetWeights(rows):
            for row in rows:
                yield f"{kubectl} annotate --overwrite pod {_pod(spec, row.backend)} {WEIGHT}={row.weight}"
        case Register():
            for backend in action.backends:
                yield f"{kubectl} annotate --overwrite pod {_pod(spec, backend)} {WEIGHT}=0"
                yield f"{kubectl} label --overwrite pod {_pod(spec, backend)} {_member(spec, backend, '{{$k}}={{$v}}')}"
        case Deregister():
            for backend in action.backends:
                yield f"{kubectl} label pod {_pod(spec, backend)} {_member(spec, backend, '{{$k}}-')}"


def _pod(spec: BalancerSpec, backend: Backend) -> str:
    return f"$({_kubectl(spec)} get pods --field-selector status.podIP={backend.address} -o name | cut -d/ -f2)"


def _member(spec: BalancerSpec, backend: Backend, form: str) -> str:
    """Give the one label by which the listener's Service selects."""
    pairs = (pair.partition("=") for pair in dict(spec.options).get("services", "").split(","))
    names = {listener.strip(): service.strip() for listener, _, service in pairs}
    template = "{{range $k, $v := .spec.selector}}" + form + "{{end}}"
    return f"$({_kubectl(spec)} get service {names.get(backend.listener, '')} -o go-template='{template}')"


def _kubectl(spec: BalancerSpec) -> str:
    given = dict(spec.options)
    words = [f"--{name}={given[name]}" for name in ("kubeconfig", "context") if given.get(name)]
    return line("kubectl", *words, "-n", given.get("namespace", ""))


BY_HAND = ByHand(look, write)

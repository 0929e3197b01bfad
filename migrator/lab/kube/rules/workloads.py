"""The rules of Deployments, ReplicaSets, DaemonSets and StatefulSets."""

from collections.abc import Iterator

from migrator.lab.kube.api.documents import Doc, encode, within
from migrator.lab.kube.api.errors import Flaw, bad_value, required, unsupported
from migrator.lab.kube.api.selectors import matches
from migrator.lab.kube.rules.names import label_flaws
from migrator.lab.kube.rules.pods import spec_flaws

_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


def template_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield the flaws that every templated workload can have."""
    spec = within(doc, "spec")
    template = within(spec, "template")
    labels = within(template, "metadata", "labels")
    yield from _selector_flaws(spec, labels)
    yield from label_flaws("spec.template.labels", labels)
    replicas = spec.get("replicas")
    if isinstance(replicas, int) and replicas < 0:
        yield bad_value("spec.replicas", replicas, "must be greater than or equal to 0")
    pod = within(template, "spec")
    yield from spec_flaws(pod, "spec.template.spec")
    if pod.get("restartPolicy") != "Always":
        yield unsupported("spec.template.spec.restartPolicy", pod.get("restartPolicy"), ("Always",))


def _selector_flaws(spec: Doc, labels: Doc) -> Iterator[Flaw]:
    selector = spec.get("selector")
    if selector is None:
        yield required("spec.selector")
        return
    if not within(spec, "selector"):
        yield bad_value("spec.selector", _shown(selector), "empty selector is invalid for deployment")
        return
    operators = [row.get("operator") for row in selector.get("matchExpressions") or ()]
    if unknown := [word for word in operators if word not in _OPERATORS]:
        yield bad_value("spec.selector.matchExpressions[0].operator", unknown[0], "not a valid selector operator")
    elif not matches(selector, labels):
        yield bad_value("spec.template.metadata.labels", _shown(labels), "`selector` does not match template `labels`")


def deployment_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a Deployment's flaws."""
    yield from template_flaws(doc)
    strategy = within(doc, "spec", "strategy")
    if strategy.get("type") not in ("Recreate", "RollingUpdate"):
        yield unsupported("spec.strategy.type", strategy.get("type"), ("Recreate", "RollingUpdate"))
    if strategy.get("type") == "Recreate" and strategy.get("rollingUpdate") is not None:
        text = "Forbidden: may not be specified when strategy `type` is 'Recreate'"
        yield Flaw("spec.strategy.rollingUpdate", text, "FieldValueForbidden")
    yield from _rolling_flaws(within(strategy, "rollingUpdate"), "spec.strategy.rollingUpdate")


def daemonset_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a DaemonSet's flaws."""
    yield from template_flaws(doc)
    strategy = within(doc, "spec", "updateStrategy")
    if strategy.get("type") not in ("RollingUpdate", "OnDelete"):
        yield unsupported("spec.updateStrategy.type", strategy.get("type"), ("RollingUpdate", "OnDelete"))
    rolling = within(strategy, "rollingUpdate")
    yield from _rolling_flaws(rolling, "spec.updateStrategy.rollingUpdate")
    if not _is_zero(rolling.get("maxSurge", 0)) and not _is_zero(rolling.get("maxUnavailable", 0)):
        path = "spec.updateStrategy.rollingUpdate.maxSurge"
        yield bad_value(path, rolling.get("maxSurge"), "may not be set when maxUnavailable is non-zero")


def _rolling_flaws(rolling: Doc, path: str) -> Iterator[Flaw]:
    if rolling and _is_zero(rolling.get("maxUnavailable")) and _is_zero(rolling.get("maxSurge", 0)):
        shown = rolling.get("maxUnavailable")
        yield bad_value(f"{path}.maxUnavailable", shown, "cannot be 0 when `maxSurge` is 0")


def _is_zero(value: object) -> bool:
    return value in (0, "0%", "0", None)


def selector_change_flaws(old: Doc, new: Doc) -> Iterator[Flaw]:
    """Yield the flaw of changing a selector, which no workload may."""
    before, after = within(old, "spec").get("selector"), within(new, "spec").get("selector")
    if before != after and after is not None:
        yield bad_value("spec.selector", _shown(after), "field is immutable")


def _shown(value: object) -> str:
    return encode(value).decode().replace('"', "'")

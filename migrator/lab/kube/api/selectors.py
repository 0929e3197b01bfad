"""Label and field selectors as predicates over objects. It refuses field labels that the real server does not index."""

import re
from collections.abc import Callable, Mapping

from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.api.errors import bad_request
from migrator.lab.kube.api.kinds import Kind

Test = Callable[[Doc], bool]
_Labels = Callable[[Mapping[str, str]], bool]

_FIELDS = {
    "pods": "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork"
    " status.phase status.podIP status.nominatedNodeName",
    "nodes": "spec.unschedulable",
    "namespaces": "status.phase",
    "secrets": "type",
    "services": "spec.clusterIP spec.type",
    "replicasets": "status.replicas",
    "events": "involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid"
    " involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath"
    " reason reportingComponent source type",
}
_FALSE_WHEN_ABSENT = {"spec.unschedulable", "spec.hostNetwork"}
_SET = re.compile(r"^\s*(?P<key>[^\s!=,()]+)\s+(?P<word>in|notin)\s*\((?P<values>[^)]*)\)\s*$")
_PAIR = re.compile(r"^\s*(?P<key>[^\s!=,()]+)\s*(?P<word>==|=|!=)\s*(?P<value>[^\s!=,()]*)\s*$")
_PRESENCE = re.compile(r"^\s*(?P<word>!?)\s*(?P<key>[^\s!=,()]+)\s*$")
_COMMA = re.compile(r",(?![^(]*\))")


def anything(_doc: Doc) -> bool:
    """Select every object."""
    return True


def selection(kind: Kind, labels: str, fields: str) -> Test:
    """Return the predicate for both selectors of a request; raises ApiError 400 where the real server would."""
    tests = [*_label_tests(labels), *_field_tests(kind, fields)]
    if not tests:
        return anything
    return lambda doc: all(test(doc) for test in tests)


def matches(selector: Doc | None, labels: Mapping[str, str]) -> bool:
    """Return whether a LabelSelector object selects `labels`. None selects nothing, an empty one everything."""
    if selector is None:
        return False
    wanted = within(selector, "matchLabels")
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(row)(labels) for row in selector.get("matchExpressions") or ())


def _expression(row: Doc) -> _Labels:
    words = {"In": "in", "NotIn": "notin", "Exists": "", "DoesNotExist": "!"}
    return _requirement(row["key"], words[row["operator"]], row.get("values") or ())


def _label_tests(text: str) -> list[Test]:
    def on_labels(test: _Labels) -> Test:
        return lambda doc: test(doc["metadata"].get("labels") or {})

    return [on_labels(_parsed(part)) for part in _COMMA.split(text) if part.strip()]


def _parsed(part: str) -> _Labels:
    for pattern in (_SET, _PAIR, _PRESENCE):
        if match := pattern.match(part):
            groups = match.groupdict()
            listed = groups["values"].split(",") if "values" in groups else [groups.get("value", "")]
            return _requirement(groups["key"], groups["word"], [value.strip() for value in listed])
    raise bad_request(f"unable to parse requirement: found '{part}', expected: in, notin, =, ==, !=, gt, lt")


def _requirement(key: str, word: str, values: list[str] | tuple[str, ...]) -> _Labels:
    among = set(values)
    if word in ("in", "=", "=="):
        return lambda labels: labels.get(key) in among
    if word in ("notin", "!="):
        return lambda labels: labels.get(key) not in among
    return (lambda labels: key not in labels) if word == "!" else (lambda labels: key in labels)


def _field_tests(kind: Kind, text: str) -> list[Test]:
    return [_field_test(kind, part) for part in text.split(",") if part.strip()]


def _field_test(kind: Kind, part: str) -> Test:
    match = _PAIR.match(part)
    if not match:
        raise bad_request(f"invalid field selector: '{part}'; can't understand '{part}'")
    path, wanted, equal = match["key"], match["value"], match["word"] != "!="
    known = _FIELDS.get(kind.plural, "").split() if not kind.custom else []
    if path not in ("metadata.name", "metadata.namespace", *known):
        text = f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"'
        raise bad_request(text if kind.custom else f"field label not supported: {path}")
    names = path.split(".")
    return lambda doc: (_field(doc, names, path) == wanted) is equal


def _field(doc: Doc, names: list[str], path: str) -> str:
    if path == "source":
        return str(within(doc, "source").get("component") or doc.get("reportingComponent") or "")
    value = within(doc, *names[:-1]).get(names[-1])
    if isinstance(value, bool) or (value is None and path in _FALSE_WHEN_ABSENT):
        return "true" if value else "false"
    return "" if value is None else str(value)

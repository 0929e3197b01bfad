"""Kubernetes objects as the API server understands them: selectors, quantities, addresses, the ports of a pod. Pure readers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, number, text
from migrator.domain.model.outside.reading import signed_number

PRIVILEGED = 1024
"""Below this a port of the node needs root, or a capability of the binary."""

GRACE = 30
"""The seconds that Kubernetes gives a pod to end where it names none."""

COST = "controller.kubernetes.io/pod-deletion-cost"
"""The annotation by which a ReplicaSet's controller is told which pod to delete first (Kubernetes 1.22): the cheapest."""

CHEAPEST = "-2147483648"

ANY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - a hostIP that is compared, not an address we listen on


def matches(selector: Json, having: Mapping[str, str]) -> bool:
    """Say whether a LabelSelector (matchLabels and matchExpressions) matches; an empty one matches everything."""
    equal = labels(selector, "matchLabels")
    rows = items(selector, "matchExpressions")
    return all(having.get(key) == value for key, value in equal.items()) and all(holds(row, having) for row in rows)


def holds(row: Manifest, having: Mapping[str, str]) -> bool:
    """Say whether one requirement of `matchExpressions` holds of labels: In, NotIn (or absent), Exists, DoesNotExist."""
    key, operator = text(row, "key"), text(row, "operator")
    listed = row.get("values")
    values = [value for value in listed if isinstance(value, str)] if isinstance(listed, list) else []
    if operator == "In":
        return having.get(key) in values
    if operator == "NotIn":
        return having.get(key) not in values
    return (key in having) is (operator == "Exists")


def term_of(term: Manifest, node: Manifest) -> bool:
    """Say whether a node matches a NodeSelectorTerm; one without any rule matches no node (as the scheduler has it)."""
    having, fields = labels_of(node), {"metadata.name": name_of(node)}
    rows = [
        *((row, having) for row in items(term, "matchExpressions")),
        *((r, fields) for r in items(term, "matchFields")),
    ]
    return bool(rows) and all(
        _compared(row, of) if text(row, "operator") in _ORDER else holds(row, of) for row, of in rows
    )


_ORDER = {"Gt": 1, "Lt": -1}


def _compared(row: Manifest, having: Mapping[str, str]) -> bool:
    """Say whether a label's whole number is beyond the one that a node's rule names (Gt, Lt)."""
    values, held = row.get("values"), having.get(text(row, "key"), "")
    wanted = str(values[0]) if isinstance(values, list) and values else ""
    numbers = signed_number(held), signed_number(wanted)
    if numbers[0] is None or numbers[1] is None:
        return False
    return (numbers[0] - numbers[1]) * _ORDER[text(row, "operator")] > 0


def name_of(thing: Manifest) -> str:
    """Give the object's name."""
    return text(thing, "metadata", "name")


def namespace_of(thing: Manifest) -> str:
    """Give the object's namespace."""
    return text(thing, "metadata", "namespace")


def called(thing: Manifest) -> str:
    """Give `namespace/name`, or the name of an object that has no namespace."""
    where = namespace_of(thing)
    return f"{where}/{name_of(thing)}" if where else name_of(thing)


def annotations_of(thing: Manifest) -> dict[str, str]:
    """Give the object's annotations."""
    return labels(thing, "metadata", "annotations")


def labels_of(thing: Manifest) -> dict[str, str]:
    """Give the object's labels."""
    return labels(thing, "metadata", "labels")


def controller_of(thing: Manifest) -> Manifest:
    """Give the ownerReference that is marked as the controller, or an empty one."""
    rows = items(thing, "metadata", "ownerReferences")
    return next((row for row in rows if row.get("controller") is True), {})


def owner_of(thing: Manifest) -> Manifest:
    """Give the ownerReference that is marked as the controller, else the first one, or an empty one."""
    return controller_of(thing) or next(iter(items(thing, "metadata", "ownerReferences")), {})


def pod_containers(pod_spec: Json) -> list[Manifest]:
    """Give the containers of a pod spec that run for good: the ordinary ones and init containers that restart always."""
    kept = [row for row in items(pod_spec, "initContainers") if text(row, "restartPolicy") == "Always"]
    return [*items(pod_spec, "containers"), *kept]


def host_ports(pod_spec: Json) -> set[tuple[str, str, int]]:
    """Give (protocol, host address or "", port) for each port that a pod holds on its node.

    With hostNetwork the API server sets hostPort to containerPort, so a declared port is held either way.
    """
    on_host = mapping(pod_spec).get("hostNetwork") is True
    ports = set()
    for container in pod_containers(pod_spec):
        for port in items(container, "ports"):
            held = number(port, "hostPort") or (number(port, "containerPort") if on_host else 0)
            if held:
                address = text(port, "hostIP")
                ports.add((text(port, "protocol") or "TCP", "" if address in ANY_ADDRESS else address, held))
    return ports


ASKS = ("livenessProbe", "readinessProbe", "startupProbe")
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{1,5})\b")


def node_ports_of(pod_spec: Json) -> set[tuple[str, str, int]]:
    """Give the ports that a pod holds on its node: those it declares, and with hostNetwork also those that its probes and
    hooks ask there, which it must be listening on."""
    held = host_ports(pod_spec)
    if mapping(pod_spec).get("hostNetwork") is True:
        held |= {("TCP", "", port) for row in pod_containers(pod_spec) for port in asked_ports(row)}
    return held


def asked_ports(container: Manifest) -> Iterator[int]:
    """Give the ports that a container's probes and hooks ask, by number or by the name of a declared port."""
    named = {text(port, "name"): number(port, "containerPort") for port in items(container, "ports")}
    actions = [mapping(container, probe) for probe in ASKS]
    actions += [mapping(container, "lifecycle", hook) for hook in ("preStop", "postStart")]
    for action in actions:
        for kind in ("httpGet", "tcpSocket", "grpc"):
            port = dig(action, kind, "port")
            yield from filter(None, [named.get(port, 0) if isinstance(port, str) else number(action, kind, "port")])
        yield from (int(port) for port in _LOCAL.findall(command_of(action)))


def clashing(wanted: set[tuple[str, str, int]], held: set[tuple[str, str, int]]) -> list[int]:
    """Give the ports of `wanted` that are held already: same protocol, same address or either on all of them."""
    return sorted(
        {w[2] for w in wanted for h in held if w[0] == h[0] and w[2] == h[2] and (w[1] == h[1] or not w[1] or not h[1])}
    )


def covers(cidr: str, address: str) -> bool:
    """Say whether a CIDR (or a single address) covers an address; what is neither covers nothing."""
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False


def command_of(action: Json) -> str:
    """Give the words of an exec action in one text; "" for another kind of action."""
    words = dig(action, "exec", "command")
    return " ".join(word for word in words if isinstance(word, str)) if isinstance(words, list) else ""


def words_of(container: Manifest) -> str:
    """Give a container's command and arguments in one text."""
    listed = (container.get("command"), container.get("args"))
    return " ".join(str(word) for words in listed if isinstance(words, list) for word in words)


_QUANTITY = re.compile(
    r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?)([num]|[kMGTPE]|[KMGTPE]i)?"
)
_UNIT = {"": 1.0, "n": 1e-9, "u": 1e-6, "m": 0.001, "k": 1e3} | {
    unit: value
    for power, letter in enumerate("KMGTPE", start=1)
    for unit, value in ((letter, 1000.0**power), (f"{letter}i", 1024.0**power))
}
"""Source: apimachinery's Quantity. An exponent and a suffix exclude each other there; here they would be multiplied."""


def quantity(value: Json) -> float | None:
    """Give a resource quantity as a number (cores, bytes); None for what is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return _read(value) if isinstance(value, str) else None


@lru_cache(4096)  # a cluster's pods ask for the same few amounts
def _read(words: str) -> float | None:
    parts = _QUANTITY.fullmatch(words)
    return float(parts[1]) * _UNIT[parts[2] or ""] if parts else None


def requests_of(pod_spec: Json) -> dict[str, float]:
    """Give what a pod asks of its node: the sum of its lasting containers' requests (init containers come and go), or what
    the pod asks as a whole, and what its runtime needs besides (`overhead`)."""
    amounts: dict[str, float] = {}
    for container in pod_containers(pod_spec):
        for resource, value in mapping(container, "resources", "requests").items():
            amounts[resource] = amounts.get(resource, 0.0) + (quantity(value) or 0.0)
    whole = mapping(pod_spec, "resources", "requests")
    amounts |= {resource: amount for resource, value in whole.items() if (amount := quantity(value)) is not None}
    for resource, value in mapping(pod_spec, "overhead").items():
        amounts[resource] = amounts.get(resource, 0.0) + (quantity(value) or 0.0)
    return amounts


def container_named(pod_spec: Manifest, names: Iterable[str]) -> Manifest:
    """Give the first container that has one of these names, in their order, or else the pod's first; "" names none."""
    rows = items(pod_spec, "containers")
    for wanted in names:
        container = next((row for row in rows if wanted and text(row, "name") == wanted), None)
        if container is not None:
            return container
    return rows[0] if rows else {}


def env(container: Manifest, name: str) -> Json:
    """Give an environment variable's plain value, or None."""
    return next((row.get("value") for row in items(container, "env") if text(row, "name") == name), None)


def grace_of(pod_spec: Manifest) -> float:
    """Give the seconds that a pod is given to end."""
    seconds = pod_spec.get("terminationGracePeriodSeconds")
    return float(seconds) if isinstance(seconds, int) else float(GRACE)

"""Kubernetes objects as the API server understands them: selectors, quantities, owners, the ports of a pod. Pure readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, number, text

PRIVILEGED = 1024
"""Below this a port of the node needs root, or a capability of the binary."""

GRACE = 30
"""The seconds that Kubernetes gives a pod to end where it names none."""

ANY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - a hostIP that is compared, not an address we listen on


def matches(selector: Json, having: Mapping[str, str]) -> bool:
    """Say whether a LabelSelector (matchLabels and matchExpressions) matches; an empty one matches everything."""
    equal = labels(selector, "matchLabels")
    rows = items(selector, "matchExpressions")
    return all(having.get(key) == value for key, value in equal.items()) and all(_holds(row, having) for row in rows)


def _holds(row: Manifest, having: Mapping[str, str]) -> bool:
    key, operator = text(row, "key"), text(row, "operator")
    listed = row.get("values")
    values = [value for value in listed if isinstance(value, str)] if isinstance(listed, list) else []
    if operator == "In":
        return having.get(key) in values
    if operator == "NotIn":
        return having.get(key) not in values
    return (key in having) is (operator == "Exists")


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


def clashing(wanted: set[tuple[str, str, int]], held: set[tuple[str, str, int]]) -> list[int]:
    """Give the ports of `wanted` that are held already: same protocol, same address or either on all of them."""
    return sorted(
        {w[2] for w in wanted for h in held if w[0] == h[0] and w[2] == h[2] and (w[1] == h[1] or not w[1] or not h[1])}
    )


def command_of(action: Json) -> str:
    """Give the words of an exec action in one text; "" for another kind of action."""
    words = dig(action, "exec", "command")
    return " ".join(word for word in words if isinstance(word, str)) if isinstance(words, list) else ""


_QUANTITY = re.compile(r"^([0-9.]+)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$")
_UNIT = {"": 1.0, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15} | {
    f"{letter}i": 1024.0**power for power, letter in enumerate("KMGTP", start=1)
}


def quantity(value: Json) -> float | None:
    """Give a resource quantity as a number (cores, bytes); None for what is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return _read(value) if isinstance(value, str) else None


@lru_cache(4096)  # a cluster's pods ask for the same few amounts
def _read(words: str) -> float | None:
    parts = _QUANTITY.match(words)
    return float(parts[1]) * _UNIT[parts[2] or ""] if parts else None


def requests_of(pod_spec: Json) -> dict[str, float]:
    """Give what a pod asks of its node: the sum of its lasting containers' requests (init containers come and go)."""
    amounts: dict[str, float] = {}
    for container in pod_containers(pod_spec):
        for resource, value in mapping(container, "resources", "requests").items():
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

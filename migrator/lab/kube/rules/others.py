"""The rules of services, budgets, autoscalers, leases, slices, config maps and resource definitions."""

import re
from collections.abc import Iterator
from typing import Any

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.errors import Flaw, bad_value, required, twice, unsupported

_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_KEY_TEXT = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"


def service_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a Service's flaws."""
    spec = within(doc, "spec")
    if spec.get("type") not in _TYPES:
        yield unsupported("spec.type", spec.get("type"), _TYPES)
    ports = rows(spec, "ports")
    if not ports and spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    if spec.get("type") == "ExternalName" and not spec.get("externalName"):
        yield required("spec.externalName")
    if spec.get("type") == "LoadBalancer" and spec.get("clusterIP") == "None":
        yield bad_value("spec.clusterIP", "None", "may not be set to 'None' for LoadBalancer services")
    for at, port in enumerate(ports):
        yield from _service_port_flaws(port, f"spec.ports[{at}]", ports[:at], len(ports) > 1)


def _service_port_flaws(port: Doc, path: str, earlier: list[Doc], several: bool) -> Iterator[Flaw]:
    if several and not port.get("name"):
        yield required(f"{path}.name")
    if not isinstance(port.get("port"), int) or not 0 < port["port"] < 65536:
        yield bad_value(f"{path}.port", port.get("port", 0), "must be between 1 and 65535, inclusive")
    if port.get("protocol") not in _PROTOCOLS:
        yield unsupported(f"{path}.protocol", port.get("protocol"), _PROTOCOLS)
    if port.get("name") and port["name"] in [row.get("name") for row in earlier]:
        yield twice(f"{path}.name", port["name"])
    key = (port.get("port"), port.get("protocol"))
    if key in [(row.get("port"), row.get("protocol")) for row in earlier]:
        yield twice(path, f"{key[0]}/{key[1]}")


def service_change_flaws(old: Doc, new: Doc) -> Iterator[Flaw]:
    """Yield the flaw of changing a cluster IP."""
    before, after = within(old, "spec"), within(new, "spec")
    if "ExternalName" in (before.get("type"), after.get("type")):
        return
    if before.get("clusterIP") and before.get("clusterIP") != after.get("clusterIP"):
        yield bad_value("spec.clusterIPs[0]", [after.get("clusterIP")], "may not change once set")


def data_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a ConfigMap's flaws."""
    for name, value in within(doc, "data").items():
        if not _KEY.fullmatch(name):
            yield bad_value(f"data[{name}]", name, _KEY_TEXT)
        if not isinstance(value, str):
            yield bad_value(f"data[{name}]", value, "must be a string")


def budget_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a disruption budget's flaws."""
    spec = within(doc, "spec")
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield bad_value("spec", "", "minAvailable and maxUnavailable cannot be both set")
    for name in ("minAvailable", "maxUnavailable"):
        if not _count_or_percent(spec.get(name)):
            yield bad_value(f"spec.{name}", spec[name], "must be an integer or percentage (e.g '5%')")


def _count_or_percent(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"[0-9]+%", value)) and int(value[:-1]) <= 100
    return value is None or (isinstance(value, int) and value >= 0)


def autoscaler_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield an autoscaler's flaws."""
    spec = within(doc, "spec")
    for name in ("kind", "name"):
        if not within(spec, "scaleTargetRef").get(name):
            yield required(f"spec.scaleTargetRef.{name}")
    most, least = spec.get("maxReplicas"), spec.get("minReplicas")
    if not isinstance(most, int) or most < 1:
        yield bad_value("spec.maxReplicas", most or 0, "must be greater than 0")
    elif isinstance(least, int) and most < least:
        yield bad_value("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")


def lease_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a Lease's flaws."""
    spec = within(doc, "spec")
    if isinstance(seconds := spec.get("leaseDurationSeconds"), int) and seconds <= 0:
        yield bad_value("spec.leaseDurationSeconds", seconds, "must be greater than 0")
    if isinstance(moves := spec.get("leaseTransitions"), int) and moves < 0:
        yield bad_value("spec.leaseTransitions", moves, "must be greater than or equal to 0")


def slice_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield an EndpointSlice's flaws."""
    if doc.get("addressType") not in ("IPv4", "IPv6", "FQDN"):
        yield unsupported("addressType", doc.get("addressType", ""), ("FQDN", "IPv4", "IPv6"))
    for at, endpoint in enumerate(rows(doc, "endpoints")):
        if not endpoint.get("addresses"):
            yield required(f"endpoints[{at}].addresses", "must contain at least 1 item")


def slice_change_flaws(old: Doc, new: Doc) -> Iterator[Flaw]:
    """Yield the flaw of changing a slice's address type."""
    if old.get("addressType") != new.get("addressType"):
        yield bad_value("addressType", new.get("addressType"), "field is immutable")


def definition_flaws(doc: Doc) -> Iterator[Flaw]:
    """Yield a CustomResourceDefinition's flaws."""
    spec, names = within(doc, "spec"), within(doc, "spec", "names")
    for name in ("group", "scope"):
        if not spec.get(name):
            yield required(f"spec.{name}")
    for name in ("plural", "kind"):
        if not names.get(name):
            yield required(f"spec.names.{name}")
    if doc["metadata"].get("name") != f"{names.get('plural')}.{spec.get('group')}":
        yield bad_value("metadata.name", doc["metadata"].get("name"), 'must be spec.names.plural+"."+spec.group')
    if len([row for row in rows(spec, "versions") if row.get("storage")]) != 1:
        yield bad_value("spec.versions", "", "must have exactly one version marked as storage version")

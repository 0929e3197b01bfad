"""The rules of pod specs, shared by pods and templates, and of changes to a running pod."""

from collections.abc import Iterator
from typing import Any

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.errors import Flaw, bad_value, required, twice, unsupported
from migrator.lab.kube.rules.host import host_flaws
from migrator.lab.kube.rules.names import is_label

_PROTOCOLS = ("SCTP", "TCP", "UDP")
_LABEL_TEXT = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_ACTIONS = ("exec", "httpGet", "tcpSocket", "grpc")
_CHANGEABLE = (
    "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`,"
    " `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations),"
    " `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def pod_flaws(pod: Doc) -> Iterator[Flaw]:
    """Yield the flaws of a pod."""
    yield from spec_flaws(within(pod, "spec"), "spec", of_pod=True)
    policy = within(pod, "spec").get("restartPolicy")
    if policy not in ("Always", "OnFailure", "Never"):
        yield unsupported("spec.restartPolicy", policy, ("Always", "OnFailure", "Never"))


def spec_flaws(spec: Doc, path: str, of_pod: bool = False) -> Iterator[Flaw]:
    """Yield the flaws of a pod spec at `path`; `of_pod`: it is a pod's own and no template's."""
    volumes = [row.get("name") for row in rows(spec, "volumes")]
    yield from _named_once(volumes, f"{path}.volumes")
    if not rows(spec, "containers"):
        yield required(f"{path}.containers")
    names = [row.get("name") for part in ("initContainers", "containers") for row in rows(spec, part)]
    yield from _named_once(names, f"{path}.containers")
    for part in ("initContainers", "containers"):
        for at, container in enumerate(rows(spec, part)):
            yield from _container_flaws(container, f"{path}.{part}[{at}]", spec, volumes, of_pod)
    yield from _host_port_flaws(spec, path)
    yield from host_flaws(spec, path)
    grace = spec.get("terminationGracePeriodSeconds")
    if isinstance(grace, int) and grace < 0:
        yield bad_value(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than or equal to 0")


def _named_once(names: list[Any], path: str) -> Iterator[Flaw]:
    for at, name in enumerate(names):
        if not name:
            yield required(f"{path}[{at}].name")
        elif not is_label(str(name)):
            yield bad_value(f"{path}[{at}].name", name, _LABEL_TEXT)
        elif name in names[:at]:
            yield twice(f"{path}[{at}].name", name)


def _container_flaws(container: Doc, path: str, spec: Doc, volumes: list[Any], of_pod: bool) -> Iterator[Flaw]:
    if not container.get("image"):
        yield required(f"{path}.image")
    yield from _ports_flaws(container, path, bool(spec.get("hostNetwork")), of_pod)
    for at, row in enumerate(rows(container, "env")):
        if not row.get("name"):
            yield required(f"{path}.env[{at}].name")
        if row.get("value") and row.get("valueFrom"):
            yield bad_value(f"{path}.env[{at}].valueFrom", "", "may not be specified when `value` is not empty")
    yield from _mount_flaws(container, path, volumes)
    for name in _PROBES:
        if container.get(name) is not None:
            yield from _probe_flaws(within(container, name), f"{path}.{name}", name)


def _ports_flaws(container: Doc, path: str, host_network: bool, of_pod: bool) -> Iterator[Flaw]:
    for at, port in enumerate(rows(container, "ports")):
        yield from _port_flaws(port, f"{path}.ports[{at}]")
        if host_network:
            yield from _host_network_flaws(port, f"{path}.ports[{at}]", of_pod)
    names = [row.get("name") for row in rows(container, "ports")]
    yield from (twice(f"{path}.ports[{at}].name", name) for at, name in enumerate(names) if name and name in names[:at])


def _host_network_flaws(port: Doc, path: str, of_pod: bool) -> Iterator[Flaw]:
    """In a template a host port may be absent, since Kubernetes 1.28: its pods get it by default."""
    number, host = port.get("containerPort"), port.get("hostPort")
    if (of_pod or host) and host != number:
        yield bad_value(f"{path}.containerPort", number, "must match `hostPort` when `hostNetwork` is true")


def _port_flaws(port: Doc, path: str) -> Iterator[Flaw]:
    number, host = port.get("containerPort"), port.get("hostPort")
    if number is None:
        yield required(f"{path}.containerPort")
    elif not _is_port(number):
        yield bad_value(f"{path}.containerPort", number, "must be between 1 and 65535, inclusive")
    if host and not _is_port(host):
        yield bad_value(f"{path}.hostPort", host, "must be between 1 and 65535, inclusive")
    if port.get("protocol") not in _PROTOCOLS:
        yield unsupported(f"{path}.protocol", port.get("protocol"), _PROTOCOLS)


def _is_port(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 65536


def _mount_flaws(container: Doc, path: str, volumes: list[Any]) -> Iterator[Flaw]:
    mounts = rows(container, "volumeMounts")
    for at, mount in enumerate(mounts):
        if mount.get("name") not in volumes:
            text = f'Not found: "{mount.get("name", "")}"'
            yield Flaw(f"{path}.volumeMounts[{at}].name", text, "FieldValueNotFound")
        where = mount.get("mountPath")
        if not where:
            yield required(f"{path}.volumeMounts[{at}].mountPath")
        elif where in [row.get("mountPath") for row in mounts[:at]]:
            yield bad_value(f"{path}.volumeMounts[{at}].mountPath", where, "must be unique")


def _probe_flaws(probe: Doc, path: str, name: str) -> Iterator[Flaw]:
    actions = [word for word in _ACTIONS if probe.get(word) is not None]
    if not actions:
        yield required(path, "must specify a handler type")
    for extra in actions[1:]:
        yield Flaw(f"{path}.{extra}", "Forbidden: may not specify more than 1 handler type", "FieldValueForbidden")
    if name != "readinessProbe" and probe.get("successThreshold") != 1:
        yield bad_value(f"{path}.successThreshold", probe.get("successThreshold"), "must be 1")
    if within(probe, "httpGet") and not within(probe, "httpGet").get("port"):
        yield bad_value(f"{path}.httpGet.port", 0, "must be between 1 and 65535, inclusive")


def _host_port_flaws(spec: Doc, path: str) -> Iterator[Flaw]:
    seen: set[tuple[Any, ...]] = set()
    for at, container in enumerate(rows(spec, "containers")):
        for position, port in enumerate(rows(container, "ports")):
            key = (port.get("hostIP", ""), port.get("protocol"), port.get("hostPort"))
            if port.get("hostPort") and key in seen:
                shown = f"{key[1]}/{key[0]}/{key[2]}"
                yield twice(f"{path}.containers[{at}].ports[{position}].hostPort", shown)
            seen.add(key)


def pod_change_flaws(old: Doc, new: Doc) -> Iterator[Flaw]:
    """Yield the flaw of changing what a pod cannot change once it exists."""
    if _fixed_part(old) != _fixed_part(new):
        yield Flaw("spec", f"Forbidden: {_CHANGEABLE}", "FieldValueForbidden")
    before, after = rows(old, "spec", "tolerations"), rows(new, "spec", "tolerations")
    if any(row not in after for row in before):
        yield Flaw("spec.tolerations", "Forbidden: existing toleration can not be modified", "FieldValueForbidden")


def _fixed_part(pod: Doc) -> Doc:
    spec = dict(within(pod, "spec"))
    for name in ("activeDeadlineSeconds", "tolerations"):
        spec.pop(name, None)
    for part in ("containers", "initContainers"):
        spec[part] = [{**row, "image": ""} for row in rows(spec, part)]
    return spec

"""What cannot stand together with the node's own namespaces. Source: `ValidatePodSecurityContext` of kubernetes 1.36."""

from collections.abc import Iterator

from migrator.lab.kube.api.documents import Doc, rows
from migrator.lab.kube.api.errors import Flaw

_OF_NODE = ("hostNetwork", "hostPID", "hostIPC")
_IPC = ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.")


def host_flaws(spec: Doc, path: str) -> Iterator[Flaw]:
    """Yield what a pod spec at `path` asks of the node and may not."""
    if spec.get("hostUsers") is False:
        for name in _OF_NODE:
            if spec.get(name):
                yield _forbidden(f"{path}.{name}", "when `hostUsers` is false")
    if spec.get("hostnameOverride") and spec.get("hostNetwork"):
        yield _forbidden(f"{path}.hostnameOverride", "when `hostNetwork` is true")
    if spec.get("hostnameOverride") and spec.get("setHostnameAsFQDN"):
        yield _forbidden(f"{path}.hostnameOverride", "when `setHostnameAsFQDN` is true")
    for at, row in enumerate(rows(spec, "securityContext", "sysctls")):
        yield from _sysctl_flaws(str(row.get("name", "")), f"{path}.securityContext.sysctls[{at}].name", spec)
    if spec.get("hostPID") and spec.get("shareProcessNamespace"):
        yield _forbidden(f"{path}.shareProcessNamespace", "when `hostPID` is true")


def _sysctl_flaws(name: str, path: str, spec: Doc) -> Iterator[Flaw]:
    name = name.replace("/", ".")
    if spec.get("hostNetwork") and name.startswith("net."):
        yield _forbidden(path, "may not be specified when `hostNetwork` is true")
    if spec.get("hostIPC") and name.startswith(_IPC):
        yield _forbidden(path, "may not be specified when `hostIPC` is true")


def _forbidden(path: str, text: str) -> Flaw:
    return Flaw(path, f"Forbidden: {text}", "FieldValueForbidden")

"""The cluster's side of a TKE listener: its Service, the label that makes a pod a member, and a backend's pod. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.adapters.balancers.tke.options import Options
from migrator.domain.messages.errors import Gone, Refused
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Manifest, ObjectRef, items, labels, mapping, number, text, uid_of
from migrator.domain.ports.outside import ClusterReader

WEIGHT = "service.cloud.tencent.com/custom-weight"
DIRECT = "service.cloud.tencent.com/direct-access"
CONFIG = ObjectRef("v1", "ConfigMap", "kube-system", "tke-service-controller-config")
OLDEST = (2, 4, 0)
WORKLOADS = ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet")


@dataclass(frozen=True, slots=True)
class Pod:
    """A live pod: what names it for a patch, its labels, and the weight its annotation asks for ("" none)."""

    ref: ObjectRef
    uid: str
    labels: dict[str, str]
    weight: str


@dataclass(frozen=True, slots=True)
class Pods:
    """The namespace of the listeners' Services."""

    reader: ClusterReader
    options: Options

    def service(self, listener: str) -> Manifest | None:
        """Give the Service of a listener; None when it is not there."""
        if (name := self.options.services.get(listener)) is None:
            raise Refused(say("tke.not-of-the-run", listener=listener))
        return self.reader.get(ObjectRef("v1", "Service", self.options.namespace, name))

    def member(self, listener: str) -> tuple[str, str]:
        """Give the one label by which the listener's Service selects; Refused where it is not exactly one."""
        service = self.service(listener)
        pairs = labels(service, "spec", "selector") if service else {}
        if len(pairs) != 1:
            raise Refused(say("tke.no-own-label", listener=listener))
        return next(iter(pairs.items()))

    def of(self, backend: Backend) -> Pod:
        """Give the live pod behind a backend; Gone when there is none, Refused when it is not clear which."""
        return self._behind(backend, self._live())

    def of_all(self, backends: Iterable[Backend]) -> dict[Backend, Pod | Refused]:
        """Give the live pod behind each backend, or why it has none, from one list of the pods."""
        live = self._live()
        found: dict[Backend, Pod | Refused] = {}
        for backend in backends:
            try:
                found[backend] = self._behind(backend, live)
            except Refused as error:
                found[backend] = error
        return found

    def _behind(self, backend: Backend, live: list[Manifest]) -> Pod:
        answering = [pod for pod in live if text(pod, "status", "podIP") == backend.address]
        listening = [pod for pod in answering if backend.port in _ports(pod)] if len(answering) > 1 else answering
        if len(listening) != 1:
            found = len(listening)
            no = say("tke.not-one-pod", pods=found, namespace=self.options.namespace, backend=str(backend))
            raise Refused(no) if found else Gone(no)
        pod = listening[0]
        return Pod(
            ObjectRef("v1", "Pod", self.options.namespace, text(pod, "metadata", "name")),
            uid_of(pod),
            dict(labels(pod, "metadata", "labels")),
            labels(pod, "metadata", "annotations").get(WEIGHT, ""),
        )

    def version(self) -> str:
        """Give the Service controller's version; "" when its ConfigMap does not say it."""
        config = self.reader.get(CONFIG)
        return text(config, "data", "VERSION") if config else ""

    def templates(self, key: str) -> list[str]:
        """Give the workloads whose selector or template has the label: they would make members, or lose pods, by it."""
        namespace = self.options.namespace
        rows = ((kind, row) for kind in WORKLOADS for row in self.reader.list_objects("apps/v1", kind, namespace))
        return [
            f"{kind} {text(row, 'metadata', 'name')}"
            for kind, row in rows
            if key in mapping(row, "spec", "selector", "matchLabels")
            or key in mapping(row, "spec", "template", "metadata", "labels")
        ]

    def _live(self) -> list[Manifest]:
        """Give the pods that run and can be told apart: one without a name or a uid is none that a patch could mean."""
        pods = self.reader.list_objects("v1", "Pod", self.options.namespace)
        return [
            pod
            for pod in pods
            if text(pod, "metadata", "name")
            and uid_of(pod)
            and not text(pod, "metadata", "deletionTimestamp")
            and text(pod, "status", "phase") not in ("Succeeded", "Failed")
        ]


def _ports(pod: Manifest) -> set[int]:
    return {
        number(port, "containerPort")
        for container in items(pod, "spec", "containers")
        for port in items(container, "ports")
    }

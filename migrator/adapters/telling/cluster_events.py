"""The moments of a run as Kubernetes Events of both workloads, where `kubectl describe` and every event viewer show them.

An Event's name follows from the letter's id, so that telling twice makes one: the server refuses the second (409). It needs
`create` on events and reads the workloads, which a run may anyway. Source of the fields:
https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ (core/v1, which `kubectl describe` asks for).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.words import Conflict, Missing
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Moment, Spec
from migrator.domain.ports.telling import Letter

NAME = "Kubernetes"
"""Its name among the channels; the capital keeps it apart from every channel of a plan."""

THERE = f"{NAME}-2"
"""That of the other cluster, where a plan has two."""

LONGEST = 1000
"""Characters of a message; the API server takes 1 KiB."""

KEPT = timedelta(hours=1)
"""How long an API server keeps Events by default (`--event-ttl`): an older moment is not told there any more."""

GOOD = frozenset({Moment.BEGAN, Moment.SHARE, Moment.ENDED})


class ClusterEvents:
    """Events of the old and the new workload of one plan; of two clusters those of the workloads in `cluster`, "" for the
    gateway's home. Each cluster is a channel of its own: a silent one keeps the other's Events from nothing."""

    def __init__(self, connection: Connection, spec: Spec, now: Callable[[], datetime], cluster: str = "") -> None:
        self._connection, self._now, self._name = connection, now, THERE if cluster else NAME
        self._of = tuple(ref for ref in (source_ref(spec), target_ref(spec)) if ref.cluster == cluster)

    @property
    def name(self) -> str:
        """Give its name."""
        return self._name

    @property
    def moments(self) -> frozenset[Moment]:
        """Give all moments."""
        return frozenset(Moment)

    def send(self, letter: Letter) -> None:
        """Make the Events that are not there yet; a workload that is gone has none. Unreachable; Refused without the right."""
        if self._now() - letter.at > KEPT:
            return
        for ref in self._of:
            if uid := self._uid(ref):
                self._create(ref, uid, letter)

    def _uid(self, ref: ObjectRef) -> str:
        path = f"/apis/{ref.api_version}/namespaces/{ref.namespace}/{ref.kind.lower()}s/{ref.name}"
        try:
            return text(mapping(self._connection.ask("GET", path), "metadata"), "uid")
        except Missing:
            return ""

    def _create(self, ref: ObjectRef, uid: str, letter: Letter) -> None:
        try:
            self._connection.ask("POST", f"/api/v1/namespaces/{ref.namespace}/events", body=event(ref, uid, letter))
        except Conflict:
            return


def event(ref: ObjectRef, uid: str, letter: Letter) -> Manifest:
    """Give the Event of an object."""
    at = f"{letter.at:%Y-%m-%dT%H:%M:%SZ}"
    mark = hashlib.sha256(f"{letter.id} {uid}".encode()).hexdigest()[:16]
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{ref.name[:200].rstrip('.-')}.{mark}", "namespace": ref.namespace},
        "involvedObject": {
            "apiVersion": ref.api_version,
            "kind": ref.kind,
            "namespace": ref.namespace,
            "name": ref.name,
            "uid": uid,
        },
        "reason": "Migration" + "".join(word.capitalize() for word in letter.moment.value.split("-")),
        "message": in_a_line(letter.text.replace("\n", " "))[:LONGEST],
        "type": "Normal" if letter.moment in GOOD else "Warning",
        "source": {"component": "migrator"},
        "firstTimestamp": at,
        "lastTimestamp": at,
        "count": 1,
    }

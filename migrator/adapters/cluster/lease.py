"""The cluster's own Lease: one run per gateway, whichever store holds it. It never takes a lease that is still alive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.pods import moment
from migrator.adapters.cluster.words import Conflict, Missing
from migrator.domain.messages.errors import LeaseHeld, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, labels, mapping, number, text, uid_of
from migrator.domain.observation.logins import instant

_API = "coordination.k8s.io/v1"
_ATTEMPTS = 3
_LONGEST = 365 * 86400
"""Seconds that a Lease is taken to last at most, whatever it says."""


class KubeLease:
    """A `coordination.k8s.io` Lease, written with optimistic locking: every PUT names the version it has read."""

    def __init__(
        self,
        connection: Connection,
        namespace: str,
        name: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        context: str = "",
    ) -> None:
        self._connection = connection
        self._context = context
        self._collection = f"/apis/{_API}/namespaces/{namespace}/leases"
        self._name = name
        self._namespace = namespace
        self._now = now

    def acquire(self, holder: str, seconds: int, over: Callable[[str], bool] | None = None, anew: bool = True) -> None:
        """Take it when it is free or has run out, keep it when it is ours. LeaseHeld names the other holder.

        `over` says of another holder whether its Lease, once it has run out, may be taken; None: anybody's may. Unless `anew`,
        one that is not there is not made: LeaseHeld without a holder.
        A lost race is looked at once more: it may have been another thread of this holder. So is a write that was not
        answered: it names the version that it replaces, so it cannot come true twice.
        """
        for attempt in range(_ATTEMPTS):
            lease = self._read()
            if lease is not None:
                self._require_free(lease, holder, over)
            elif not anew:
                raise LeaseHeld(say("cluster.lease-gone", lease=self._label))
            try:
                if self._write(lease, holder, seconds):
                    return
            except Unreachable:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise LeaseHeld(say("cluster.lease-contested", lease=self._label))

    def release(self, holder: str) -> None:
        """Delete it when it is ours; anything else is left alone."""
        lease = self._read()
        if lease is None or text(lease, "spec", "holderIdentity") != holder:
            return
        preconditions = {"uid": uid_of(lease), "resourceVersion": text(lease, "metadata", "resourceVersion")}
        options: Manifest = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {**preconditions}}
        try:
            self._connection.ask("DELETE", f"{self._collection}/{self._name}", body=options)
        except Missing:
            return

    @property
    def _label(self) -> str:
        return f"{self._namespace}/{self._name}"

    def _read(self) -> Manifest | None:
        try:
            return self._connection.ask("GET", f"{self._collection}/{self._name}")
        except Missing:
            return None

    def _require_free(self, lease: Manifest, holder: str, over: Callable[[str], bool] | None) -> None:
        spec = mapping(lease, "spec")
        other = text(spec, "holderIdentity")
        renewed = moment(text(spec, "renewTime"))
        if other in ("", holder) or renewed is None:
            return
        ends = renewed + timedelta(seconds=min(_LONGEST, number(spec, "leaseDurationSeconds")))
        if self._now() < ends:
            until, since = instant(ends), instant(renewed)
            raise LeaseHeld(say("cluster.lease-held", lease=self._label, holder=other, until=until, renewed=since))
        if over is not None and not over(other):
            since = instant(renewed)
            raise LeaseHeld(
                say(
                    "cluster.lease-of-open-run",
                    holder=other,
                    renewed=since,
                    namespace=self._namespace,
                    name=self._name,
                    gateway=self._name.removeprefix("migrator-"),
                    context=self._context,
                )
            )

    def _write(self, lease: Manifest | None, holder: str, seconds: int) -> bool:
        """Create or replace it; False when somebody was faster (409)."""
        now = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # the API demands microseconds here
        before = mapping(lease, "spec") if lease else {}
        keeps = text(before, "holderIdentity") == holder
        spec: Manifest = {
            "holderIdentity": holder,
            "leaseDurationSeconds": seconds,
            "renewTime": now,
            "acquireTime": (text(before, "acquireTime") or now) if keeps else now,
            "leaseTransitions": number(before, "leaseTransitions") + (0 if keeps or lease is None else 1),
        }
        metadata: Manifest = {"name": self._name, "namespace": self._namespace}
        metadata["labels"] = {**labels(lease, "metadata", "labels"), "app.kubernetes.io/managed-by": "migrator"}
        if lease is not None:
            metadata["resourceVersion"] = text(lease, "metadata", "resourceVersion")
        body: Manifest = {"apiVersion": _API, "kind": "Lease", "metadata": metadata, "spec": spec}
        try:
            if lease is None:
                self._connection.ask("POST", self._collection, body=body)
            else:
                self._connection.ask("PUT", f"{self._collection}/{self._name}", body=body)
        except Conflict:
            return False
        return True

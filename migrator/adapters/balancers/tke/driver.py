"""The TKE driver: it asks TKE's controller by annotation and label, and believes only what CLB itself then shows.

A pod becomes a member by one patch that carries weight 0 *and* the label its Service selects by, so the controller never
sees one without the other. A write is accepted by the API server, RUNNING until CLB shows it, LOST when the pod is gone or
asks for something else by now.
"""

from __future__ import annotations

from dataclasses import replace

from migrator.adapters.balancers.refusals import require_no_weight
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.adapters.balancers.tke.findings import UNPROVEN, of_controller, of_service, of_templates
from migrator.adapters.balancers.tke.options import Options
from migrator.adapters.balancers.tke.pods import WEIGHT, Pods
from migrator.domain.balancers.settings import HealthCheck, Quota
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.findings import Finding, Severity, block
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, OpState, PatchObject, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Target
from migrator.domain.model.manifests import Json, labels
from migrator.domain.ports.outside import ClusterReader, ClusterWriter

SYSTEM = "tke"
GONE = "gone"
LAYER_7 = "balancer.layer-7"


class Tke:
    """The listeners of Services with direct access. One pod is one write: an annotation is a pod's own."""

    def __init__(self, clb: Tencent, reader: ClusterReader, writer: ClusterWriter, options: Options) -> None:
        self._clb, self._writer = clb, writer
        self._pods = Pods(reader, options)

    def capabilities(self) -> Capabilities:
        """Give CLB's capabilities with the controller's pace, which is assumed: nobody documents it."""
        can = self._clb.capabilities()
        pace = replace(can, settle=10.0, drain_floor=15.0, writes_per_minute=None)
        return replace(pace, batch=1, several_listeners=False, controlled=True)

    def targets(self) -> tuple[Target, ...]:
        """Give what CLB has: the weights in effect, not those that were asked for."""
        return self._clb.targets()

    def address(self) -> str:
        """Give the balancer's address."""
        return self._clb.address()

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give CLB's health checks."""
        return self._clb.health_checks()

    def quotas(self) -> tuple[Quota, ...]:
        """Give CLB's quotas."""
        return self._clb.quotas()

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the listeners, and what would let the controller act otherwise than asked."""
        of_listeners = [_by_itself(row) if row.code == LAYER_7 else row for row in self._clb.findings()]
        return (*of_listeners, *self._of_membership())

    def _of_membership(self) -> list[Finding]:
        """Give what would let the controller register a pod at another weight than 0, or ignore what we write."""
        findings: list[Finding] = [UNPROVEN, *of_controller(self._pods.version())]
        for listener in self._pods.options.services:
            service = self._pods.service(listener)
            findings += of_service(listener, service)
            for key in labels(service, "spec", "selector") if service else ():
                findings += of_templates(listener, key, self._pods.templates(key))
        return findings

    def poll(self, op: Op) -> OpState:
        """Say DONE once CLB shows it; LOST when the pod is gone, or when somebody has asked for something else since."""
        if not op.id:
            return OpState.DONE
        if (read := _read(op.id)) is None:
            return OpState.LOST
        backend, wanted = read
        shown = self._weights().get(backend)
        if (shown is None and wanted == GONE) or str(shown) == wanted:
            return OpState.DONE
        try:
            pod, (key, value) = self._pods.of(backend), self._pods.member(backend.listener)
        except Refused:
            return OpState.LOST
        member = pod.labels.get(key) == value
        asked = (not member) if wanted == GONE else (member and pod.weight == wanted)
        return OpState.RUNNING if asked else OpState.LOST

    def register(self, action: Register) -> Op:
        """Make one pod a member at weight 0. Refused where the controller could register it at another weight."""
        there = self._weights()
        absent = [backend for backend in action.backends if backend not in there]
        if not absent:
            return Op(SYSTEM)
        backend = _one(absent)
        if unsafe := [row for row in self._of_membership() if row.severity is Severity.BLOCK]:
            raise Refused(say("tke.not-registered", backend=str(backend), why=unsafe[0].problem))
        key, value = self._pods.member(backend.listener)
        patch: Json = {"metadata": {"annotations": {WEIGHT: "0"}, "labels": {key: value}}}
        return self._patch(backend, patch, "0")

    def set_weights(self, action: SetWeights) -> Op:
        """Ask for one pod's weight. Refused for one that CLB does not have, or that is a member elsewhere too."""
        row = action.rows[0]
        _one([change.backend for change in action.rows])
        there = self._weights()
        if row.backend not in there:
            raise Refused(say("driver.not-there", backends=(str(row.backend),), where="CLB"))
        if elsewhere := tuple(str(b) for b in there if b != row.backend and b.address == row.backend.address):
            raise Refused(say("tke.one-pod", backend=str(row.backend), others=elsewhere))
        patch: Json = {"metadata": {"annotations": {WEIGHT: str(row.weight)}}}
        return self._patch(row.backend, patch, str(row.weight))

    def deregister(self, action: Deregister) -> Op:
        """Take the membership label from one pod; it keeps weight 0, and stays its owner's. With weight it is Refused."""
        there = self._weights()
        present = [backend for backend in action.backends if backend in there]
        require_no_weight((backend, there[backend]) for backend in present)
        if not present:
            return Op(SYSTEM)
        backend = _one(present)
        key, _ = self._pods.member(backend.listener)
        return self._patch(backend, {"metadata": {"labels": {key: None}}}, GONE)

    def _weights(self) -> dict[Backend, int]:
        return {target.backend: target.weight for target in self._clb.targets()}

    def _patch(self, backend: Backend, patch: Json, wanted: str) -> Op:
        pod = self._pods.of(backend)
        self._writer.patch(PatchObject(pod.ref, patch, pod.uid))
        return Op(SYSTEM, f"{backend.listener}|{backend.address}|{backend.port}|{wanted}")


def _by_itself(found: Finding) -> Finding:
    return block("balancer.layer-7:tke", found.subject, protocol=found["protocol"], rules=found["rules"])


def _one(backends: list[Backend]) -> Backend:
    if len(backends) != 1:
        raise Refused(say("tke.several-pods", pods=len(backends)))
    return backends[0]


def _read(op: str) -> tuple[Backend, str] | None:
    parts = op.split("|")
    if len(parts) != 4 or not parts[2].isdigit():
        return None
    return Backend(parts[0], parts[1], int(parts[2])), parts[3]

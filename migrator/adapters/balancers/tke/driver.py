"""The TKE driver: it asks TKE's controller by annotation and label, and believes only what CLB itself then shows.

A pod becomes a member by one patch that carries weight 0 *and* the label its Service selects by, so the controller never
sees one without the other. A write is accepted by the API server, RUNNING until CLB shows it, LOST when the pod is gone or
asks for something else by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.adapters.balancers.refusals import require_no_weight, require_there
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.adapters.balancers.tke.findings import UNPROVEN, of_controller, of_service, of_templates
from migrator.adapters.balancers.tke.options import Options
from migrator.adapters.balancers.tke.pods import WEIGHT, Pod, Pods
from migrator.adapters.bounded.deadline import seconds_left
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.balancers.settings import HealthCheck, Quota, Steering
from migrator.domain.messages.errors import Gone, Refused, Unreachable
from migrator.domain.messages.findings import Finding, Severity, block
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, OpState, PatchObject, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Target
from migrator.domain.model.manifests import Json, labels
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.observation.logins import Login
from migrator.domain.ports.outside import ClusterReader, ClusterWriter

SYSTEM = "tke"
GONE = "gone"
NEXT = ";"
AT_ONCE = 20
"""Pods of a batch: so many patches are sent one after the other, and wait for the controller together."""

ONE_MORE = 2.0
"""Seconds that have to be left of the whole call for a further patch of a batch: one that is cut off is perhaps done."""
LAYER_7 = "balancer.layer-7"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pod is to be given, and what CLB shows once it has it: a weight, or that it is gone."""

    backend: Backend
    patch: Json
    shown: str

    @property
    def name(self) -> str:
        """Give it as a part of an op's id."""
        return f"{self.backend.listener}|{self.backend.address}|{self.backend.port}|{self.shown}"


class Tke:
    """The listeners of Services with direct access. A batch is a patch for each pod: an annotation is a pod's own, so each
    is safe without the others."""

    def __init__(
        self,
        clb: Tencent,
        reader: ClusterReader,
        writer: ClusterWriter,
        options: Options,
    ) -> None:
        self._clb, self._writer = clb, writer
        self._pods = Pods(reader, options)

    def capabilities(self) -> Capabilities:
        """Give CLB's capabilities with the controller's pace, which is assumed: nobody documents it."""
        can = self._clb.capabilities()
        pace = replace(can, settle=10.0, drain_floor=15.0, writes_per_minute=None)
        return replace(pace, batch=AT_ONCE, several_listeners=True, controlled=True, by_invitation=True)

    def targets(self) -> tuple[Target, ...]:
        """Give what CLB has: the weights in effect, not those that were asked for."""
        return self._clb.targets()

    def address(self) -> str:
        """Give the balancer's address."""
        return self._clb.address()

    def require_credentials(self) -> None:
        """Look for credentials; the balancer is not asked."""
        self._clb.require_credentials()

    def login(self) -> Login | None:
        """Say how long the API knows us; nobody is asked for it."""
        return self._clb.login()

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give CLB's health checks."""
        return self._clb.health_checks()

    def steering(self) -> tuple[Steering, ...]:
        """Give CLB's own."""
        return self._clb.steering()

    def quotas(self) -> tuple[Quota, ...]:
        """Give CLB's quotas."""
        return self._clb.quotas()

    def reported(self) -> tuple[Reported, ...]:
        """Give what Cloud Monitor has of CLB: it knows of no controller."""
        return self._clb.reported()

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
        """Say DONE once CLB shows all of it; LOST when a pod is gone, or when somebody has asked for something else since."""
        if not op.id:
            return OpState.DONE
        read = [_read(part) for part in op.id.split(NEXT)]
        there = self._weights()
        states = {OpState.LOST if each is None else self._state(*each, there) for each in read}
        return next(state for state in (OpState.LOST, OpState.RUNNING, OpState.DONE) if state in states)

    def _state(self, backend: Backend, wanted: str, there: dict[Backend, int]) -> OpState:
        shown = there.get(backend)
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
        """Make pods members at weight 0. Refused where the controller could register one at another weight."""
        there = self._weights()
        absent = [backend for backend in action.backends if backend not in there]
        if not absent:
            return Op(SYSTEM)
        if unsafe := [row for row in self._of_membership() if row.severity is Severity.BLOCK]:
            raise Refused(say("tke.not-registered", backend=str(absent[0]), why=unsafe[0].problem))
        wanted = []
        for backend in absent:
            key, value = self._pods.member(backend.listener)
            patch: Json = {"metadata": {"annotations": {WEIGHT: "0"}, "labels": {key: value}}}
            wanted.append(Wanted(backend, patch, "0"))
        return self._patched(wanted)

    def set_weights(self, action: SetWeights) -> Op:
        """Ask for pods' weights. Gone for one that CLB does not have; Refused for one that is a member elsewhere too."""
        there = self._weights()
        require_there((row.backend for row in action.rows), there, "CLB")
        for row in action.rows:
            if elsewhere := tuple(str(b) for b in there if b != row.backend and b.address == row.backend.address):
                raise Refused(say("tke.one-pod", backend=str(row.backend), others=elsewhere))
        return self._patched(
            [
                Wanted(row.backend, {"metadata": {"annotations": {WEIGHT: str(row.weight)}}}, str(row.weight))
                for row in action.rows
            ]
        )

    def deregister(self, action: Deregister) -> Op:
        """Take the membership label from pods; they keep weight 0, and stay their owner's. With weight it is Refused."""
        there = self._weights()
        present = [backend for backend in action.backends if backend in there]
        require_no_weight((backend, there[backend]) for backend in present)
        if not present:
            return Op(SYSTEM)
        keys = {backend: self._pods.member(backend.listener)[0] for backend in present}
        return self._patched(
            [Wanted(backend, {"metadata": {"labels": {key: None}}}, GONE) for backend, key in keys.items()]
        )

    def _weights(self) -> dict[Backend, int]:
        return {target.backend: target.weight for target in self._clb.targets()}

    def _patched(self, wanted: Sequence[Wanted]) -> Op:
        """Patch each pod, in their order. One that is gone or refused keeps none of the others from it: the next look tells.

        Raises what the only one met, or all of them. Unreachable: some were not patched, or perhaps. An API server that does
        not answer is asked no further.
        """
        found = self._pods.of_all([each.backend for each in wanted])
        met: list[Refused | Unreachable] = []
        for each in wanted:
            if (error := self._patch(each, found[each.backend])) is not None:
                met.append(error)
            if isinstance(error, Unreachable):
                raise error
            if (seconds_left(ONE_MORE) or 0.0) < ONE_MORE and each is not wanted[-1]:
                raise Unreachable(say("tke.slow", pods=len(wanted)))
        if len(met) == len(wanted):
            raise met[0]
        if met:
            raise Unreachable(met[0].message)
        return Op(SYSTEM, NEXT.join(each.name for each in wanted))

    def _patch(self, wanted: Wanted, pod: Pod | Refused) -> Refused | Unreachable | None:
        """Send one patch; give what it met."""
        if isinstance(pod, Refused):
            return pod
        try:
            self._writer.patch(PatchObject(pod.ref, wanted.patch, pod.uid))
        except Refused as error:
            return self._gone(wanted.backend) or error
        except Unreachable as error:
            return error
        return None

    def _gone(self, backend: Backend) -> Gone | None:
        """Give the error that a backend's pod went since it was looked at, if it did."""
        try:
            self._pods.of(backend)
        except Refused as error:
            return error if isinstance(error, Gone) else None
        return None


def _by_itself(found: Finding) -> Finding:
    return block("balancer.layer-7:tke", found.subject, protocol=found["protocol"], rules=found["rules"])


def _read(op: str) -> tuple[Backend, str] | None:
    parts = op.split("|")
    port = whole_number(parts[2]) if len(parts) == 4 else None
    return None if port is None else (Backend(parts[0], parts[1], port), parts[3])

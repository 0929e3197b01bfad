"""A balancer's reader with what was measured of that balancer in place of what its driver assumes. It asks nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from migrator.domain.balancers.calibration import ENOUGH, VALID, Calibration, calibrated, usable
from migrator.domain.messages.findings import Finding, info
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Op, OpState
from migrator.domain.model.balancer import Capabilities, Target
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.model.subjects import balancer_subject
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter

_WRITES = {name for name in vars(BalancerWriter) if not name.startswith("_")}


def identity(spec: BalancerSpec) -> str:
    """Give what tells one balancer from another in the store: where it is asked, and who it is."""
    options = [f"{name}={value}" for name, value in sorted(spec.options)]
    return " ".join([spec.provider, spec.id, spec.region, spec.endpoint or "", *options]).strip()


class Calibrated:
    """The reader, and whatever else its driver can say; `measured` None is said to be an assumption."""

    def __init__(self, reader: BalancerReader, measured: Calibration | None, now: Callable[[], datetime]) -> None:
        self._reader, self._measured, self._now = reader, measured, now
        for name in dir(reader):  # what only some drivers can say (`health_checks`, ...) is looked for on the object
            if not name.startswith("_") and name not in _WRITES and not hasattr(type(self), name):
                setattr(self, name, getattr(reader, name))

    def capabilities(self) -> Capabilities:
        """Give what this balancer can do, with what was measured."""
        return calibrated(self._reader.capabilities(), self._measured, self._now())

    def targets(self) -> tuple[Target, ...]:
        """Give every backend of the run's listeners with weight and health."""
        return self._reader.targets()

    def poll(self, op: Op) -> OpState:
        """Say how an accepted write stands."""
        return self._reader.poll(op)

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the balancer for a run, and whether its pace was measured."""
        return (*self._reader.findings(), finding(self._reader.capabilities(), self._measured, self._now()))

    def address(self) -> str:
        """Give the address that clients dial ("" when it is not known)."""
        return self._reader.address()


def finding(can: Capabilities, measured: Calibration | None, now: datetime) -> Finding:
    """Say what the plan reckons with, and whether that was measured or is assumed. `can` is what the driver says."""
    subject = balancer_subject("")
    if measured is None:
        return info("balancer.settle:assumed", subject, seconds=can.settle)
    if usable(can, measured, now):
        return info("balancer.settle", subject, seconds=measured.settle, measured=_measured(measured))
    old = now - measured.at > VALID
    why = say("calibration.old", days=VALID.days) if old else say("calibration.few", enough=ENOUGH)
    return info("balancer.settle:not-usable", subject, seconds=can.settle, why=why, measured=_measured(measured))


def _measured(measured: Calibration) -> Message:
    return say(
        "calibration.measured",
        day=measured.at.date().isoformat(),
        listener=measured.listener,
        way=measured.way.value,
        lowered=measured.lowered,
        middle=measured.middle(raised=False) or 0.0,
        longest=measured.longest,
    )

"""A balancer's reader with what was measured of that balancer in place of what its driver assumes. It asks nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from migrator.domain.balancers.calibration import ENOUGH, VALID, Calibration, calibrated, usable
from migrator.domain.messages.durations import in_words
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.actions import Op, OpState
from migrator.domain.model.balancer import Capabilities, Target
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.ports.outside import BalancerReader, BalancerWriter

CODE = "balancer.settle"
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
    remedy = "`migrator calibrate FILE` measures it on your balancer"
    if measured is None:
        problem = f"a weight change is assumed to reach new connections within {in_words(can.settle)}"
        return Finding(CODE, Severity.INFO, "balancer", problem, "assumed by the driver, not measured", remedy)
    day, middle = measured.at.date().isoformat(), measured.middle(raised=False)
    evidence = (
        f"measured on {day} on listener {measured.listener} ({measured.way}): {measured.lowered} weights set to 0, p50 "
        f"{in_words(middle or 0.0)}, at most {in_words(measured.longest)}"
    )
    if not usable(can, measured, now):
        why = (
            f"older than {VALID.days} days"
            if now - measured.at > VALID
            else f"fewer than {ENOUGH} tries shorten no wait"
        )
        problem = f"a weight change is assumed to reach new connections within {in_words(can.settle)} ({why})"
        return Finding(CODE, Severity.INFO, "balancer", problem, evidence, remedy)
    problem = f"a weight change reaches new connections within {in_words(measured.settle)}"
    return Finding(CODE, Severity.INFO, "balancer", problem, evidence)

"""Any balancer, through a command of the operator's that speaks the JSON protocol of `docs/exec-driver.md`."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING

from migrator.adapters.balancers.exec.profile import PROFILE
from migrator.adapters.balancers.registration import Driver
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.exec.driver import Command


def command(spec: BalancerSpec) -> Command:
    """Give the driver. Option `command` is the program and its arguments; all other options are handed on to it.

    UsageError when there is none, or when its quotes do not match.
    """
    from migrator.adapters.balancers.exec.driver import Command
    from migrator.adapters.balancers.process import run

    text = dict(spec.options).get("command", "")
    try:
        argv = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"loadBalancer.options.command cannot be read: {error}.") from error
    if not argv:
        raise UsageError("loadBalancer.options.command is needed: the program that speaks docs/exec-driver.md.")
    return Command(partial(run, argv), argv[0], spec)


DRIVER = Driver(PROFILE, command)

"""Any balancer, through a command of the operator's that speaks the JSON protocol of `docs/exec-driver.md`."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING

from migrator.adapters.balancers.exec.profile import PROFILE
from migrator.adapters.balancers.registration import Driver
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
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
        raise UsageError(say("process.command-unreadable", words=str(error))) from error
    if not argv:
        raise UsageError(say("exec.no-command"))
    return Command(partial(run, argv), argv[0], spec)


DRIVER = Driver(PROFILE, command)

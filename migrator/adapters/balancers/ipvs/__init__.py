"""Linux IPVS through `ipvsadm`; a listener's id is the virtual service's address:port (TCP)."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from migrator.adapters.balancers.ipvs.profile import PROFILE
from migrator.adapters.balancers.options import known_options
from migrator.adapters.balancers.registration import Driver
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.ipvs.driver import Ipvs

SERVICE = re.compile(r"(\d+(\.\d+){3}|\[[0-9a-fA-F:]+\]):\d+")


def ipvs(spec: BalancerSpec) -> Ipvs:
    """Give the driver. Options: `command` (ipvsadm, or e.g. `ssh lb1 ipvsadm`) and `forward` (masq, route, tunnel).

    UsageError for an option that is not one of these, or a listener that is no address:port.
    """
    from migrator.adapters.balancers.ipvs.driver import Ipvs, lists
    from migrator.adapters.balancers.ipvs.findings import Host
    from migrator.adapters.balancers.ipvs.table import FORWARDS
    from migrator.adapters.balancers.process import run

    options = known_options(spec, PROFILE)
    command, forward = options.get("command", "ipvsadm"), options.get("forward", "")
    if forward and forward.capitalize() not in FORWARDS:
        raise UsageError(say("ipvs.unknown-forward", forward=forward))
    names = tuple(listener.id for listener in spec.listeners)
    if bad := [name for name in names if not SERVICE.fullmatch(name)]:
        raise UsageError(say("ipvs.no-service-name", listener=bad[0]))
    try:
        argv = shlex.split(command)
    except ValueError as error:
        raise UsageError(say("process.command-unreadable", words=str(error))) from error
    host = Host() if len(argv) == 1 else None  # another machine's settings cannot be read from here
    return Ipvs(lambda arguments: run([*argv, *arguments], reads=lists(arguments)), names, forward.capitalize(), host)


DRIVER = Driver(PROFILE, ipvs)

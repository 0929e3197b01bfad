"""HAProxy 2.6 or newer through its runtime API; a listener's id is the name of an HAProxy backend section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.adapters.balancers.haproxy.profile import PROFILE
from migrator.adapters.balancers.options import known_options
from migrator.adapters.balancers.registration import Driver
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.haproxy.driver import Haproxy

NAME = re.compile(r"[A-Za-z0-9_.:-]+")
CHECK = "inter 2s fall 3 rise 2"


def haproxy(spec: BalancerSpec) -> Haproxy:
    """Give the driver. Options: `socket` (a path, or host:port) and `check` (the new servers' check settings).

    UsageError for a missing socket, or a name that HAProxy would not take (a semicolon begins another command).
    """
    from migrator.adapters.balancers.haproxy.driver import Haproxy
    from migrator.adapters.balancers.haproxy.runtime import Runtime

    options = known_options(spec, PROFILE)
    socket, check = options.get("socket", ""), options.get("check", CHECK)
    if not socket:
        raise UsageError(say("haproxy.no-socket"))
    names = tuple(listener.id for listener in spec.listeners)
    if bad := [name for name in names if not NAME.fullmatch(name)]:
        raise UsageError(say("haproxy.no-backend-name", listener=bad[0]))
    if not re.fullmatch(r"[A-Za-z0-9 ./-]*", check):
        raise UsageError(say("haproxy.odd-check", check=check))
    return Haproxy(Runtime(socket), names, check)


DRIVER = Driver(PROFILE, haproxy)

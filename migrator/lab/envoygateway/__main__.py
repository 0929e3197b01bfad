"""`python -m migrator.lab.envoygateway`: Envoy Gateway's controller, and the server of its Envoys' configuration.

Like the lab's istiod it speaks a small JSON protocol of the lab's to the Envoys, not xDS.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from migrator.lab.apiclient import Api
from migrator.lab.controllers.engine.loop import Controller, Loop
from migrator.lab.envoygateway import conditions, translation
from migrator.lab.envoygateway.infrastructure import reconcile
from migrator.lab.istiod.part import Address, Part
from migrator.lab.istiod.server import ConfigServer


async def control(api: Api, address: Address, ready: Callable[[], None]) -> None:
    """Make the workloads of Gateways, and answer for them."""
    both = [
        Controller("infrastructure", reconcile.WATCHES, reconcile.Infrastructures(address).sync),
        Controller("status", conditions.WATCHES, conditions.sync),
    ]
    await Loop(api, both).run(ready)


def server() -> ConfigServer:
    """Return the server of Envoy Gateway's configurations."""
    return ConfigServer(translation.WATCHES, translation.gateway_config)


ENVOY_GATEWAY = Part("envoy-gateway", "migrator.lab.envoygateway", __doc__, server, control)

if __name__ == "__main__":
    sys.exit(ENVOY_GATEWAY.main())

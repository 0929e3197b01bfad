"""`python -m migrator.lab.contour`: serves Contour's Envoys their configuration, computed from Ingresses and HTTPProxies.

Like the lab's istiod it speaks a small JSON protocol of the lab's to the Envoys, not xDS, and writes nothing to the cluster.
"""

import sys

from migrator.lab.contour import translation
from migrator.lab.istiod.part import Part
from migrator.lab.istiod.server import ConfigServer


def server() -> ConfigServer:
    """Return the server of Contour's configurations."""
    return ConfigServer(translation.WATCHES, translation.gateway_config)


CONTOUR = Part("contour", "migrator.lab.contour", __doc__, server)

if __name__ == "__main__":
    sys.exit(CONTOUR.main())

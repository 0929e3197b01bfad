"""`python -m migrator.lab.istiod`: serves every gateway pod its config, computed from the cluster's Istio objects.

It speaks a small JSON protocol of the lab's, not xDS, and writes nothing to the cluster.
"""

import sys

from migrator.lab.istiod.part import Part

ISTIOD = Part("istiod", "migrator.lab.istiod", __doc__)

if __name__ == "__main__":
    sys.exit(ISTIOD.main())

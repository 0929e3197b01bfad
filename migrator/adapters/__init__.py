"""The world outside, each system behind the ports of the domain. Nothing of a library leaves its adapter."""

import sys
from typing import cast

# httpx loads its own command line with the rest (rich's progress bars, pygments), a tenth of the time in which a resumed run
# should look at its balancer. It does without where that module cannot be had.
cast("dict[str, object]", sys.modules).setdefault("httpx._main", None)

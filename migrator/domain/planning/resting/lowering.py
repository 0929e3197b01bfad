"""Which sides' gateways take their own rows off the balancer when their pods end, by the container of ours beside them. Pure.

It writes nothing while the gateway's Lease is held; a run whose process died holds it no more, and finds the weight 0 later.
"""

from __future__ import annotations

from migrator.domain.hardening.companion import raising
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json
from migrator.domain.planning.plan import Plan


def lowering(plan: Plan) -> frozenset[Side]:
    """Give the sides."""
    source = plan.seen.source
    of_one = (source,) if plan.seen.former else ()  # both sides are revisions of one workload
    made = (*plan.manifests, *(change.patch for change in plan.changes), *of_one)
    return frozenset(side for side, found in ((Side.OLD, (source,)), (Side.NEW, made)) if any(map(_lowers, found)))


def _lowers(manifest: Json) -> bool:
    return isinstance(manifest, dict) and bool(raising(manifest))

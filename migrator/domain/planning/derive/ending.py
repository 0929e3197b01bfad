"""How a new pod ends: with time for its preStop. Longer graces than that are the source's decision and are kept."""

from __future__ import annotations

from migrator.domain.hardening.prestop import pre_stop
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import GRACE
from migrator.domain.planning.derive.draft import Draft


def endings(draft: Draft) -> None:
    """Raise a grace period that ends before the preStop does: kubelet kills in the middle of it."""
    pod, key = draft.spec, "terminationGracePeriodSeconds"
    given = pod.get(key)
    if not isinstance(given, int):
        given = GRACE
    waits = max((pre_stop(container) for _, container in draft.containers()), default=0)
    if given == 0:
        draft.put(pod, "spec", key, waits + GRACE, say("derived.grace-zero"))
    elif waits and given <= waits:
        draft.put(pod, "spec", key, waits + GRACE, say("derived.grace-short", waits=waits))

"""How a new pod ends: with time for its preStop. Longer graces than that are the source's decision and are kept."""

from __future__ import annotations

from migrator.domain.hardening.companion import PORT, is_ours
from migrator.domain.hardening.credential import TOKEN
from migrator.domain.hardening.prestop import pre_stop
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import GRACE
from migrator.domain.model.manifests import Json, items, mapping, text
from migrator.domain.planning.derive.draft import Draft


def without_farewell(draft: Draft) -> None:
    """Drop the container of ours beside the old gateway, and what goes with it: it knows the old side's ports and addresses.

    The plan says whether the new one has its own (`target.harden.image`).
    """
    why = say("derived.farewell")
    kept: list[Json] = [row for row in items(draft.spec, "containers") if not is_ours(row)]
    if len(kept) == len(items(draft.spec, "containers")):
        return
    draft.keep(draft.spec, "spec", "containers", kept, why)
    volumes: list[Json] = [row for row in items(draft.spec, "volumes") if text(row, "name") != TOKEN]
    draft.keep(draft.spec, "spec", "volumes", volumes, why)
    for path, container in draft.containers():
        hooks = mapping(container, "lifecycle")
        if mapping(hooks, "preStop", "httpGet").get("port") == PORT:
            draft.drop(hooks, f"{path}.lifecycle", "preStop", why)
        if container.get("lifecycle") == {}:
            container.pop("lifecycle")


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

"""The eviction subresource: a pod is deleted unless a disruption budget forbids it.

It counts the pods itself, at that moment, so that no late status lets two go. Statuses are the controllers' to write."""

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.errors import ApiError
from migrator.lab.kube.api.selectors import matches
from migrator.lab.kube.objects.deletion import Wish, delete
from migrator.lab.kube.objects.storage import Record, Store

_BUDGETS = ("policy", "poddisruptionbudgets")
_PODS = ("", "pods")


def evict(store: Store, pod: Record, wish: Wish) -> None:
    """Delete a pod unless a budget forbids it; raises ApiError 429, or 500 where several budgets claim the pod."""
    budgets = [record for record in store.each(_BUDGETS, pod.namespace) if _covers(record, pod)]
    phase = within(pod.doc, "status").get("phase")
    if len(budgets) > 1 and phase not in ("Succeeded", "Failed", "Pending"):
        text = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
        raise ApiError(500, "InternalError", text)
    for budget in budgets:
        _require_room(store, budget, pod, phase)
    delete(store, pod, wish)


def _require_room(store: Store, budget: Record, pod: Record, phase: str | None) -> None:
    status = room_of(store, budget)
    if phase in ("Succeeded", "Failed", "Pending") or pod.meta.get("deletionTimestamp"):
        return
    healthy, wanted = status["currentHealthy"], status["desiredHealthy"]
    if not _is_ready(pod) and healthy >= wanted > 0:
        return
    if status["disruptionsAllowed"] > 0:
        return
    text = f"The disruption budget {budget.name} needs {wanted} healthy pods and has {healthy} currently"
    details: Doc = {"causes": [{"reason": "DisruptionBudget", "message": text}]}
    message = "Cannot evict pod as it would violate the pod's disruption budget."
    raise ApiError(429, "TooManyRequests", message, details)


def room_of(store: Store, budget: Record) -> Doc:
    """Return a budget's status integers as the disruption controller computes them, from the pods as they are now.

    Percentages and `maxUnavailable` need owners with a scale: with DaemonSet pods they allow nothing (the real
    controller fails to sync there, and keeps 0)."""
    pods = [pod for pod in store.each(_PODS, budget.namespace) if _covers(budget, pod)]
    spec = within(budget.doc, "spec")
    healthy = sum(_is_ready(pod) for pod in pods if not pod.meta.get("deletionTimestamp"))
    least = spec.get("minAvailable")
    counted = isinstance(least, int)
    expected = len(pods) if counted else _expected(store, pods)
    names = ("currentHealthy", "desiredHealthy", "expectedPods", "disruptionsAllowed")
    if expected is None:
        return dict(zip(names, (healthy, 0, 0, 0), strict=True))
    wanted = _wanted(spec, expected)
    return dict(zip(names, (healthy, wanted, expected, max(0, healthy - wanted)), strict=True))


def _wanted(spec: Doc, expected: int) -> int:
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if least is None and most is None:
        least = 1
    if least is not None:
        return _amount(least, expected)
    return max(0, expected - _amount(most, expected))


def _amount(value: object, of: int) -> int:
    if isinstance(value, str) and value.endswith("%"):
        return -(-int(value[:-1]) * of // 100)
    return int(str(value))


def _expected(store: Store, pods: list[Record]) -> int | None:
    total = 0
    for uid, (kind, name, namespace) in {_owner(pod): _owner_name(pod) for pod in pods}.items():
        owner = store.find(("apps", f"{kind.lower()}s"), namespace, name) if uid else None
        if owner is None or "scale" not in owner.kind.subresources:
            return None
        total += int(within(owner.doc, "spec").get("replicas", 0))
    return total


def _owner(pod: Record) -> str:
    return next((str(row.get("uid")) for row in pod.meta.get("ownerReferences") or () if row.get("controller")), "")


def _owner_name(pod: Record) -> tuple[str, str, str]:
    for row in pod.meta.get("ownerReferences") or ():
        if row.get("controller"):
            return str(row.get("kind")), str(row.get("name")), pod.namespace
    return "", "", pod.namespace


def _covers(budget: Record, pod: Record) -> bool:
    return matches(within(budget.doc, "spec").get("selector"), pod.meta.get("labels") or {})


def _is_ready(pod: Record) -> bool:
    conditions = rows(pod.doc, "status", "conditions")
    return any(row.get("type") == "Ready" and row.get("status") == "True" for row in conditions)

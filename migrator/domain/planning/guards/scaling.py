"""Autoscalers of the old side, pinned: it must not shrink because its traffic leaves. A KEDA ScaledObject is pinned in the
HPA's place where one owns it, for KEDA would write the HPA again."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Manifest, items, mapping, number, ref_of, text, uid_of
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.refs import source_ref
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import World

KEDA = "keda.sh/v1alpha1"
PAUSED_AT = "autoscaling.keda.sh/paused-replicas"
PAUSED = "autoscaling.keda.sh/paused"

DEFAULTED: Manifest = {"minReplicas": 1}
"""What the server sets when it is left out: undone to null it would come back, and the undo would never hold."""


def scalers(world: World, spec: Spec) -> tuple[Manifest, ...]:
    """Give the HPAs of the source, KEDA's among them."""
    return tuple(hpa for hpa in world.all("HorizontalPodAutoscaler") if _scales(hpa, spec))


def scaled_objects(world: World, spec: Spec) -> tuple[Manifest, ...]:
    """Give KEDA's ScaledObjects of the source; their `kind` may be left out and is Deployment then."""
    return tuple(scaled for scaled in world.all("ScaledObject") if _scales(scaled, spec))


def companions(scalers: Iterable[Manifest], scaled: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Give what is removed with the source: its ScaledObjects, and the HPAs that no ScaledObject owns."""
    return (*scaled, *(hpa for hpa in scalers if not _by_keda(hpa)))


def floors(scalers: Iterable[Manifest], scaled: Iterable[Manifest], wanted: int) -> list[Change]:
    """Give the pins: no scaler may go below today's `wanted` replicas until the old side is removed."""
    why = say("change.floor", replicas=wanted)
    pins = [(hpa, _floor(hpa, wanted)) for hpa in scalers if not _by_keda(hpa)]
    pins += [(scaler, _keda(scaler, wanted)) for scaler in scaled]
    return [
        Change(ref_of(scaler), uid_of(scaler), pin, undo_of(scaler, pin), why)
        for scaler, pin in pins
        if pin is not None
    ]


def rests(scalers: Iterable[Manifest], scaled: Iterable[Manifest]) -> list[Change]:
    """Give the changes by which no scaler changes the count of pods, whatever it is set to: the run itself does.

    An HPA without a policy for either direction leaves a count that is within its bounds; at 0 it rests anyhow.
    """
    why = say("change.scaler-rests")
    disabled: Manifest = {"selectPolicy": "Disabled"}
    still: Manifest = {"minReplicas": 1, "behavior": {"scaleUp": disabled, "scaleDown": disabled}}
    pins: list[Change] = []
    for hpa in scalers:
        if not _by_keda(hpa):
            former = hpa.get("spec")
            undo: Manifest = {key: mapping(former).get(key, DEFAULTED.get(key)) for key in still}
            pins.append(Change(ref_of(hpa), uid_of(hpa), {"spec": still}, {"spec": undo}, why))
    paused: Manifest = {"metadata": {"annotations": {PAUSED: "true", PAUSED_AT: None}}}
    return [*pins, *(Change(ref_of(each), uid_of(each), paused, undo_of(each, paused), why) for each in scaled)]


def undo_of(scaler: Manifest, patch: Manifest) -> Manifest:
    """Give the merge patch that brings back what `patch` takes away: the former values, null where there were none."""
    return {
        key: undo_of(mapping(scaler, key), value) if isinstance(value, dict) else scaler.get(key, DEFAULTED.get(key))
        for key, value in patch.items()
    }


def _floor(hpa: Manifest, wanted: int) -> Manifest | None:
    """Give the HPA's pin; None where its floor is high enough. A floor above the ceiling would be refused."""
    if (number(hpa, "spec", "minReplicas") or 1) >= wanted:
        return None
    higher: Manifest = {"maxReplicas": wanted} if number(hpa, "spec", "maxReplicas") < wanted else {}
    return {"spec": {"minReplicas": wanted, **higher}}


def _keda(scaled: Manifest, wanted: int) -> Manifest | None:
    """Give the ScaledObject's pin; None where it cannot shrink below. Idle replicas undercut the floor, so they go.

    One that is paused is left alone unless it is paused below; one whose ceiling is too low is paused at the wanted count.
    """
    notes = mapping(scaled, "metadata", "annotations")
    paused = notes.get(PAUSED_AT)
    if isinstance(paused, str) and (count := whole_number(paused)) is not None:
        return {"metadata": {"annotations": {PAUSED_AT: str(wanted)}}} if count < wanted else None
    if notes.get(PAUSED) == "true":
        return None
    spec = mapping(scaled, "spec")
    if 0 < number(spec, "maxReplicaCount") < wanted:
        return {"metadata": {"annotations": {PAUSED_AT: str(wanted)}}}
    pin: Manifest = {"minReplicaCount": wanted} if number(spec, "minReplicaCount") < wanted else {}
    if "idleReplicaCount" in spec and number(spec, "idleReplicaCount") < wanted:
        pin["idleReplicaCount"] = None
    return {"spec": pin} if pin else None


def _scales(scaler: Manifest, spec: Spec) -> bool:
    target = mapping(scaler, "spec", "scaleTargetRef")
    return (
        text(scaler, "metadata", "namespace") == source_ref(spec).namespace
        and (text(target, "kind") or "Deployment") == spec.source.kind
        and text(target, "name") == spec.source.name
    )


def _by_keda(hpa: Manifest) -> bool:
    return any(text(owner, "kind") == "ScaledObject" for owner in items(hpa, "metadata", "ownerReferences"))

"""Cloud controllers that write weights of their own: told to leave them alone, where there is a word for it.

Some have an annotation by which a Service says so; `unguarded` names the Services of the others, and the checks say what to
do. Who the controllers are is declared by the balancers' drivers.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.balancers.profile import CloudController
from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, labels, mapping, ref_of, text, uid_of
from migrator.domain.model.spec import After
from migrator.domain.observation.world import World


def owner_of(service: Manifest, world: World) -> CloudController | None:
    """Give the controller that manages a Service's balancer; None when it is none that is known.

    Its own annotations, labels and finalizers tell; a LoadBalancer Service that says nothing belongs to the plan's cloud.
    """
    meta = mapping(service, "metadata")
    final = meta.get("finalizers")
    words = [*mapping(meta, "annotations"), *mapping(meta, "labels"), *(final if isinstance(final, list) else [])]
    for cloud in world.clouds:
        if any(isinstance(word, str) and word.startswith(cloud.controller.prefixes) for word in words):
            return cloud.controller
    if text(service, "spec", "type") == "LoadBalancer" and not text(service, "spec", "loadBalancerClass"):
        return world.driver.cloud.controller if world.driver.cloud else None
    return None


def managed(services: Iterable[Manifest], world: World) -> list[tuple[Manifest, CloudController]]:
    """Give those of the source's Services that a cloud controller manages, and whose."""
    return [(service, owner) for service in services if (owner := owner_of(service, world))]


def leave_weights(services: Iterable[Manifest], world: World, after: After | None) -> list[Change]:
    """Give the annotation for each Service whose controller obeys one. At the very end it is undone: the weights are the
    controller's own again. It stays where `migrator follow` looks after the weights from then on."""
    return [
        _annotated(service, *owner.keep_off, stays=after is After.MIGRATOR)
        for service, owner in managed(services, world)
        if owner.keep_off and _annotation(service, owner.keep_off[0]) != owner.keep_off[1]
    ]


def _annotated(service: Manifest, name: str, value: str, stays: bool) -> Change:
    patch: Json = {"metadata": {"annotations": {name: value}}}
    undo: Json = {"metadata": {"annotations": {name: _annotation(service, name)}}}
    why = say("change.weights-ignored")
    return Change(ref_of(service), uid_of(service), patch, undo, why, patch, last=None if stays else undo)


def unguarded(services: Iterable[Manifest], world: World) -> list[tuple[Manifest, CloudController]]:
    """Give the Services whose cloud controller cannot be told to leave weights alone, and whose it is.

    A controller that the plan's own driver steers is not among them.
    """
    ours = world.driver.steered
    return [(service, owner) for service, owner in managed(services, world) if owner.keep_off is None and owner != ours]


def _annotation(service: Manifest, name: str) -> str | None:
    return labels(service, "metadata", "annotations").get(name)

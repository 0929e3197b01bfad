"""Checks of who else writes what the run changes: installers, GitOps, operators and cloud controllers, and what to set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrator.domain.balancers.profile import CloudController
from migrator.domain.messages.findings import Finding, Severity, block, finding, warn
from migrator.domain.messages.message import Value, say
from migrator.domain.model.kubernetes import annotations_of, called, labels_of, name_of, namespace_of, owner_of
from migrator.domain.model.manifests import Manifest, dig, items, mapping, ref_of, text
from migrator.domain.model.refs import source_ref
from migrator.domain.model.spec import After, Spec
from migrator.domain.model.target import Derived
from migrator.domain.observation.world import World
from migrator.domain.owners.owner import owner_of as whose
from migrator.domain.planning.guards import managed, unguarded
from migrator.domain.planning.proposal import Proposal

ARGO_ID = "argocd.argoproj.io/tracking-id"
ARGO_NAME = "argocd.argoproj.io/instance"
FLUX = (("Kustomization", "kustomize.toolkit.fluxcd.io"), ("HelmRelease", "helm.toolkit.fluxcd.io"))


def touched(proposal: Proposal) -> list[Manifest]:
    """Give the objects that the run changes or removes: the source, its Services, its HPAs."""
    return [*([proposal.source] if proposal.source else []), *proposal.services.leading, *proposal.scalers]


def installers_are_known(proposal: Proposal) -> Iterable[Finding]:
    """Helm and istioctl change nothing by themselves; the next upgrade brings the old Deployment back."""
    by_helm = [row for row in touched(proposal) if labels_of(row).get("app.kubernetes.io/managed-by") == "Helm"]
    if by_helm:
        release = annotations_of(by_helm[0]).get("meta.helm.sh/release-name", "?")
        yield warn(
            "ownership.helm", say("subject.listed", names=tuple(str(ref_of(row)) for row in by_helm)), release=release
        )
    key = "install.operator.istio.io/owning-resource"
    if proposal.source and key in labels_of(proposal.source):
        yield warn("ownership.istioctl", str(ref_of(proposal.source)), label=key)


def gitops_lets_go(proposal: Proposal) -> Iterable[Finding]:
    """Argo CD and Flux undo within minutes what Guard does and Retire removes."""
    world = proposal.world
    for row in touched(proposal):
        yield from _argo(row, world)
        yield from _flux(row, world)


def _argo(row: Manifest, world: World) -> Iterator[Finding]:
    tracked = annotations_of(row).get(ARGO_ID, "").split(":")[0]
    name = tracked or labels_of(row).get(ARGO_NAME, "")
    if not name:
        return
    app = next((found for found in world.all("Application") if name_of(found) == name.split("_")[-1]), None)
    automated = app is None or dig(app, "spec", "syncPolicy", "automated") is not None
    if automated:
        unseen = say("argo-cd.unseen") if app is None else None
        yield block("ownership.argo-cd", str(ref_of(row)), app=name, unseen=unseen)
    else:
        yield warn("ownership.argo-cd:manual", str(ref_of(row)), app=name)


def _flux(row: Manifest, world: World) -> Iterator[Finding]:
    for kind, group in FLUX:
        name, space = labels_of(row).get(f"{group}/name", ""), labels_of(row).get(f"{group}/namespace", "")
        if not name or annotations_of(row).get(f"{group}/reconcile") == "disabled":
            continue
        found = [each for each in world.all(kind) if name_of(each) == name and namespace_of(each) in (space, "")]
        if any(mapping(each, "spec").get("suspend") is True for each in found):
            continue
        yield block(
            "ownership.flux",
            str(ref_of(row)),
            kind=kind,
            name=name,
            namespace=space,
            home=space or "flux-system",
            command=kind.lower(),
        )


def operators_let_go(proposal: Proposal) -> Iterable[Finding]:
    """A controller that owns the Deployment makes it again as soon as it is removed, and changes back what differs.

    Any ownerReference counts: Envoy Gateway sets one to its GatewayClass or Gateway without `controller`. One that we know is
    left alone, and its owner handed over, where nothing is derived from its workload.
    """
    source = proposal.source
    if source is None:
        return
    owner, known = owner_of(source), whose(source)
    if known and not isinstance(proposal.spec.target, Derived):
        return
    if owner or known:
        who: Value = (
            f"{text(owner, 'kind')} {text(owner, 'name')}" if owner else known.controller.title if known else ""
        )
        setting = known.controller.setting if known else say("operator.unknown-setting")
        workload = str(ref_of(source))
        if owner:
            yield block("ownership.operator", workload, who=who, setting=setting)
        else:
            yield block("ownership.operator:labelled", workload, who=who, setting=setting)


def load_balancer_services(proposal: Proposal) -> Iterable[Finding]:
    """A Service of type LoadBalancer has a controller that registers backends and sets weights as it sees fit."""
    for service in proposal.services.leading:
        if text(service, "spec", "type") != "LoadBalancer":
            continue
        rows = items(service, "status", "loadBalancer", "ingress")
        addresses = tuple(str(row.get("ip") or row.get("hostname")) for row in rows)
        ours = _names_ours(service, proposal.spec)
        yield warn(
            "ownership.load-balancer-service:ours" if ours else "ownership.load-balancer-service",
            f"Service {called(service)}",
            addresses=addresses,
        )


def _names_ours(service: Manifest, spec: Spec) -> bool:
    values = annotations_of(service).values()
    addresses = [row.get("ip") for row in items(service, "status", "loadBalancer", "ingress")]
    return spec.balancer.id in values or (spec.balancer.address is not None and spec.balancer.address in addresses)


def controllers_leave_weights(proposal: Proposal) -> Iterable[Finding]:
    """Some controllers write weights and targets anew and cannot be told not to; the others are told by Guard."""
    for service, controller in unguarded(proposal.services.leading, proposal.world):
        values = annotations_of(service).values()
        named = any(re.fullmatch(controller.balancer_id, value) for value in values)
        elsewhere = named and not _names_ours(service, proposal.spec)
        keys = [k for k in annotations_of(service) if "kubernetes.io" in k or k.startswith(controller.prefixes)]
        yield finding(
            "ownership.cloud-controller:elsewhere" if elsewhere else "ownership.cloud-controller",
            Severity.WARN if elsewhere else Severity.BLOCK,
            f"Service {called(service)}",
            controller=controller.name,
            annotations=tuple(sorted(keys)),
            remedy=controller.remedy,
        )


DRAINS = re.compile(r"drain|graceful")
"""In the name of an annotation by which a controller takes an ending pod's weight away."""


def draining_stops(proposal: Proposal) -> Iterable[Finding]:
    """A controller that is told to leave weights alone also leaves those of pods that end, which it set to 0 by itself."""
    for service, owner in managed(proposal.services.leading, proposal.world):
        kept = annotations_of(service)
        drains = [f"{key}={value}" for key, value in sorted(kept.items()) if _is_on(owner, key, value)]
        if owner.keep_off and kept.get(owner.keep_off[0]) != owner.keep_off[1] and drains:
            yield warn(
                "ownership.draining-stops:stays"
                if proposal.spec.after is After.MIGRATOR
                else "ownership.draining-stops",
                f"Service {called(service)}",
                controller=owner.name,
                drains=tuple(drains),
                keep_off="=".join(owner.keep_off),
            )


def _is_on(owner: CloudController, key: str, value: str) -> bool:
    return key.startswith(owner.prefixes) and DRAINS.search(key) is not None and value.lower() in ("on", "true")


def ingresses_leave_rules(proposal: Proposal) -> Iterable[Finding]:
    """Where an Ingress fills a balancer's forwarding rules, it names the balancer in an annotation, its own or the user's.

    Its status is no evidence: Ingress controllers that run behind the balancer publish its address there too.
    """
    spec = proposal.spec
    for ingress in proposal.world.all("Ingress") if any(each.layer == 7 for each in spec.balancer.listeners) else ():
        naming = [key for key, value in annotations_of(ingress).items() if value == spec.balancer.id]
        if naming:
            yield block("ownership.ingress", f"Ingress {called(ingress)}", annotations=tuple(sorted(naming)))


def bindings_are_known(proposal: Proposal) -> Iterable[Finding]:
    """A binding's controller registers every Ready pod of its Service, at once, and removes what it does not know."""
    services = {name_of(row) for row in proposal.services.leading}
    for kind, binding in proposal.world.bindings():
        named = text(binding, *kind.service)
        if namespace_of(binding) == source_ref(proposal.spec).namespace and named in services:
            yield block(
                "ownership.target-group-binding",
                f"{kind.kind} {called(binding)}",
                service=named,
                group=text(binding, *kind.group),
            )

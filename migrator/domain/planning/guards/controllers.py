"""Cloud controllers that write weights of their own: told to leave them alone, where there is a word for it.

ACK's controller resets the weights of a Service's groups on every change of it unless the Service carries its
ignore-weight-update annotation (cloud-provider-alibaba-cloud). TKE and AWS have no such word: `unguarded` names their
Services, and the checks say what to do.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, labels, mapping, ref_of, text, uid_of
from migrator.domain.model.message import say
from migrator.domain.model.spec import Spec

ACK = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
IGNORE_WEIGHTS = ACK + "ignore-weight-update"

CLOUDS = {
    "ACK": (ACK, "service.k8s.alibaba/"),
    "TKE": ("service.kubernetes.io/tke-", "service.kubernetes.io/qcloud-", "service.cloud.tencent.com/"),
    "AWS": ("service.beta.kubernetes.io/aws-load-balancer-", "service.k8s.aws/"),
}
ACTUATED = {"tke": "TKE"}
"""Providers whose driver asks the cloud controller itself for weights: it is our hand then, not somebody else's."""

PROVIDERS = {"aliyun-clb": "ACK", "aliyun-nlb": "ACK", "tencent": "TKE", "aws": "AWS"}


def owner_of(service: Manifest, spec: Spec) -> str:
    """Give the cloud whose controller manages a Service's balancer; "" when it is none that is known.

    Its own annotations, labels and finalizers tell; a LoadBalancer Service that says nothing belongs to the plan's cloud.
    """
    meta = mapping(service, "metadata")
    final = meta.get("finalizers")
    words = [*mapping(meta, "annotations"), *mapping(meta, "labels"), *(final if isinstance(final, list) else [])]
    for cloud, prefixes in CLOUDS.items():
        if any(isinstance(word, str) and word.startswith(prefixes) for word in words):
            return cloud
    if text(service, "spec", "type") == "LoadBalancer" and not text(service, "spec", "loadBalancerClass"):
        return PROVIDERS.get(spec.balancer.provider, "")
    return ""


def managed(services: Iterable[Manifest], spec: Spec) -> list[tuple[Manifest, str]]:
    """Give those of the source's Services that a cloud controller manages, and whose."""
    return [(service, owner) for service in services if (owner := owner_of(service, spec))]


def leave_weights(services: Iterable[Manifest], spec: Spec) -> list[Change]:
    """Give the annotation for each of ACK's Services. It stays when the run is over: the weights are not its own then."""
    word: Json = {"metadata": {"annotations": {IGNORE_WEIGHTS: "on"}}}
    return [
        Change(
            ref_of(service),
            uid_of(service),
            word,
            {"metadata": {"annotations": {IGNORE_WEIGHTS: _given(service)}}},
            say("change.weights-ignored"),
            word,
        )
        for service, owner in managed(services, spec)
        if owner == "ACK" and _given(service) != "on"
    ]


def unguarded(services: Iterable[Manifest], spec: Spec) -> list[tuple[Manifest, str]]:
    """Give the Services whose cloud controller (TKE, AWS) cannot be told to leave weights alone, and whose it is.

    A controller that the plan's own driver steers is not among them.
    """
    ours = ACTUATED.get(spec.balancer.provider)
    return [(service, owner) for service, owner in managed(services, spec) if owner not in ("ACK", ours)]


def _given(service: Manifest) -> str | None:
    return labels(service, "metadata", "annotations").get(IGNORE_WEIGHTS)

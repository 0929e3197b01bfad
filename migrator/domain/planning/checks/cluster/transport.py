"""Checks of the ways that tokens and signed requests go: others can read them in plain HTTP, or by answering themselves."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, info, warn
from migrator.domain.model.outside.urls import is_open
from migrator.domain.model.spec import PrometheusSpec
from migrator.domain.planning.proposal import Proposal


def nothing_goes_in_the_open(proposal: Proposal) -> Iterable[Finding]:
    """Plain HTTP outside this machine shows credentials to the network, a certificate unchecked to whoever answers."""
    spec, exposed = proposal.spec, proposal.world.exposed
    if exposed is not None:
        yield warn("transport.api-server", "spec.cluster", why=exposed)
    if (url := spec.balancer.endpoint or "") and is_open(url):
        yield warn("transport.balancer", "spec.loadBalancer.endpoint", url=url)
    for name, value in spec.balancer.options:  # a driver's further APIs
        if is_open(value):
            yield warn("transport.balancer", f"spec.loadBalancer.options.{name}", url=value)
    if spec.judge.prometheus is not None and is_open(spec.judge.prometheus.url):
        yield _prometheus(spec.judge.prometheus)


def _prometheus(asked: PrometheusSpec) -> Finding:
    if asked.access and (asked.access.secrets or asked.access.signing):
        return warn("transport.prometheus:secret", "spec.judge.prometheus.url", url=asked.url)
    return info("transport.prometheus", "spec.judge.prometheus.url", url=asked.url)

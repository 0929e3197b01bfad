"""English: what the checks find about what a run is judged by, and about what this plan could not check."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "judge.traffic-too-low": (
        "at today's rate {share:number g} % brings at most {expected:number .0f} requests within maxSoak: the soak would not "
        "pass, and the run would ask a person",
        "{requests:count request} in {seconds:number .1f} s on the old side; minRequests {needed} at {share:number g} % in "
        "{limit:number g} s",
        "run it when there is more traffic, begin with a larger share, or lower minRequests",
    ),
    "judge.soak-extends": (
        "at today's rate {share:number g} % brings about {expected:number .0f} requests within a soak: it will last longer "
        "than {soak:number g} s",
        "{requests:count request} in {seconds:number .1f} s on the old side; minRequests {needed} at {share:number g} % in "
        "{soak:number g} s",
        "expect longer soaks, or begin with a larger share",
    ),
    "judge.traffic": (
        "there is enough traffic to judge the first share by",
        "{requests:count request} in {seconds:number .1f} s on the old side",
    ),
    "judge.prometheus-silent": (
        "its queries return nothing for the old side; only the gateways' own counters would judge the run",
        "{url}",
        "try the query in Prometheus: are the gateways scraped, and do its labels name this workload?",
    ),
    "judge.prometheus-silent:alone": (
        "its queries return nothing for the old side, and nothing else would judge the run",
    ),
    "judge.prometheus": (
        "its queries return data for the old side",
        "{requests:count request} in {window:number g} s",
    ),
    "judge.blind": (
        "nothing can say how the new side is doing: this gateway has no counters to scrape, and the plan names no Prometheus",
        "gateway {kind}",
        "name a Prometheus under spec.judge.prometheus",
    ),
    "judge.gateway-silent": (
        "its counters cannot be read, so the old side's error rate is unknown",
        "{why}",
        "check the permission for pods/portforward, and gateway.adminPort",
    ),
    "judge.soak-short": (
        "a soak of {soak:number g} s holds fewer than two samples of {interval:number g} s",
        "",
        "make the soak longer",
    ),
    "judge.soak-short:prometheus": (
        "a soak of {soak:number g} s holds fewer than two Prometheus samples of {interval:number g} s",
        "",
        "make the soak longer, or add `scrape: {{}}`",
    ),
    "judge.latency-edge": (
        "answers that take longer than {edges:list} s count as slow, not those over {limit:number g} s: the gateways' "
        "histogram has no nearer edge",
        "edges that were found: {all:list} s",
        "nothing to do unless the difference matters; then use an edge as the limit, or configure the histogram's edges",
    ),
    "permission.blind": (
        "our credentials may not list these kinds, so the checks that need them found nothing: {kinds:list}",
        "the API server refused the list",
        "grant `list` on them for planning, or check by hand what docs/checks.md says of these kinds",
    ),
    "waive.unused": (
        "this code is waived, and nothing with this code was found",
        "reason given: {reason}",
        "remove the waiver, unless you expect the finding",
    ),
}

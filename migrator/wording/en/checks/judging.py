"""English: what the checks find about what a run is judged by, and about what this plan could not check."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "transport.api-server": (
        "what migrator sends to the API server lies open to others",
        "{why}",
        "use https and name the cluster's certificate-authority in the kubeconfig",
    ),
    "transport.balancer": (
        "requests to the balancer's API go in plain HTTP, outside this machine",
        "{url}",
        "write an https endpoint, or leave loadBalancer.endpoint out",
    ),
    "breach.kept": (
        "After a breach the worst new gateway is kept for a look, once its whole side is off the balancer",
        "it loses the labels {labels:list}",
        "nothing to do; it holds its node's ports until it is deleted (`migrator release POD --plan RUN --delete`), for which "
        "`migrator rbac --isolate` prints the rights",
    ),
    "breach.not-kept": (
        "The plan says onBreach: isolate, and no new gateway can be kept for a look here",
        "{reasons:list}",
        "leave `onBreach` out: the run turns back as without it, and the journal and `evidence.logs` tell what happened",
    ),
    "silence.guard": (
        "when nobody has carried the run out for {after:seconds}, a guard takes it back, but only one that somebody has begun",
        "onSilence: rollback",
        "once the run has begun: `migrator guard {gateway}[ --context {context} --kubeconfig-secret SECRET] --job --image "
        "IMAGE | kubectl apply -f -`",
    ),
    "transport.prometheus": (
        "Prometheus is asked in plain HTTP: whoever is on the way can change its answers, by which the run is judged",
        "{url}",
    ),
    "transport.prometheus:secret": (
        "a secret goes to Prometheus in plain HTTP: whoever is on the way can read it, and change the answers by which the run "
        "is judged",
        "{url}",
        "write an https URL under spec.judge.prometheus.url",
    ),
    "login.balancer-ends": (
        "the credentials for the balancer's API end before the run may have ended, and nothing renews them: from then on no "
        "weight can be written, on the way back neither",
        "{to}: at {at:instant}, in {left:seconds}; the plan may take {worst:seconds}",
        "log in anew for longer, use a role that is renewed by itself, or make the plan shorter",
    ),
    "login.cluster-ends": (
        "our login to the cluster ends before the run may have ended, and nothing renews it: from then on nothing advances and "
        "no gateway is told to drain or to stay; weights can still go back",
        "{to}: at {at:instant}, in {left:seconds}; the plan may take {worst:seconds}",
        "log in anew for longer, or use a kubeconfig whose user has an exec plugin or a tokenFile",
    ),
    "gates.too-short": (
        "{step} would never begin: no window of the plan is long enough for it and the way back from its end",
        "{step} may take {worst:seconds}[; the way back from its end {back:seconds}]",
        "make the windows longer, or the soak, the drain and the deadlines shorter; also check spec.gates.zone",
    ),
    "nginx.metrics-off": (
        "the controller is told to count no requests ({flag}): neither we nor Prometheus can count its answers, so nobody can "
        "tell classes of them apart",
        "",
        "set --enable-metrics=true (chart: controller.metrics.enabled) and let Prometheus scrape port 10254, or rely on "
        "spec.answers and the witness alone",
    ),
    "login.end-unknown": (
        "the credentials for the balancer's API are temporary, and nobody can tell when they end",
        "{to}: a session token without its end",
        "make sure that they last longer than the run may",
    ),
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
    "judge.query": ("the query gives a number", "{number:number g}"),
    "judge.query-refused": (
        "Prometheus refuses the query: it would hold every share",
        "",
        "try the query in Prometheus; {{workload}}, {{namespace}}, {{pods}}, {{side}} and {{window}} are filled in",
    ),
    "judge.query-silent": (
        "the query gives no number for the old side, which serves: it would hold every share",
        "",
        "try the query in Prometheus: one number, no list, and no ratio of nothing to nothing",
    ),
    "judge.balancer-read": (
        "the cloud's monitoring of the balancer can be read; it is late, so it may hold or turn back a run, and never passes",
        "{figures:count figure} of the last minutes",
    ),
    "judge.balancer-no-figures": (
        "the cloud's monitoring has no figures of the balancer's last minutes; without any the judge would hold a share after "
        "six minutes",
        "",
        "a balancer without traffic has none; see loadBalancer.id and monitoringPeriod",
    ),
    "judge.balancer-unread": (
        "the cloud's monitoring of the balancer did not answer: a judge that is silent holds every share",
        "{why}",
        "look again; see loadBalancer.options.monitoringEndpoint",
    ),
    "judge.balancer-refused": (
        "the cloud refuses to show its monitoring of the balancer, which the plan makes a judge: it would hold every share",
        "{why}",
        "`migrator rbac` prints the policy with the right to read it; or take the judge with `balancer: true` out of the plan",
    ),
    "judge.prometheus-denied": (
        "Prometheus does not accept who we are; only the gateways' own counters would judge the run",
        "{url} answered {status}",
        "see spec.judge.prometheus: authorization, headers, certificate; 401 is a secret unknown or ended, 403 no right",
    ),
    "judge.prometheus-denied:alone": (
        "Prometheus does not accept who we are, and nothing else would judge the run: no share would advance, and after "
        "{rollback:seconds} without an answer the run would turn back",
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
    "judge.latency-late": (
        "a soak of {soak:number g} s can end before the first slow answer is seen: the gateways merge what they timed "
        "every {flush:number g} s",
        "a share passes only when all its answers are timed, so each share takes up to {least:number g} s",
        "make the soak longer than {least:number g} s",
    ),
    "judge.latency-unmeasured": (
        "no old gateway measures how long its answers take, so nothing could pass the limit of {over:number g} s",
        "no histogram `http.*.downstream_rq_time` in the old gateways' statistics",
        "let the gateways keep that histogram (Istio: proxyStatsMatcher), or leave `latency` out of the plan",
    ),
    "judge.latency-window": (
        "slow answers are judged over {least:number g} s, not over the window of {window:number g} s",
        "the gateways merge what they timed every {flush:number g} s",
        "nothing to do; bad answers are judged over the window as before",
    ),
    "parity.unsettled": (
        "this old gateway cannot be compared with now, and {reference} is used instead",
        "{why}",
        "nothing for traffic; look at this gateway: it may serve an older configuration than the others",
    ),
    "parity.unsettled:all": (
        "no old gateway is settled, each in its own way, so the new ones could not be compared with any",
        "{why}",
        "fix what is named, or the run halts before it gives traffic",
    ),
    "parity.old-apart": (
        "this old gateway has another configuration than {reference}, with which the new ones are compared",
        "{lines:lines}",
        "look at why the old gateways differ; clients get different answers by chance today",
    ),
    "parity.common": (
        "every old gateway has this unsettled; the new ones may have it, too",
        "{why}",
        "nothing for the run; what was rejected or is missing does not serve clients on either side",
    ),
    "parity.unknown-place": (
        "this place begins with no section of a configuration, so it allows nothing: {place}",
        "reason given: {reason}",
        "write it as a difference names it, for instance `listener/0.0.0.0_80 filter_chains[[shop.example]]`",
    ),
    "permission.blind": (
        "our credentials may not list these kinds, so the checks that need them found nothing: {kinds:list}",
        "the API server refused the list; not checked: {kinds:word hidden}",
        "grant `list` on them for planning (`migrator rbac` prints the roles), or look at these things by hand",
    ),
    "waive.unused": (
        "this code is waived, and nothing with this code was found",
        "reason given: {reason}",
        "remove the waiver, unless you expect the finding",
    ),
}

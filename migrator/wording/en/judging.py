"""English: what the judge and the second opinion say, and what could not be counted."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "judge.ruling": "{ruling:word ruling}",
    "judge.ruled": "{ruling:word ruling}: {reason}",
    "judge.source": "{source:word source}",
    "judge.silent": "no verdict yet",
    "judge.numbers": "new {new:and}, old {old:and}",
    "judge.counts": "{count} of {requests} bad[ ({share:number .2f} %)]",
    "judge.slow-counts": "{count} of {requests} over {over:number g} s[ ({share:number .2f} %)]",
    "judge.client-counts": "{count} of {requests} 4xx",
    "judge.own-counts": "{count} of {requests} 4xx that the gateway itself made[ ({share:number .2f} %)]",
    "judge.refused-counts": "{count} of {requests} neither 2xx nor 3xx[ ({share:number .2f} %)]",
    "judge.broken-counts": "{count} without an answer beside {answered} answers",
    "judge.collapse": "[gateway {gateway}: ][listener {listener}: ]most answers are errors on the new side alone: "
    "new {new}, old {old}",
    "judge.collapse-unsure": "[gateway {gateway}: ][listener {listener}: ]most answers are errors on the new side alone, "
    "but its clients may be the reason: new {new}, old {old}; compare both sides' answers",
    "judge.mix-jumped": "[gateway {gateway}: ][listener {listener}: ]the new side answers more with 4xx: new {new}, old {old}; "
    "compare both sides' answers",
    "judge.broken": "[gateway {gateway}: ]more requests end without an answer: new {new}, old {old}",
    "judge.failed": "the judge itself failed ({words}): nobody can say how the new side is doing",
    "judge.histogram-silent": "the new gateways have not said for {seconds:number .0f} s how long their answers take",
    "judge.bad": "the new side: {new}, old {old}",
    "judge.bad-gateway": "gateway {gateway}: {new}, old {old}",
    "judge.shared": "both sides are bad alike: new {new}, old {old}",
    "judge.one-alone": "only {source:word source} can say how the new side is doing ({silent}); it says {ruling:word ruling}: "
    "{why}",
    "judge.no-request": "no request reached the new side in the window",
    "judge.no-sample": "no sample of the new side",
    "judge.sample-old": "the newest sample of the new side is {age:number .0f} s old",
    "judge.no-scrape": "the plan has no scrape",
    "judge.not-counted": "nobody has counted yet",
    "judge.count-old": "nobody has counted for {age:number .0f} s",
    "judge.other": "the judge {name} says {ruling:word ruling}[: {why}]",
    "judge.other-once": "the judge {name} says {ruling:word ruling}[: {why}]; a second look decides",
    "judge.other-silent": "the judge {name} says nothing[ ({why})]",
    "judge.other-unreadable": "its answer is no JSON object with `verdict`: pass, hold or abort",
    "judge.balancer": "of {asked:count connection} that the balancer sent to the new side {failed} failed[ and {bad} were "
    "answered by 5xx]: {share:number .3g} %[, on the old side {old:number .3g} %]",
    "judge.balancer-few": "the balancer has sent {asked:count connection} to the new side, which is too few",
    "judge.balancer-anew": "the balancer's counters began anew",
    "judge.balancer-unmonitored": "the driver {provider} reads no counters of its balancer: take the judge with `balancer: "
    "true` out of the plan. Nothing was asked",
    "judge.late": "the cloud's monitoring of the balancer: {figures}",
    "judge.late-none": "the cloud's monitoring of the balancer has no figures yet",
    "judge.late-before": "the cloud's monitoring of the balancer says nothing of this share yet: {figures}",
    "judge.late-silent": "the cloud's monitoring of the balancer has said nothing of this share for {seconds:seconds}; it "
    "holds until there are figures: look there whether they come at all",
    "judge.late-worse": "by the cloud's monitoring of the balancer more goes wrong on the new side: {figures}",
    "judge.late-alone": "by the cloud's monitoring of the balancer much goes wrong on the new side, and it has no figures "
    "of the old side to compare with: {figures}",
    "judge.late-unhealthy": "by the cloud's monitoring of the balancer the new side is not healthy: {figures}",
    "judge.late-more": "by the cloud's monitoring of the balancer more goes wrong than before this share, and it cannot "
    "tell the sides apart: {figures}",
    "judge.late-figures": "[new side {new}; ][old side {old}; ][both sides {both}; ]up to {age:number .0f} s earlier",
    "judge.late-side": "{figures:list}",
    "judge.late-healthy": "{healthy} healthy",
    "judge.late-sick": "{unhealthy} unhealthy",
    "judge.late-failed": "{failed} failed",
    "judge.late-bad": "{bad} answered by 5xx",
    "judge.late-asked": "of {asked:count connection or request|connections or requests}",
    "judge.others-pass": "{count:count judge} of the plan's own {count:choose passes|pass} it",
    "judge.prometheus-not-yet": "Prometheus has not answered yet",
    "judge.prometheus-empty": "Prometheus cannot say how the new side is doing",
    "judge.query-above": "{name} is {value:number g}, above {limit:number g}",
    "judge.query-below": "{name} is {value:number g}, below {limit:number g}",
    "judge.query-no-number": "the query {name} gives no number",
    "judge.queries-pass": "{count:count query} within its limits",
    "prometheus.answers-again": "Prometheus answers again",
    "prometheus.empty": "it has no data of the new side",
    "prometheus.not-yet": "no answer yet",
    "prometheus.quiet": "Prometheus has said nothing of the new side for {quiet:number .0f} s ({why}); until it answers, "
    "only the gateway counters protect the run",
}

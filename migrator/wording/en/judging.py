"""English: what the judge and the second opinion say, and what could not be counted."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "judge.ruled": "{ruling}: {reason}",
    "judge.silent": "no verdict yet",
    "judge.numbers": "new {new}, old {old}",
    "judge.counts": "{count} of {requests} bad[ ({share:number .2f} %)]",
    "judge.slow-counts": "{count} of {requests} over {over:number g} s[ ({share:number .2f} %)]",
    "judge.bad": "the new side: {new}, old {old}",
    "judge.bad-gateway": "gateway {gateway}: {new}, old {old}",
    "judge.shared": "both sides are bad alike: new {new}, old {old}",
    "judge.no-request": "no request reached the new side in the window",
    "judge.no-sample": "no sample of the new side",
    "judge.sample-old": "the newest sample of the new side is {age:number .0f} s old",
    "judge.no-scrape": "the plan has no scrape",
    "judge.not-counted": "nobody has counted yet",
    "judge.count-old": "nobody has counted for {age:number .0f} s",
    "judge.prometheus-not-yet": "Prometheus has not answered yet",
    "judge.prometheus-empty": "Prometheus cannot say how the new side is doing",
    "prometheus.answers-again": "Prometheus answers again",
    "prometheus.empty": "it has no data of the new side",
    "prometheus.not-yet": "no answer yet",
    "prometheus.quiet": "Prometheus has said nothing of the new side for {quiet:number .0f} s ({why}); until it answers, "
    "only the gateway counters protect the run",
}

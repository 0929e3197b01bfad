"""English: what is said of every balancer, whichever driver it has. What one driver says of its own stands beside it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "driver.option-no-number": "loadBalancer.options.{option} is a number from {least} to {most}, not '{given}'. Nothing was "
    "changed."
    " Write such a number.",
    "cloud.no-time-left": "{api} was not asked {action}: the time for the whole of it was over. Nothing of this call was sent.",
    "cloud.no-answer": "{api} did not answer {action} ({problem}).[ {then}]",
    "cloud.not-now": "{api}: {action}:[ HTTP {status}][ {answer}][: {words}][ (request {request})].[ {then}]",
    "cloud.malformed": "The cloud's answer cannot be read: {what} is missing, or is not what its API describes.[ {then}]",
    "cloud.failed": "{api}: {action}:[ HTTP {status}][ {answer}][: {words}][ (request {request})].[ {then}]",
    "cloud.no-address": "{api} was not asked {action}: nobody here knows an address of the host {host}. Nothing was sent. "
    "Check loadBalancer.endpoint (or the region that it is made of), and this machine's DNS.",
    "cloud.no-tls": "{api} was not asked {action}: what answers at {endpoint} speaks no TLS. Nothing was sent. Weights stay as "
    "they are. Check loadBalancer.endpoint.",
    "cloud.untrusted": "{api} was not asked {action}: its certificate is not trusted ({words}). Nothing was sent. "
    "Weights stay as they are. Check the endpoint and the machine's authorities.",
    "cloud.redirected": "{api}: {action} was answered with a redirect from {endpoint}[ to {to}], which is not followed. "
    "Nothing was changed. Check loadBalancer.endpoint, and whether a proxy or a login page is in the way.",
    "cloud.web-page": "{api}: {action} was answered by {endpoint} with a web page ({status}), not by the API. Nothing was "
    "changed. Check loadBalancer.endpoint, and whether a proxy or a login page is in the way.",
    "cloud.refused": "{api}: {action}:[ HTTP {status}][ {answer}][: {words}][ (request {request})]. Weights stay as they are.",
    "cloud.too-many-pages": "{api} gave {name} on more than {most} pages. Weights stay as they are.",
    "credentials.no-answer": "No credentials: {whom} did not answer. Weights stay as they are.",
    "credentials.unreadable": "No credentials: {whom} answered HTTP {status}, not with a JSON object. Weights stay as they "
    "are.",
    "credentials.failed": "No credentials: {whom} answered HTTP {status}[ {answer}]. Weights stay as they are.",
    "credentials.refused": "No credentials: {whom} refuses with HTTP {status}[ {answer}]. Nothing was changed.",
    "credentials.endless": "No credentials: {whom} gave some without an end. Weights stay as they are.",
    "credentials.incomplete": "No credentials: {whom} gave incomplete ones. Weights stay as they are.",
    "credentials.unreadable-token": "The service account's token {path} cannot be read. Nothing was changed.",
    "credentials.unreadable-file": "The credentials file {path} cannot be read. Nothing was changed; fix it, or remove it.",
    "credentials.half": "Half of the credentials of {source} is missing: {lacks} is not set. Nothing was changed.",
    "credentials.spaced": "The credentials hold a blank or a line end, which no API takes. Nothing was changed. A Secret made "
    "of a file often ends with a line end; take it out.",
    "credentials.foreign-agent": "The credentials' address {url} is neither https nor this machine's own agent; no token was "
    "sent there. Nothing was changed.",
    "driver.option-no-time": "loadBalancer.options.{option} is a time like 60s, from 0 to {most} seconds, not '{given}'. "
    "Nothing was changed. Write it with its unit."
    "",
    "driver.not-there": "These backends are not in {where}; no weight was set: {backends:list}.",
    "driver.has-weight": "These backends still have weight; nothing was removed: {backends:list}.",
    "driver.read-again": "Weights stay as they are; the run asks again.",
    "driver.only-looked": "",
    "driver.repeat": "Weights stay as they are. Repeat the command when it answers.",
    "driver.perhaps-done-alone": "The write may have taken effect: look at the weights before you repeat the command.",
    "driver.perhaps-done": "The write may have taken effect; the run looks again before it decides.",
    "driver.no-region": "loadBalancer.region is needed for {provider}: its API is asked in one region. Nothing was changed. "
    "Write the region of the balancer, like ap-guangzhou.",
    "driver.unknown-option": "loadBalancer.options.{option} means nothing to {provider}. Nothing was changed. "
    "Known: {known:list}; {page} says what they mean.",
    "driver.option-no-list": "loadBalancer.options.{option} is a list like {like}; '{part}' is none. Nothing was changed."
    " Write it like that.",
    "driver.budget-spent": "This minute's {limit} writes to the balancer are spent up to what is kept for a rollback. "
    "Nothing was done; the run goes on in {wait:seconds}.",
    "driver.unknown-provider": "There is no driver for balancer provider '{provider}'. Nothing was changed. "
    "[Did you mean {meant}? ]Known providers: {known:list}.",
    "process.not-started": "{program} cannot be started[ ({problem})]. Nothing was changed; check the plan's command and its "
    "rights.",
    "process.no-time-left": "{program} was not started: the time for the whole of it was over. Nothing was done by it.",
    "process.killed": "{program} did not end within {seconds:seconds} and was killed.[ {then}]",
    "process.too-much": "{program} printed more than {most} MiB; its answer cannot be read.[ {then}]",
    "process.command-unreadable": "loadBalancer.options.command cannot be read: {words}. Nothing was changed."
    " Write it as a shell would read it, with its quotes closed.",
    "credentials.none": "No credentials were found. Nothing was changed.",
    "permission.no-dry-run": "the API has no dry run",
    "permission.no-answer": "no answer to the dry run",
    "permission.answer": "its dry run answers {code}",
    "calibration.old": "measured more than {days} days ago",
    "calibration.few": "fewer than {enough} tries shorten no wait",
    "calibration.measured": "measured on {day} on listener {listener} ({way}): {lowered:count weight} set to 0, p50 "
    "{middle:number .1f} s, at most {longest:number .1f} s",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.permission-denied": (
        "our credentials may not {actions:list}: the run could not begin, or not go back",
        "{answers:list}",
        "grant what `migrator rbac FILE` prints, then look again",
    ),
    "balancer.permission-unproven": (
        "nothing proves that our credentials may {actions:list}. The first write is step Attach, at weight 0: a refusal there "
        "halts the run before any traffic moves",
        "{answers:list}",
        "compare the credentials' policy with what `migrator rbac FILE` prints",
    ),
    "balancer.permission": ("our credentials may {actions:list}", "{answers:list}"),
    "balancer.settle": ("a changed weight reaches new connections within {seconds:number g} s", "{measured}"),
    "balancer.settle:assumed": (
        "a changed weight is assumed to reach new connections within {seconds:number g} s",
        "assumed by the driver, not measured",
        "`migrator calibrate FILE` measures it on your balancer",
    ),
    "balancer.settle:not-usable": (
        "a changed weight is assumed to reach new connections within {seconds:number g} s ({why})",
        "{measured}",
        "`migrator calibrate FILE` measures it on your balancer",
    ),
}

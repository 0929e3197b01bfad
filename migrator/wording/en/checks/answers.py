"""English: how both sides answer the same questions, what speaks against the new side, and what to do about it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "subject.answers": "answers",
    "subject.side": "the {side} side",
    "answers.question": "{method} {where}[ ({protocol:word protocol})]",
    "answers.difference": "{question}: {concern:word concern}[ {name}] is {new:or} on the new side"
    "[ (only {pods:list})], {old:or} on the old side[ ({unsure})]",
    "answers.not-sure": "not asked often enough to be sure",
    "answers.varies": "{question}: {concern:word concern}[ {name}] has {count:count value}",
    "answers.row-unproved": "{site}: no answer proves that anything works (each was 4xx, 5xx or one same redirect)",
    "answers.row-inside": "the {side} side was asked only through the API server",
    "answers.row-silent": "the {side} side has answered nothing",
    "answers.row-allowed": "{who}: {concern:word concern} is allowed ({reason})",
    "answers.compared": "both sides' answers, last: {questions:count question} compared with {asked:count request}"
    "[; {differences:count difference}][; {unstable:count part} not stable on the old side][; {unproved:count site} unproved]",
    "answers.asking": "both sides are being asked the same questions[; {asked:count request} so far]",
    "answers.asked-again": "{found} Both sides are asked again.",
    "answers.ask": "Both sides could not be compared: {found} Go on all the same?",
    "answers.agreed": "both sides gave the same answers to {questions:count question}, asked with {asked:count request}"
    "[; {unstable:count part} not stable on the old side][; {allowed:count difference or doubt|differences or doubts} allowed "
    "by the plan]",
    "answers.settle": "{note}; the judge could not tell clients from gateways ({reason}), and both sides gave the same answers",
    "answers.off": "This plan asks no questions (`answers: null`, or it was saved before migrator could do so). Nothing was "
    "asked. Remove `answers: null` from the plan file, or plan again.",
    "answers.no-new-side": "{workload} does not exist, so there is no new side to ask. Nothing was changed. Deploy it "
    "first: a run asks both sides itself, before the first share.",
    "answers.no-old-side": "No backend of {workload} is registered at the balancer, so there is no old side to ask. "
    "Nothing was changed."
    " Check spec.source and loadBalancer.listeners.",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "answers.different": (
        "the new side answers {count:count question part|question parts} otherwise than the old side",
        "{rows:lines}[\nand {more} more]",
        "make the new side answer alike, or allow the difference under spec.answers.allow with a reason; "
        "`migrator compare-answers` shows all of them",
    ),
    "answers.different:unsure": (
        "the new side seems to answer {count:count question part|question parts} otherwise than the old side, but could not be "
        "asked often enough to be sure",
        "{rows:lines}[\nand {more} more]",
        "nothing: both sides are asked again. If it stays, raise spec.answers.most, or allow the difference under "
        "spec.answers.allow with a reason",
    ),
    "answers.different:who-asks": (
        "one side refuses {count:count question part|question parts} (401 or 403) that the other answers, and only one of them "
        "could be asked as a client asks",
        "{rows:lines}[\nand {more} more]",
        "run migrator where it reaches both sides' gateways, so that rules by client address see the same caller; or allow it "
        "under spec.answers.allow with a reason",
    ),
    "answers.different:old-fails": (
        "the old side gives no good answer to {count:count question part|question parts} that the new side answers otherwise",
        "{rows:lines}[\nand {more} more]",
        "see why the old side fails there; going back would not help. Allow it under spec.answers.allow with a reason, if it "
        "is known",
    ),
    "answers.unproved": (
        "no answer of {site} proves that anything works: every one was 4xx, 5xx or the same redirect, on both sides",
        "",
        "put a request with a good answer under spec.answers.list (a path that exists, a credential by headersFromEnv), "
        "or allow it under spec.answers.allow with `what: [[unproved]]` and a reason",
    ),
    "answers.asked-from-inside": (
        "the {side} side could be asked only through the API server, so rules by client address and firewalls were not tried",
        "",
        "run migrator where it reaches the gateways' addresses, or allow it under spec.answers.allow with `host: {side}`, "
        "`what: [[inside]]` and a reason",
    ),
    "answers.silent": (
        "the {side} side has answered nothing: neither at its addresses nor through the API server",
        "{asked:count request} to both sides",
        "see whether the gateways listen on these ports, and whether pods/portforward is allowed",
    ),
    "answers.too-many": (
        "{site} answered 429, too many requests: nothing more was asked, so the sides have not been compared",
        "",
        "lower spec.answers.rate or spec.answers.most, or except these requests from the limit by their "
        "x-migrator-answer-parity header",
    ),
    "answers.nothing-asked": (
        "there was nothing to compare: no question leads to a listener of both sides",
        "[{left:count question} without a gateway of both sides]",
        "write requests under spec.answers.list; a gateway of kind nginx or none cannot tell its routes",
    ),
    "answers.nothing-asked:kind": (
        "there will be nothing to compare: a gateway of kind {kind} cannot tell its routes, and the plan names no request",
        "",
        "write requests under spec.answers.list, name a HAR file or an access log, or turn it off by `answers: null`",
    ),
    "answers.unread": (
        "the old gateways' routes could not be read, so it is not known what is to be asked",
        "{why}",
        "check the permission for pods/portforward, or set spec.answers.routes to false and write a list",
    ),
    "answers.unstable": (
        "some parts vary on the old side alone, so they say nothing of the new side",
        "{rows:lines}",
        "nothing, unless such a part matters: then ask for something whose answer stays the same",
    ),
    "answers.not-asked": (
        "{count:count question} {count:choose was|were} not asked: no gateway of both sides on that port, or the bound was "
        "reached",
        "{questions:few 5}",
        "nothing, or raise spec.answers.most",
    ),
    "answers.used-up": (
        "the requests that this run may make to compare both sides are used up, so they will not be compared again",
        "",
        "say yes to go on without, or go back and make a plan with a larger spec.answers.most",
    ),
    "answers.most-small": (
        "the requests that a run may make to compare both sides are used up before its last comparison: then it asks a person",
        "{most:count request}; {rounds:count round} with {gateways:count gateway} of both sides need at least {needed}",
        "set spec.answers.most to {needed} or more",
    ),
    "answers.brought": (
        "some parts differ because the sides are of two products: each names itself, and writes its own errors and redirects",
        "{rows:lines}",
        "nothing, unless a client of yours reads such a part (docs/products.md has the list)",
    ),
    "answers.allowed": ("{concern:word concern} is allowed by the plan", "{reason}"),
}

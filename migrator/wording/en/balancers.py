"""English: what is said of every balancer, whichever driver it has. What one driver says of its own stands beside it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
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
        "grant what `migrator rbac PLAN` prints, then plan again",
    ),
    "balancer.permission-unproven": (
        "nothing proves that our credentials may {actions:list}. The first write is step Attach, at weight 0: a refusal there "
        "halts the run before any traffic moves",
        "{answers:list}",
        "compare the credentials' policy with what `migrator rbac PLAN` prints",
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

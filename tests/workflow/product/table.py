"""What each event may lead to while it lasts, to be checked against the rules of the design; any end after it is common to all.

Everywhere and always, whatever the event (the referee looks at every write): rule 1, something healthy keeps weight; rule 2,
nothing with weight or connections is removed or told to go; rule 3, only who is fit gains; rule 9, no lost slot lifts the new
side's share above the step's; rule 10, the new side gains nothing while the old one could not take everything.

A run that rests (paused, waiting, halted) rests on, or turns back where the guard has a reason. A run on its way back never
turns round and never ends in anything but `rolled back`. A run that halts names its reasons.
"""

from __future__ import annotations

from migrator.domain.model.runs import Heading, State
from tests.workflow.product.moments import Moment
from tests.workflow.product.playing import Course

BEFORE = ("Preflight", "Guard", "Deploy", "AwaitReady", "VerifyConfig", "Attach new")
"""The steps before the new side has weight: nothing can be turned back, and the preflight blocks by halting."""

ON = {Course.GOES_ON, Course.ENDS}
HELD = ON | {Course.HOLDS}
ASKED = HELD | {Course.ASKS}
HURT = ASKED | {Course.TURNS_BACK}

FORWARD: dict[str, set[Course]] = {
    # Rules 9 and 10: mended, and on; short of a way back: held, then asked. All old pods at once leaves nobody to compare with.
    "old restarted": HURT,
    "old pod evicted": ASKED,
    "node lost": HURT,  # a weighted new backend that the balancer calls sick turns the run back at once
    "node replaced by another": HURT,  # rule 9: its place is lost, and the new node takes it up
    "old scaled up": HELD,
    "old scaled down": ASKED,
    "old out of memory": HURT,
    "old image changed": HURT,  # rule 10: a changed template holds; its restart is the first line's
    # The accused side: back at once, wherever it has weight.
    "new crashed": HURT,
    "new pod evicted": HURT,
    "new answers 404": HURT,
    "new answers 5xx": HURT,
    # Rule 13: held; back only when no source of the judge says anything for longer than the plan allows.
    "token ended (401)": HURT,
    "token revoked (403)": HURT,
    "API server gone": HURT,
    "API server hangs": HURT,
    "API server slow": HURT,
    "balancer gone": HURT,
    "balancer hangs": HURT,
    "balancer slow": HURT,
    "admin silent": HURT,
    "Prometheus silent": HURT,
    "Prometheus stale, empty, NaN": HURT,
    # Rule 12: held while it lasts, named; Guard's own change is made again once.
    "Service's port changed": HELD,
    "Service widened": HELD,
}
HALTING = {
    "old restarted",
    "old out of memory",
    "old image changed",
    "old scaled down",
    "node lost",
    "new crashed",
    "node replaced by another",
}
"""Before the new side has weight the preflight or a deadline may halt the run for these; nothing is at stake then."""


def may_lead_to(event: str, moment: Moment) -> set[Course]:
    """Give the courses that a run may take while an event lasts."""
    if moment.heading is Heading.BACK:
        resting = {Course.RESTS, Course.ASKS} if moment.state is not State.RUNNING else {Course.ASKS}
        return HELD | resting
    if moment.state is not State.RUNNING:
        return FORWARD[event] | {Course.RESTS}
    return FORWARD[event] | ({Course.HALTS} if event in HALTING and moment.step in BEFORE else set())

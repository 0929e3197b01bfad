"""The closed registry of what may be stored and under which `kind`. A kind that was ever stored is never renamed."""

from __future__ import annotations

from typing import Any, get_args

from migrator.domain import actions, calibration, findings, last_look, plan, pools, samples, spec
from migrator.domain.steps import Step

STEPS: tuple[type[Any], ...] = get_args(Step)
ACTIONS: tuple[type[Any], ...] = get_args(actions.Action)
OTHERS: tuple[type[Any], ...] = (
    plan.Plan,
    spec.Spec,
    actions.Op,
    samples.Verdict,
    findings.Finding,
    pools.Backend,
    calibration.Borrowed,
    calibration.Calibration,
    last_look.LastLook,
)


def kind_of(cls: type[Any]) -> str:
    """Give a class's kind: its name in lower case with dashes (`SetWeights` is `set-weights`)."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("-")


TAGS: dict[type[Any], str] = {cls: kind_of(cls) for cls in (*STEPS, *ACTIONS, *OTHERS)}
KINDS: dict[str, type[Any]] = {tag: cls for cls, tag in TAGS.items()}
if len(KINDS) != len(TAGS):
    raise TypeError("two classes of the store's registry have the same kind")

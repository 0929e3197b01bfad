"""Waivers given on the command line, beside those of the plan file. A code is never accepted without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.adapters.balancers import unknown_code
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import say
from migrator.domain.model.spec import Spec


def accepting(spec: Spec, codes: Sequence[str], reasons: Sequence[str]) -> Spec:
    """Give the spec with a waiver for each code, in order; the plan and its report keep them. UsageError without reasons,
    or for a code that no finding has."""
    if len(codes) != len(reasons) or not all(reason.strip() for reason in reasons):
        raise UsageError(say("waive.without-reason", codes=len(codes), reasons=len(reasons)))
    for code in codes:
        if why := unknown_code(code, spec.balancer.provider):
            raise UsageError(say("waive.unknown-code", code=code, why=why))
    return replace(spec, waivers=(*spec.waivers, *map(Waiver, codes, reasons)))

"""Checks of what the plan says of a silent driver: a guard that nobody has begun takes nothing back."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, info
from migrator.domain.model.refs import gateway_name, home
from migrator.domain.model.spec import OnSilence
from migrator.domain.planning.proposal import Proposal


def somebody_guards(proposal: Proposal) -> Iterable[Finding]:
    """A plan that wants its silent run taken back needs a guard beside it, which somebody has to begin."""
    spec = proposal.spec
    if spec.on_silence.then is OnSilence.ROLLBACK:
        gateway = f"{home(spec).namespace}/{gateway_name(spec)}"
        context = home(spec).cluster.context if spec.second is not None else None
        yield info("silence.guard", "spec.onSilence", after=spec.on_silence.after, gateway=gateway, context=context)

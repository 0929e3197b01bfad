"""A notice as a letter: words that say what happened, what to type, and where one can see that it is the same one again."""

from __future__ import annotations

from migrator.app.telling.notices import Notice
from migrator.domain.messages.foreign import harmless
from migrator.domain.messages.message import say
from migrator.domain.model.refs import home
from migrator.domain.model.runs import Run
from migrator.domain.model.spec import Spec
from migrator.domain.observation.logins import instant
from migrator.domain.ports.telling import Letter
from migrator.wording import render

LONGEST = 1500
"""Characters of what happened: a chat shows no more, and a hold may name hundreds of objects."""


def letter(run: Run, spec: Spec, notice: Notice) -> Letter:
    """Write the letter. It names the run, the cluster and the balancer, and no secret: it says only what the journal does."""
    title = say("notify.title", run=run.id, name=run.name, moment=notice.moment)
    where = say(
        "notify.where",
        context=spec.cluster.context,
        namespace=home(spec).namespace,
        provider=spec.balancer.provider,
        balancer=spec.balancer.id,
        source=f"{spec.source.kind} {spec.source.name}",
        target=f"{spec.target.kind} {spec.target.name}",
    )
    id = notice.id(run.plan_id, run.id)
    end = say("notify.end", command=notice.command, at=instant(notice.at), id=id)
    said = render(notice.what)
    said = said if len(said) <= LONGEST else f"{said[:LONGEST]} …"
    text = "\n".join((said, render(where), render(end)))
    return Letter(id, notice.moment, notice.at, harmless(render(title)), harmless(text))

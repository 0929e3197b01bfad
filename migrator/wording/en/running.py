"""English: what a run says of itself: its turns, its writes, requests of people, how it ends and who carries it out."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "stored.text": "{text}",
    # Findings in a line, and what they are about.
    "finding": "{subject}: {problem}",
    "findings": "{of:parts}",
    "evidence": "{of:lines}",
    "subject.gateways": "{names:list}",
    "subject.listener": "listener {listener}",
    "subject.new-side": "the new side",
    # The plan file.
    # The run.
    "run.planned": "planned from {plan}",
    "run.cancelled": "cancelled before it began",
    "run.ended-by": "ended by {by}",
    "run.halts": "halted: {why}",
    "run.turns-back": "{why:parts}",
    "run.illegal-move": "A run that is {state:word state} (heading {heading}) cannot {move:word move}. Nothing was changed; "
    "`migrator status` shows what it can do.",
    "rests": "{state}; {what}",
    "rests.judged": "the judge goes on watching",
    "rests.following": "no node is registered or drained meanwhile",
    # What could not be looked at.
    "look.silent": "{why:sentences} Traffic stays as it is; nothing advances until it answers.",
    "look.blind": "{why} Traffic stays as it is.",
    "look.nothing": "{why:sentences}",
    "look.not-yet": "It has not answered yet.",
    "look.unseen": "Could not look at {facets:word facet}. {why:sentences}",
    "look.asked-again": "{why} Asked again later.",
    # Writes.
    "action.set-weights": "{weights:count weight}",
    "action.register": "the registration of {backends:count backend}",
    "action.deregister": "the removal of {backends:count backend}",
    "action.tell": "{gateways} {side} {gateways:choose gateway|gateways} told to {word:word told}",
    "action.apply": "the apply of {object}",
    "action.patch": "the patch of {object}",
    "action.delete": "the deletion of {object}",
    "write.reading-back": "reading back {action}",
    "write.read-back": "read back",
    "write.unreadable": "Cannot read back {action}. {why:sentences}",
    "write.left-behind": "given up on the way back: its target cannot be looked at",
    "write.failed": "the balancer says that it failed",
    "write.not-seen": "{state:word write state}; after {patience:seconds} its effect could still not be seen",
    "write.not-before": "the balancer asked us to wait before the next write: {next}",
    "write.tried-again": "{why} Tried again in {patience:seconds}.",
    # Requests of people, and questions to them.
    "request.by": "{request} by {by}[: {note}]",
    "request.answered": "{request} asked by {by}[: {note}]",
    "answer.done": "done",
    "answer.turns-back": "on the way back",
    "answer.no-way-back": "a run that looks after nodes has no way back; the run that it follows has ended",
    "answer.resumed-since": "a resume was asked for after it",
    "answer.paused-already": "the run is paused or halted already",
    "answer.nothing-to-resume": "the run is neither paused nor halted",
    "answer.nothing-asked": "the run asks nothing",
    "answer.on-the-way-back": "the run is on its way back already",
    "answer.old-gone": "the old workload is gone; once the run has completed, `migrator plan --reverse` plans the way back",
    "ask.withdrawn": "nobody has to answer any more: {why}",
    "back.keeps-new": "{refusals} new connections in a row through the balancer ({error}) were not answered; nothing more is "
    "taken from the new side",
    "back.ask-to-remove": "The old side has its weights back, and {refusals} new connections in a row through the balancer "
    "({error}) were not answered. Take the new side apart all the same?",
    # Drift.
    "drift.changed": "has weight {weight}, this run set {meant}",
    "drift.gone": "is gone from the balancer; its weight was {meant}",
    "drift.appeared": "appeared with weight {weight}",
    "drift.seen": "a weight was changed outside this run: {first}",
    # What no write may break.
    "unsafe.action": "Not sent: {action}, because it is not safe: {broken:parts}. Traffic stays as it is. This is a defect of "
    "migrator: please report it with `migrator events`.",
    "rule.listener-empty": "safety rule 1: listener {listener} could be left without a healthy backend",
    "rule.removes-weight": "safety rule 2: {backend} still has weight {weight}",
    "rule.live-on-side": "safety rule 2: {connections:count connection} live on the {side} side",
    "rule.live-at": "safety rule 2: {connections:count connection} live at {address}",
    "rule.drains-weight": "safety rule 2: the {side} side is told to drain while {backend} has weight {weight}",
    "rule.deletes-weight": "safety rule 2: {object} would be deleted while the {side} side has weight",
    "rule.raises-unhealthy": "safety rule 3: {backend} is {health} and would be raised from {now} to {wanted}",
    "rule.not-ours": "safety rule 6: {backend} is foreign or gone",
    "rule.foreign": "safety rule 6: {backend} is foreign",
    "rule.drifted": "safety rule 6: {backend} has weight {weight}, which this run never set",
    "rule.out-of-range": "{backend}: weight {weight} is not in 0..{most}",
    "rule.pool-split": "{backend} and the other backends of its pool have one weight, and the write does not name them as one",
    "rule.too-many": "{rows} rows are more than one batch of {batch}",
    "rule.several-listeners": "the balancer takes one listener in a call",
    # Who carries a run out.
    "stint.died": "{holder} died; taken over by {successor}",
    "stint.died-alone": "{holder} died; nobody has taken it over",
    "stint.left": "{holder} left; taken over by {successor}",
    "stint.left-alone": "{holder} left; nobody has taken it over",
    "lease.left-half-way": "Run {run} of this store has begun to move this gateway and has not ended ({state}, at {step}); "
    "nobody carries it out. Nothing was changed. `migrator resume {run}` goes on with it, `migrator rollback {run}` goes "
    "back; `migrator status {run}` shows it.",
    "lease.moves-now": "Run {run} of this store moves this gateway now ({state}, at {step}), carried out by {by}. Nothing was "
    "changed by this command. `migrator status {run}` shows it.",
}

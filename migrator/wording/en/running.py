"""English: what a run says of itself: its turns, its writes, requests of people, how it ends and who carries it out."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "stored.text": "{text}",
    # Findings in a line, and what they are about.
    "finding": "{subject}: {problem}",
    "findings": "{of:parts}",
    "findings.counted": "{blocked} block, {warned} warn, {told} info[, {waived} waived]",
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
    "rests.following": "no node is registered or drained meanwhile",
    # What could not be looked at.
    "look.silent": "{why:sentences} Traffic stays as it is; nothing advances until it answers. Meanwhile {guard}.",
    "look.denied": "{why:sentences} Traffic stays as it is; nothing advances until it lets us in again. Then the run goes on "
    "by itself. Meanwhile {guard}.",
    "look.pods-listed": "We may not watch the pods of {namespace} (`watch pods`): they are listed at every look instead, which "
    "takes the API server more work. `migrator rbac` prints the right.",
    "look.cluster-late": "The API server has not answered yet.",
    "look.balancer-late": "The balancer has not answered yet.",
    "look.broken": "Could not look at {what:word facet}: what came was not understood ({error}).",
    "look.blind": "{why} Traffic stays as it is.",
    "look.nothing": "{why:sentences}",
    "look.not-yet": "It has not answered yet.",
    "look.unseen": "Could not look at {facets:word facet}. {why:sentences}",
    # What would turn a run back by itself.
    "protection.by": "{eyes:and} {eyes:choose watches|watch} the new side; if it fails, the run turns back by itself",
    "protection.but": "{watched}; but NOT behind {listeners:few}: no old pod there could take the traffic",
    "protection.none": "NOTHING TURNS THE RUN BACK BY ITSELF if the new side fails: {lost:and} {lost:choose shows|show} "
    "nothing",
    "protection.lost": "{eyes:and} {eyes:choose shows|show} nothing now",
    "protection.old-gone": "nothing turns the run back by itself: the old workload is gone",
    "protection.old-unfit": "nothing turns the run back by itself: no old pod behind {listeners:few} could take the traffic",
    "protection.old-going": "nothing turns the run back by itself: the old workload is being deleted",
    "protection.foreign-hand": "nothing turns the run back by itself: somebody else has changed a weight, and migrator does "
    "not fight it",
    "protection.no-weight": "the new side has no weight, so nothing has to turn the run back",
    "protection.going-back": "the run is on its way back already",
    "eye.witness": "our own connections through the balancer",
    "eye.balancer": "the balancer",
    "eye.health": "the balancer's health checks",
    "eye.drift": "the look at what others change in the cluster",
    "eye.judge": "the judge[ ({source:word source})]",
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
    "write.arrived-late": "a late write of this run (row {row} of `migrator events`) has arrived at {backends:count backend}; "
    "the weights that were set since are set again",
    "write.not-before": "the balancer asked us to wait before the next write: {next}",
    "write.tried-again": "{why} Tried again in {patience:seconds}.",
    # Requests of people, and questions to them.
    "request.by": "{request} by {by}[: {note}]",
    "request.answered": "{request} asked by {by}[: {note}]",
    "answer.done": "done",
    "answer.turns-back": "on the way back",
    "answer.no-way-back": "this run moves no gateway, so it has no way back",
    "answer.resumed-since": "a resume was asked for after it",
    "answer.paused-already": "the run is paused or halted already",
    "answer.nothing-to-resume": "the run is neither paused nor halted",
    "answer.set": "set: {what}",
    "live.not-understood": "{given} is not understood; a value is set like soak=20m, and there are {keys:list}",
    "live.not-in-plan": "the plan does not let {key} be set[; spec.live lists {keys:list}]",
    "live.out-of-range": "{key} may be from {least:seconds} to {most:seconds}, not {value:seconds}",
    "live.refused": "Nothing was set in run {run} ({name}): {why}.",
    "answer.same-person": "the plan wants a yes from somebody else than {starter}, who began the run",
    "ask.unanswered": "nobody has answered the question within {after:seconds}; the run goes on waiting, and is guarded",
    "answer.nothing-asked": "the run asks nothing",
    "answer.other-question": "meanwhile the run asks something else, so this yes answers nothing",
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
    "rule.unseen-pod": "safety rule 2: {object} would be deleted, and nobody knows whether its rows have weight",
    "rule.raises-unhealthy": "safety rule 3: {backend} is {health} and would be raised from {now} to {wanted}",
    "rule.not-ours": "safety rule 6: {backend} is foreign or gone",
    "rule.foreign": "safety rule 6: {backend} is foreign",
    "rule.drifted": "safety rule 6: {backend} has weight {weight}, which this run never set",
    "rule.out-of-range": "{backend}: weight {weight} is not in 0..{most}",
    "rule.pool-split": "{backend} and the other backends of its pool have one weight, and the write does not name them as one",
    "rule.too-many": "{rows} rows are more than one batch of {batch}",
    "rule.several-listeners": "the balancer takes one listener in a call",
    "run.adopted": "taken over from {holder}, whose store was lost (there it was run {run}, {name})",
    # The way back by hand.
    "hand.head": "The way back of run {run} ({name}), by hand. Nothing was changed. Type the stages one after the other, and "
    "go on only when a stage has done what it says.[ Cluster or balancer could not be looked at ({unseen}), so the addresses "
    "are those of the plan: put a pod's present address where one was replaced.]",
    "hand.nobody-else": "See that no process of migrator carries the run out: stop it, wherever it is. Who holds the Lease:",
    "hand.point-back": "Lead the Services to the old pods again:",
    "hand.stay": "Tell the old gateways to keep serving (needed if they were told to drain):",
    "hand.register": "Register the old backends that are missing, at weight 0; wait until the balancer calls them healthy:",
    "hand.raise": "Give the old side its recorded weights. This comes before the new side loses any:",
    "hand.look": "See that the old backends have their weights, and that the balancer calls them healthy. Only then go on:",
    "hand.lower": "Take the weights from the new side:",
    "hand.go": "Tell the new gateways to drain: clients that keep a connection stay on it otherwise:",
    "hand.drain": "Wait until the new gateways have no connections left ({seconds:seconds}, or as long as you give them).",
    "hand.deregister": "Take the new backends off the balancer:",
    "hand.keep": "Set the worst gateway apart, if you want to look at it afterwards (leave this out otherwise):",
    "hand.remove": "Remove what the run made:",
    "hand.undo": "Give the objects of others back what they had:",
    "hand.forget": "Take away the run's record and its Lease, so that a new run may begin:",
    "hand.restart-template": "Write the former template back; no pod restarts by that:",
    "hand.restart-others": "Give the nodes that were not renewed their recorded weights, where the balancer "
    "calls them healthy:",
    "hand.restart-lower": "Node {node}: take its weight. See first that the other nodes carry theirs:",
    "hand.restart-others-join": "Put the nodes that were not renewed back into their target group, where one is missing:",
    "hand.restart-leave": "Node {node}: take it out of its target group. See first that the other nodes are healthy:",
    "hand.restart-join": "Node {node}: put it back, and go on with the next once the balancer calls it healthy:",
    "hand.restart-end": "Node {node}: wait until it has no connections left ({seconds:seconds}, or as long as you "
    "give them), then let its pod be made anew:",
    "hand.restart-raise": "Node {node}: once the balancer calls it healthy, give it its weight again:",
    "hand.no-way-back": "Run {run} ({name}) is {state:word state}: there is no way back by hand to print. Nothing was changed. "
    "{instead}",
    "hand.detour": "Run {run} ({name}) leads the old side over temporary node ports, and its way back is not told as commands. "
    "Nothing was changed. `migrator resume` or `migrator rollback` go on with it; `migrator adopt` takes it over where its "
    "store is lost.",
    "hand.in-place": "Run {run} ({name}) moves its nodes one after another, and its way back is not told as commands: a "
    "list of commands does not see which pod ends next, and it would take the gateway from a node that has weight. Nothing was "
    "changed. `migrator rollback {run}` goes back. Where its store is lost: `migrator adopt`, then `migrator rollback`.",
    "hand.not-for": "How to change a {provider} balancer by hand is not known here. Nothing was changed."
    " `migrator rollback` goes back, also in another process once the store can be used.",
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
    # The views for people: where a run stands, its last line, what to type.
    "view.write-open": "a write is open: it is read back before anything else is done",
    "view.frozen": "Frozen ({place}). Within seconds its runs go no further; they are guarded, and a rollback goes on at once. "
    "`migrator unfreeze` takes it back.",
    "view.frozen-before": "Frozen already ({place})[, by {by}][, at {at:instant}][: {reason}]. Nothing was changed; to give "
    "another reason, say `migrator unfreeze` first.",
    "view.unfrozen": "Not frozen any more ({place}). Its runs go on by themselves.",
    "view.not-frozen": "Nothing was frozen here ({place}).",
    "freeze.file": "The file of a freeze, {file}, cannot be read or written: {why}. Nothing was changed.",
    "view.clusters": "old side in cluster {old}, new side in cluster {new}",
    "view.set": "{key} was set to {value:seconds} for the rest of the run",
    "view.at-step": "at this step for {lasted}[; {soaked} of it soaked, {requests:count request} judged]",
    "view.ends": "about {left:seconds} are left: done at {at}, if nothing holds the run",
    "view.ends-and-person": "about {left:seconds} are left and the time that people take: done at {at}, if nothing "
    "holds the run",
    "view.now": "now: {words}",
    "view.answer": "Answer yes: migrator approve {run}",
    "view.answer-and-resume": "Answer yes: migrator approve {run}, and then migrator resume {run}: no process carries the run "
    "out, so the answer alone moves nothing",
    "view.observed": "seen to arrive at the new side: {share:number .1f} % of {total} ({source})",
    "view.connections": "connections open: new {new:number g}, old {old:number g}",
    "view.wrong": "answers that the gateways made up themselves (no route): new {new:number g}, old {old:number g}; "
    "cut by client or gateway: new {new_broken:number g}, old {old_broken:number g}",
    "view.took": "answers took: new {new}; old {old}",
    "view.times": "p50 {median:number .0f} ms, p99 {late:number .0f} ms",
    "view.witness": "our own new connections: {answered} of {tried} answered",
    "notify.silent": "channel {channel} has not taken {letters:count notice}, the oldest of {at:instant}: `migrator notify "
    "{run}` tries again and says why",
    "view.at": "at {time}",
    "view.no-number": "no number",
    "view.judged-so": "{ruling:word ruling}[ ({said})]",
    "view.errors": "; errors: new {new}, old {old} ({when})",
    "view.carried-out": "carried out by {holder}",
    "view.carried-out-blind": "carried out by {holder}; that process has looked at nothing yet",
    "view.unwatched": "NOBODY WATCHES IT",
    "view.nobody-watches": "NOBODY WATCHES IT[; the last look was {ago}, and what is said of it is as old]",
    "view.nobody-watches-forward": "NOBODY WATCHES IT: nothing turns it back if the new side fails[; the last look was {ago}, "
    "and what is said of it is as old]",
    "view.nobody-looked": "NOBODY HAS LOOKED FOR {lasted}: nothing turns the run back by itself",
    "view.seen": " (seen {ago})",
    "view.why": "{label}: {why}",
    # Where a follower stands.
    "view.followed-for": "has looked after nodes for {lasted}",
    "view.weighted": "{backends:count backend} with weight on the balancer (seen {ago})",
    "view.nobody-follows": "NOBODY LOOKS AFTER THE NODES",
    # Last lines.
    "view.run": "Run {run} ({name})",
    "view.may-differ": "The configurations may differ at {place}: {reason}",
    "view.left": "Left run {run} ({name}) {state} at {step}[: {why}].[\n{differing:lines}]\n{new_side}[; {since}]; "
    "nothing changes the weights now. NOBODY WATCHES IT NOW. `migrator resume {run}` {goes}.",
    "view.line": "  {line}",
    "view.answers-more": "and {count} more: `--output json` has all of them",
    "view.beginning": "its beginning",
    "view.goes-on": "goes on, `migrator rollback {run}` goes back",
    "view.goes-back": "goes on with the way back",
    "view.write-sent": "a write was sent since then and will be read back first",
    "view.left-nodes": "Left run {run} ({name}) {state}[: {why}][; {since}]. NOBODY LOOKS AFTER THE NODES NOW: a new node gets "
    "no traffic, and a node that leaves keeps its weight. `migrator follow {run}` goes on.",
    "view.left-pod": "Left run {run} ({name}) {state} at {step}[: {why}][; {since}]. NOBODY CARRIES IT OUT NOW: the pod and "
    "its weights stay as they are. `migrator resume {run}` goes on.",
    "view.asked": '{run}: {request} requested[ (an answer to "{question}")]; {applied}.',
    "view.paused-already": "{run} is paused already; nothing was requested. `migrator resume {id}` goes on.",
    "view.monitored": "By the balancer's monitoring, at {at}: {said}",
    "view.applied-by": "{holder} applies it within about a second",
    "view.applied-later": "no process carries the run out now, so it is applied when `migrator resume {run}` is run",
    "view.stands-anyway": "no process carries the run out now, so nothing advances anyway; `migrator resume {run}` goes on, "
    "and withdraws this",
    "view.ended": "{run} ended: {state}[: {why}].[ {new_side}.]",
    "view.detached": "{run} is carried out by {holder}; its log is {log}.\nWatch it: migrator status {id} --watch. Stop its "
    "advance: migrator pause {id}. Send it back: migrator rollback {id}.",
    "view.kept": "Kept for a look: pod {pod}, off the balancer; `migrator release {pod} --plan {run} --delete` removes it.",
    "view.to-follow": "\nNow keep `migrator follow {run}` running: the plan says after: migrator.",
}

"""English: the names of the steps, and what each step does, waits for, asks and has achieved."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Names.
    "step.compare-answers": "Compare answers",
    "step.attach": "Attach {side}",
    "step.await-ready": "AwaitReady",
    "step.confirm": "Confirm {side}",
    "step.deploy": "Deploy",
    "step.detach": "Detach {side}",
    "step.drain": "Drain {side}",
    "step.follow": "Follow nodes",
    "step.gate": "Gate",
    "step.guard": "Guard",
    "step.hand-over": "Hand over",
    "step.hook": "Hook {hook} {after:choose after|before} {point:word hooked}[ {share:percent}]",
    "step.keep": "Keep",
    "step.lead": "Lead",
    "step.lead-back": "Lead back",
    "step.point-back": "Point back",
    "step.preflight": "Preflight",
    "step.rehearse-back": "Rehearse back",
    "step.rehearse-up": "Rehearse up",
    "step.remove": "Remove new",
    "step.restore": "Restore companions",
    "step.restore-old": "Restore old",
    "step.retire": "Retire",
    "step.shift": "Shift {share:percent}",
    "step.stand": "Stand",
    "step.tell-to-stay": "Tell {side} to stay",
    "step.undo": "Undo guard",
    "step.verify-config": "VerifyConfig",
    "step.done": "done",
    "step.not-finished": "not finished: the run turned back",
    # Preflight, Guard, Deploy.
    "preflight.running": "the preflight checks are running",
    "preflight.passed": "{findings:count finding}, none blocks",
    "preflight.counted": "{counts}",
    "guard.old-rolls": "{workload} is rolling out; migrator changes nothing around it until its pods have settled",
    "guard.done": "{objects:count object} guarded",
    "deploy.make": "make {object}",
    "deploy.done": "{objects:count object} applied",
    "stand.done": "{object} stands as the plan saw it",
    # AwaitReady.
    "ready.done": "{pods} of {pods} pods are Ready",
    "ready.waiting": "{ready} of {wanted} pods are Ready ({reasons:parts})",
    "pod.missing": "{places:few}: {why}",
    "pod.none-yet": "no pod yet[ ({why})]",
    "pod.not-ready": "not Ready",
    "pod.node-left": "the node is gone, and no other has come in its place",
    "pod.not-wanted": "the DaemonSet wants only {wanted:count pod}: look at this node's labels and taints",
    "pod.restarted": "restarted less than {steady:seconds} ago",
    "pod.container-ended": "container {container} {why}, {restarts:count restart}",
    "pod.container-waits": "container {container}: {reason}, {restarts:count restart}[; {why}]",
    "pod.ended": "ended with code {exit} ({reason})[: {words}]",
    "pod.ended-without-reason": "ended with code {exit} (no reason)[: {words}]",
    "pod.event": "{reason}: {words}",
    "pod.failed": "{reason}: the pod has failed",
    "pod.no-node": "{reason}: {why}[ (it wants host ports {ports})]",
    "pod.no-node-takes-it": "no node takes it",
    "pod.says": "{words}",
    "pod.unready": "not ready[: {words}][; {event}]",
    "pod.unplaced": "a pod waits: {why}",
    # VerifyConfig and our own requests.
    "config.verified": "{backends:count new backend} answered our requests; no unexplained difference",
    "config.verified-but": "{backends:count new backend} answered our requests; no difference but what the plan allows"
    "[: {allowed:parts}][; the old gateways differ among themselves: {old:parts}]"
    "[; nothing differed at these places, which the plan allows: {unmet:list}]",
    "config.gateway": "{pod}: {why}",
    "config.on": "{pods:few 3}: {line}",
    "config.differs": "{unit}[ {path}]: old {old}, new {new}[ (made by {by})]",
    "config.missing": "{unit}[ {path}]: missing on the new gateway[; old {old}][ (made by {by})]",
    "config.extra": "{unit}[ {path}]: only on the new gateway[; new {new}][ (made by {by})]",
    "config.order": "{unit}[ {path}]: another order; old {old}; new {new}[ (made by {by})]",
    "config.more": "[{unit}: ]more differences than are shown here[ ({more} more lines)]",
    "config.allowed": "{line}; allowed by the plan ({place}): {reason}",
    "config.waiting": "{left} still to be proved: {first}",
    "config.warming": "{parts:list}",
    "probe.none-yet": "our own request has not been sent yet",
    # Attach.
    "attach.register": "register {backends} {side} {backends:choose backend|backends} at weight 0",
    "attach.done": "{backends} {side} {backends:choose backend|backends} registered and ready for traffic",
    "attach.waiting": "{sick} of {wanted} {side} backends are not ready for traffic: {first}",
    "attach.partly": "the old side can take the traffic behind {listeners:few}; NOT behind {bare:few}, which stays with the "
    "new side for now",
    "attach.approved": "the balancer calls {healthy:count old backend} healthy; our own requests were not answered, and "
    "a person said yes all the same",
    "attach.ask": "The balancer calls {healthy:count old backend} healthy, but {why}. Give them the traffic all the "
    "same?",
    "balancer.calls-it": "the balancer calls it {health}",
    # Shift, Keep, Rehearse, and the way back of the weights.
    "shift.write": "{step}: {now} of {left:count weight}, {achieved:number .2f} % new",
    "shift.waits-for-health": "{weights:count weight} {weights:choose waits|wait} until a raised backend is healthy",
    "shift.done": "weights give {achieved:number .2f} %, observed {observed:number .2f} % of {total} {what:word unit} "
    "({source:word source}); {requests:count request} judged",
    "shift.done-unseen": "weights give {achieved:number .2f} %, observed by nobody; {requests:count request} judged",
    "share.differs": "by the weights the new side should get {promised:number .1f} % of {what:word unit}; the "
    "{source:word source} counted {observed:number .1f} % of {total}",
    "soak.going-on": "soaking at {share:percent}, {soaked:number .0f} of {soak:number g} s; {judge}",
    "soak.extended": "{requests} of {wanted} requests seen on the new side; the soak goes on",
    "soak.ask": "Only {requests} of {wanted} requests reached the new side in {soaked:number .0f} s at {share:percent}. "
    "That is too few to judge it. Go on all the same?",
    "nodes.ask": "{why} ({nodes}), and no other node has come in their place. Give the new side {share:percent} all the same? "
    "A yes is to this share alone.",
    "soak.ask-compare": "For {held:seconds} at {share:percent} the counters cannot say whether new clients or the new gateways "
    "cause the 4xx: {reason}. The share stays as it is. Ask the same of both sides. "
    "Are the answers the same, and shall the run go on?",
    "soak.ask-silent": "For {held:seconds} at {share:percent} a judge of the plan says nothing: {reason}. The share stays as "
    "it is, and the other judges go on. Go on without it?",
    "restore-old.follows": "old has its recorded weights; the balancer's data plane is following",
    "restore-old.done": "old has its exact recorded weights, new is at 0",
    "rehearse.done": "a rollback of the weights took {took:number .1f} s; the plan allows {limit:number g} s",
    # Draining: connections and what the gateways are told.
    "connections.uncounted": "the connections of {gateways} {side} {gateways:choose gateway|gateways} are not counted yet",
    "connections.recounting": "the connections of the {side} side are being counted again",
    "gateways.tell": "tell {gateways} {side} {gateways:choose gateway|gateways} to {word:word told}",
    "gateways.tell-again": "tell {gateways} restarted {side} {gateways:choose gateway|gateways} to drain again",
    "step.follows": "the way back does not wait for it, it follows later: {why:sentences}",
    "stay.done": "no {side} gateway is draining",
    "drain.never-attached": "no {side} backend was ever on the balancer, so no client was sent there",
    "drain.waiting": "{connections:count connection} {connections:choose is|are} left on the {side} side",
    "drain.done": "{side} has no live connection",
    "drain.cut": "the deadline of {timeout:seconds} has passed: {connections:count connection} "
    "{connections:choose is|are} left on the {side} side and will be cut",
    "drain.ask": "{connections:count connection} {connections:choose is|are} left on the {side} side after "
    "{timeout:seconds}. Cut them?",
    # Gate.
    "gate.ask": "All new connections go to {new}; {old} gets none any more and can still take them back within seconds.[ "
    "{left}] "
    "Remove it? After that there is no rollback; its exact manifest stays in the plan.",
    "gate.left": "{connections:count connection} {connections:choose is|are} still open on it: a yes cuts "
    "{connections:choose it|them}.",
    "gate.left-none": "No connection is open on it any more.",
    "gate.left-unknown": "It is not known whether connections are still open on it: a yes cuts those that are.",
    "gate.approved": "approved by {by}",
    "gate.approved-by-plan": "approved by the plan (`approval: auto`)",
    "gate.hold": "The new side has held {share:percent} as the plan wants, and the plan holds the run there. Go on to {next}?",
    "gate.opened": "the step may begin: its gates are open ({by})",
    "gate.closed": "{step} does not begin now: it may take {worst:seconds}[, the way back from its end {back:seconds}], and no "
    "window of the plan is open for so long[; the next one is at {opens:instant}]. What is there stays and is guarded",
    "gate.frozen": "frozen[ in namespace {where}][ of cluster {cluster}] by {by} since {at:instant}[: {reason}]. Nothing goes "
    "forward until `migrator unfreeze[ --namespace {where}][ --context {cluster}]`; what is there stays and is guarded, and a "
    "rollback goes on at once",
    "freeze.not-looked": "nobody has looked yet whether the run is frozen",
    "freeze.unread": "whether {place} freezes the run cannot be read ({why}): as before, {frozen:choose frozen|not frozen}",
    "gate.webhook-asked": "the plan's webhook is asked whether the step may begin",
    "gate.webhook": "the plan's webhook {said_no:choose has said no|has given no answer}[: {why}]; it is asked again",
    "gate.ask-webhook": "The plan's webhook has given no yes within {patience:seconds}[ ({why})]. Go on all the same?",
    "hook.no-secret": "{variable} is not in the environment, so the question cannot be signed",
    "hook.silent": "no answer ({error})",
    "hook.status": "it answered with status {status}",
    "hook.unreadable": "its answer is no JSON object with `allow`: true or false",
    "hook.not-started": "{program} could not be started ({error})",
    "hook.too-slow": "it has not ended within {timeout:seconds}, and was killed",
    "hook.exit": "it ended with code {exit}",
    "hook.calling": "the hook {hook} is called",
    "hook.again": "the hook {hook} has not succeeded ({why}); it is called again",
    "hook.failed": "the hook {hook} has not succeeded ({why})",
    "hook.done": "the hook {hook} has succeeded, at call {calls}",
    "hook.ask": "The hook {hook} has not succeeded within {patience:seconds} ({why}). Go on without it?",
    "hook.waived": "without the hook {hook}, approved by {by}",
    "hook.passed-over": "without the hook {hook} ({why}), as the plan wants",
    "gate.zone-unknown": "nothing begins: this machine does not know the time zone {zone} of the plan's windows",
    # Detach.
    "detach.floor": "the {side} backends are off the balancer; waiting until no new connection can reach them any more",
    "detach.done": "no {side} backend is on the balancer",
    "detach.remove": "remove {backends} {side} {backends:choose backend|backends}, {connections:count connection} live",
    "detach.ask": "{connections:count connection} {connections:choose is|are} live on the {side} side. Remove its backends "
    "and cut them?",
    # Retire, and what is removed.
    "retire.waits": "{object} is deleted only once the judge says pass; it does not yet: {doubt}",
    "retire.repoint": "{object} now leads to the new pods",
    "object.delete": "delete {object}",
    "object.delete-ours": "delete {object}, which migrator made",
    "object.ending": "{pods:count pod} of {object} still ending",
    "object.gone": "{object} is gone, and all of its pods",
    "object.gone-late": "{object} is gone; {pods} of its pods have not ended after {patience:seconds}",
    # Hand over.
    "hand-over.waiting": "a controller owns the old workload, and only you may touch its owner. Do now, in this order: "
    "{orders:parts}",
    "hand-over.delete": "delete {object}: `{command}`; done when {proof} is gone",
    "hand-over.scale": "scale by {object}: `{command}`; done when {proof} wants no pod",
    "hand-over.emptied": "{object} stays, by its owner, and has no pod any more",
    "hand-over.left": "{object} is left standing as its owner keeps it, off the balancer",
    # Confirm.
    "confirm.watching": "watching one more window of {window:seconds}",
    "confirm.new": "the new side serves alone",
    "confirm.old": "the old side serves alone with its recorded weights",
    "confirm.leaving": "{backends} {backends:choose leads|lead} to no pod any more and {backends:choose loses its "
    "weight|lose their weights} first",
    "confirm.old-coming": "{backends} came a moment ago and {backends:choose gets its weight|get their weights} first",
    "weight.differs": "{backend}: {now} instead of {recorded}",
    # The way back.
    "point-back.change": "{object} leads to the old pods again",
    "point-back.done": "every Service leads to the old pods",
    "undo.change": "undo: {change}",
    "undo.done": "as before: {changes:count change} undone, or never made",
    # Why Guard and its kin change an object.
    "change.floor": "the old side keeps its {replicas:count replica} until it is removed, whatever its load",
    "change.leads-until-ready": "Service {service} sends traffic to the pods that leave until the returning pods are Ready, "
    "then to those",
    "change.leads-old-until-retire": "Service {service} leads to the old pods until step Retire, which leads it to the "
    "new ones",
    "change.leads-until-retire": "Service {service} leads to the leaving pods until Retire, then to the returning ones",
    "change.narrowed": "Service {service} must not send traffic to the new pods before their share",
    "change.selects-as-before": "{object} selects as it did before the earlier run",
    "change.unmarked": "{object} no longer belongs to a run",
    "change.update-strategy": "give the new DaemonSet its ordinary update strategy",
    "change.weights-given-back": "{object} leaves the weights to its cloud controller again",
    "change.weights-ignored": "the cloud controller would reset the balancer's weights whenever the Service or its "
    "endpoints change",
}

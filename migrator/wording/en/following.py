"""English: what is said of pods and nodes that come and go: on both sides of a run, and once it is over."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Both sides of a run.
    "slot.deserted": "its pod is gone or ending",
    "slot.not-ready": "its pod {pod} is not Ready[ ({trouble})]",
    "slot.unregistered": "it is not registered on the balancer",
    "sides.weigh": "pods have come or gone: {changes:and}",
    "sides.adopt": "account for {backends:few}, which came by themselves with the weight of their place",
    "sides.raise": "give {backends:few} weight",
    "sides.lower": "take weight from {backends:few}",
    "sides.register": "pods have come: register {backends:few} at weight 0",
    "sides.join": "pods have come: register {backends:few} in the group that their side has",
    "sides.leave": "pods are going: take {backends:few} out of their group, whose other members carry on",
    "sides.remove": "pods are gone: remove {backends:few}",
    "side.controller-takes-off": "pods are going: the cloud's controller is to take {backends:few} off the balancer",
    "way-back": "{fit} of {slots} old pods are ready[, {ours} of them proved by our own requests alone]"
    "[, {earlier} by what the balancer saw of the same pods before]"
    "[ ({rehearsed})][: {why:parts}]",
    "way-back.rehearsed": "weights take {took:number .1f} s, rehearsed {at}",
    "way-back.gone": "there is NO way back now: no old pod is left",
    "way-back.unfit": "{backend}: {why}",
    "way-back.missing": "{pods:count old pod} {pods:choose is|are} missing",
    "way-back.waiting": "way back: {fit} of {slots} old pods are ready[ ({why:parts})]; the new side gets no more "
    "until they are",
    "way-back.ask": "Only {fit} of {slots} old pods, with {percent:percent} of the old weight, could take the traffic "
    "back[ ({why:parts})]. Give the new side more all the same? A yes holds for the rest of this run.",
    "restore-old.nobody": "no old backend behind {listeners:few} can take traffic yet",
    # A follower.
    "follow.waiting": "{tally}[; {underway:parts}][; {troubles:parts}]",
    "follow.tally": "{serving} of {nodes:count node} {nodes:choose serves|serve}",
    "follow.weigh": "{changes:and}",
    "follow.raise": "raise {addresses:few}",
    "follow.lower": "take the weight from {addresses:few}",
    "follow.remove": "remove {addresses:few}",
    "follow.register": "register {addresses:few} at weight 0",
    "follow.join": "register {addresses:few} in their pool, with its weight",
    "follow.tell": "tell {gateways:count gateway} to {word:word told}",
    "follow.no-workload": "{object} is not there: nothing is registered or drained until it is",
    "follow.no-node": "no node has the plan's labels: nothing is registered or drained until one has",
    "follow.leaves": "{node} leaves ({why}): {still}",
    "follow.comes": "{node} comes: {why}",
    "follow.next": "next",
    "follow.cluster-fault": "{gateways} of {of:count gateway} are not Ready at once: more than a third is a fault of the "
    "cluster, so all keep their weights, and the balancer's own health check decides",
    "follow.drift": "{backend} {change}: it was changed outside this run, so migrator leaves this backend alone",
    "follow.last-one": "{backend} keeps its weight although {node} {fate:word fate} ({why}): without it the listener would "
    "have no healthy backend",
    "follow.idle": "{node} {fate:word fate}: {why}",
    "follow.held": "{node} is leaving; it stays registered at weight 0, because its connections have not "
    "ended and the plan says "
    "drain.onTimeout: hold",
    "follow.cordoned": "{node} is cordoned and keeps its traffic; taint it with {taint} to drain it",
    "follow.not-ready": "{node} is Ready and gets no traffic: {why}",
    "leaving.weighted": "{backend} has weight {weight}",
    "leaving.settling": "the balancer's data plane follows",
    "leaving.drains": "{connections:count connection} left",
    "leaving.held": "{connections:count connection} left, and the plan says drain.onTimeout: hold",
    "coming.new": "its gateway has just begun",
    "coming.drains": "its gateway has to be told to keep serving",
    "peers.differ": "its configuration differs from its peers': {first}",
    "peers.warming": "it still warms up: {why}",
    "peers.not-compared": "its configuration has not been compared with its peers' yet",
    "node.gone": "its node is gone, or has no longer the plan's labels",
    "node.deleted": "its Node is being deleted",
    "node.excluded": "somebody takes it out of load balancers (label {label})",
    "node.tainted": "{meaning:word taint} (taint {taint})",
    "node.cordoned-drains": "it is cordoned, and the plan says follow.cordoned: drain",
    "node.gateway-ends": "its gateway is ending",
    "node.no-gateway": "no gateway runs on it",
    "node.gateway-not-ready": "its gateway is not Ready[: {trouble}]",
    "node.lost": "its node is NotReady, and the balancer does not call it healthy",
    "node.not-ready": "its node is NotReady",
    "record.written-again": "somebody had changed the run's record in the cluster (ConfigMap {name}); it was written "
    "again. Traffic is not "
    "touched by that. Whoever edits it should stop: it serves only when the store is lost",
    "record.not-kept": "the run's record in the cluster is stale: it cannot be written ({why}). The run goes on. "
    "While that lasts, "
    "`migrator adopt` would not know the newest step if this store were lost",
    "node.waits-its-turn": "{why}; it keeps its weight, because others have lost theirs already (follow.maxZeroed)",
    "nodes.over": "no longer: {trouble}",
    # A restart, node by node.
    "step.rewrite": "Write template",
    "step.renew": "Renew {nodes:few 3}",
    "step.shed": "Shed new",
    "step.write-back": "Write template back",
    # The template.
    "rewrite.done": "{object} has the new template; no pod restarts by it",
    "restart.strategy": "nothing but this run restarts its pods meanwhile",
    "restart.template": "the new revision of its pods",
    # A node.
    "renew.weigh": "set {rows:count weight}",
    "presence.leave": "take {rows:count backend} out of {rows:choose its|their} target group; connections that are open stay",
    "presence.join": "put {rows:count backend} back into {rows:choose its|their} target group",
    "renew.end": "end pod {pod} on {node}; it gets no connection any more",
    "renew.last-one": "{node} keeps its weight: without it a listener would have nobody healthy",
    "renew.rest-unfit": "{node} is not taken out while the other nodes do not carry all of their own weight",
    "renew.settling": "{node} gets no new connection; the balancer follows",
    "renew.draining": "{node}: {connections:count connection} left",
    "renew.ask-cut": "{node:few 50} still {node:choose has|have} {connections:count connection} after {timeout:seconds}, and "
    "the plan says drain.onTimeout: hold. End {node:choose its pod|their pods} all the same?",
    "renew.proving": "{node}: {why}",
    "renew.no-pod": "no new pod yet[ ({ending} ending)]",
    "renew.not-ready": "pod {pod} is not Ready[ ({trouble})]",
    "renew.not-asked": "nobody has asked yet whether its gateway was told to drain",
    "renew.next": "it is the next",
    "renew.soaking": "watched for {soaked:seconds} of {soak:seconds}; {judge}",
    "renew.done": "{nodes:count node} renewed, {requests:count request} judged",
    "renew.done-few": "{nodes:count node} renewed; only {requests:count request}, too few for a verdict",
    "estimate.renew-weights": "balancer: take out and put back, {weights:count write} a listener",
    "estimate.renew-pods": "cluster: end the pods of {nodes:count node}, each once its connections are gone",
    # The way back.
    "shed.lower": "take the weight from {rows:count renewed backend}",
    "shed.follows": "the balancer follows",
    "shed.done": "the new revision has no weight",
    "shed.left": "the new revision keeps its weight on {left:count backend}: the others could not carry that; it goes node by "
    "node, as each is renewed",
    # What stands in the way.
    "restart.gone": "{object}, which plan {name} names, is not there. Nothing was changed."
    " Check `target` in the plan file; `migrator plan` and `migrator run` bring a gateway there.",
    "restart.no-gateway": "Run {run} ({name}) is {state:word state}: it put no gateway in place that could be restarted. "
    "Nothing was changed. Name a completed migration, or a plan file.",
    "restart.no-container": "The pods have no container {containers:few}. Nothing was changed. "
    "`kubectl get daemonset NAME -o yaml` names those that they have.",
    "restart.image": "{given} is no NAME=IMAGE. Nothing was changed."
    " Write it like istio-proxy=docker.io/istio/proxyv2:1.24.1.",
    "restart.soak": "{given} is no duration, as 90s or 5m. Nothing was changed. Write it like that.",
    "restart.patch": "{file} is no patch: a YAML or JSON object is needed. Nothing was changed."
    " Write one like {{spec: {{template: ...}}}}.",
    "restart.patch-more": "The patch changes {keys:few} of the DaemonSet beside its template, which is all that a restart "
    "changes. Nothing was changed. Change the rest with `kubectl patch`, and give the restart a patch of the template alone.",
    "restart.kind": "{object} is no DaemonSet, and only these are restarted node by node. Nothing was changed. "
    "`migrator harden` says what a Deployment needs so that `kubectl rollout restart` loses nothing.",
    "restart.controlled": "Behind {provider} the cloud's controller registers the gateways' pods, and would undo every weight "
    "of ours. Nothing was changed. `migrator harden FILE` says what the pods need so that they end without loss while the "
    "controller takes them off; then `kubectl rollout restart -n {namespace} daemonset/{name}` restarts them.",
    "restart.bound": "{binding} registers the pods of {group} by itself, and would put back what a restart takes out. Nothing "
    "was changed. `migrator harden FILE` says what the pods need so that they end without loss while the controller takes "
    "them off; then `kubectl rollout restart -n {namespace} daemonset/{name}` restarts them.",
    "restart.pool-shared": "{pools:few} {pools:choose is|are} behind more than one listener of the plan, so a node would "
    "leave all of them at once. Nothing was changed. Give each listener a target group of its own.",
    "restart.pool-cuts": "The balancer ends what is still connected to a node {delay:seconds} after it left {pool}"
    "[, and the plan says drain.onTimeout: {hold}][, and the plan gives them {timeout:seconds}]. Nothing was changed. "
    "Let the group keep them (deregistration_delay.connection_termination.enabled false), or make its deregistration delay "
    "at least drain.timeout and say drain.onTimeout: cut.",
    "restart.zone-alone": "Each zone of the balancer sends to its own nodes alone, and zone {zone} has {nodes:count node} "
    "with weight: without one fewer than the {least} that it needs would be left there. Nothing was changed. Switch "
    "cross-zone load balancing on for the target group, or add a node to the zone.",
    "zone.unnamed": "without a name",
    "restart.pool-small": "There {nodes:choose is|are} {nodes:count node} with weight, and the target group needs {least} "
    "healthy at any time. Nothing was changed. Add a node, or lower the group's minimum_healthy_targets.",
    "restart.owned": "{owner} makes {object} and would write its own template over ours. Nothing was changed. Change it "
    "there.",
    "restart.rolling": "{object} is rolling out. Nothing was changed. Wait until its pods have settled.",
    "restart.mixed": "The pods of {object} are of several revisions[ ({revisions:few})], so that there is none to go back to. "
    "Nothing was changed. Let the rollout end first.",
    "restart.other-address": "{rows:few} {rows:choose is|are} at no node's first address and at no pod's own, and a restart "
    "knows a node by these. Nothing was changed. Register the nodes by their first InternalIP.",
    "restart.too-few": "{at_once:count node} at a time {at_once:choose is|are} too many: {nodes:count node} "
    "{nodes:choose has|have} weight, and at least half of them must carry on. Nothing was changed. "
    "Say less with `--at-a-time`, or add a node first.",
    "restart.unwell": "{nodes:few} {nodes:choose is|are} not well, more than the {at_once} that may be out at a time. Nothing "
    "was changed. See `kubectl describe` of their pods and mend them, or say more with `--at-a-time`.",
}

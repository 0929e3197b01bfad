"""English: a restart, node by node: its steps, what each waits for and has achieved, and what stands in its way."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Names.
    "step.rewrite": "Write template",
    "step.renew": "Renew {nodes:few 3}",
    "step.shed": "Shed new",
    "step.write-back": "Write template back",
    # The template.
    "rewrite.done": "{object} has the new template; no pod restarts by it",
    "restart.strategy": "nobody but this run restarts its pods meanwhile",
    "restart.template": "the new revision of its pods",
    # A node.
    "renew.weigh": "set {rows:count weight}",
    "renew.end": "end pod {pod} on {node}; it gets no connection any more",
    "renew.last-one": "{node} keeps its weight: without it a listener would have nobody healthy",
    "renew.rest-unfit": "{node} is not taken out while the other nodes do not carry all of their own weight",
    "renew.settling": "{node} is at weight 0; the balancer follows",
    "renew.draining": "{node}: {connections:count connection} left",
    "renew.ask-cut": "{node} still has {connections:count connection} after {timeout:seconds}, and the plan says "
    "drain.onTimeout: hold. End its pod all the same?",
    "renew.proving": "{node}: {why}",
    "renew.no-pod": "no new pod yet[ ({ending} ending)]",
    "renew.not-ready": "pod {pod} is not Ready[ ({trouble})]",
    "renew.not-asked": "nobody has asked yet whether its gateway was told to go",
    "renew.next": "it is the next",
    "renew.soaking": "watched for {soaked:seconds} of {soak:seconds}; {judge}",
    "renew.done": "{nodes:count node} renewed, {requests:count request} judged",
    "renew.done-few": "{nodes:count node} renewed; only {requests:count request}, too few for a verdict",
    "estimate.renew-weights": "balancer: set {weights:count weight}, to 0 and back",
    "estimate.renew-pods": "cluster: end the pods of {nodes:count node}, one after another's connections",
    # The way back.
    "shed.lower": "take the weight from {rows:count renewed backend}",
    "shed.follows": "the balancer follows",
    "shed.done": "the new revision has no weight[ but on {left:count backend} that the others could not carry]",
    # What stands in the way.
    "restart.gone": "{object}, which plan {name} names, is not there. Nothing was changed.",
    "restart.no-gateway": "Run {run} ({name}) is {state:word state}: it put no gateway in place that could be restarted. "
    "Nothing was changed. Name a completed migration, or a plan file.",
    "restart.no-container": "The pods have no container {containers:few}. Nothing was changed.",
    "restart.image": "{given} is no NAME=IMAGE. Nothing was changed.",
    "restart.soak": "{given} is no duration, as 90s or 5m. Nothing was changed.",
    "restart.kind": "{object} is no DaemonSet, and only these are restarted node by node. Nothing was changed.",
    "restart.pooled": "Behind {provider} a node has no weight of its own, so it cannot be taken out by weight. Nothing was "
    "changed.",
    "restart.owned": "{owner} makes {object} and would write its own template over ours. Nothing was changed. Change it "
    "there.",
    "restart.rolling": "{object} is rolling out. Nothing was changed. Wait until its pods have settled.",
    "restart.mixed": "The pods of {object} are of several revisions[ ({revisions:few})], so that there is none to go back to. "
    "Nothing was changed. Let the rollout end first.",
    "restart.too-few": "{at_once:count node} at a time {at_once:choose is|are} too many: {nodes:count node} "
    "{nodes:choose has|have} weight, and at least half of them must carry on. Nothing was changed.",
    "restart.unwell": "{nodes:few} {nodes:choose is|are} not well, more than the {at_once} that may be out at a time. Nothing "
    "was changed. See `kubectl describe`.",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "renew.unfit": (
        "the new gateway did not become fit for traffic in time: {why}",
        "",
        "see `kubectl describe` and its logs; the former revision comes back, and nothing was sent to this one",
    ),
}

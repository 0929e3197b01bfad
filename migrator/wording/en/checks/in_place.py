"""English: what is said of an in-place move, in which nodes change hands one after another."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "step.swap": "Swap {nodes:few 3}",
    "step.swap-back": "Swap {nodes:few 3} back",
    "swap.price": "make pod {pod} the first to go when its Deployment shrinks",
    "swap.unprice": "pod {pod} stays, and is no longer the first to go",
    "swap.shrink": "{object} to {replicas:count replica}: pod {pod} on {node} goes, and no other comes",
    "swap.clear": "keep {object} off {nodes:few}: its pod there ends",
    "swap.grow": "{object} to {replicas:count replica}: an old pod comes back",
    "swap.empty": "take the last weight behind {listeners:few}: nobody answers there until the node has changed hands, as "
    "the plan acknowledges",
    "swap.ending": "{node}: pod {pod} is about to end",
    "swap.other-first": "{node}: its Deployment is not shrunk, because it would end pod {pod} first, which is not Ready",
    "step.keep-others": "Keep old on the other nodes",
    "swap.let-on": "let {object} on {node}: its pod waits there for the ports, and the node has no weight",
    "swap.early": "nobody is sent to {nodes:few}: a new pod came there before its turn, and nothing has proved it",
    "change.bars": "{object} is kept off this node until its turn has come",
    "change.scaler-rests": "no scaler changes the count of old pods: the run takes them away one by one",
    "change.shrinks": "{object} has a replica less for each node that changes hands",
    "in-place.kinds": "it moves a Deployment to a DaemonSet that migrator derives from it, in one cluster",
    "in-place.other-way-out": "target.portConflict: {way} is another way to free the ports; leave it out",
    "in-place.pools": "weights belong to the balancer's target groups here, so no single node can be taken out",
    "in-place.controller": "a controller registers the balancer's backends by itself, and writes their weights",
    "in-place.owned": "a controller owns the Deployment and would give it its replicas back",
    "in-place.no-shared-port": "old and new pods declare no host port in common, so that both would run on one node at once; "
    "canary moves this without taking anything away",
    "in-place.priority": "the priority class changes[ from {old}][ to {new}]: pods of a higher one push the old "
    "ones off their nodes",
    "in-place.pods-elsewhere": "{nodes:few} {nodes:choose runs an old pod and is|run old pods and are} not chosen by "
    "target.nodeSelector",
    "in-place.elsewhere": "on {nodes:few} an old pod would find its ports free, too: on the way back it might start there, "
    "where the balancer sends nobody; cordon {nodes:choose that node|these nodes} until the run has ended, or let the old "
    "template's nodeSelector choose the plan's nodes alone",
    "in-place.free-nodes": "{nodes:few} {nodes:choose has|have} no old pod: scale the Deployment until every node has one and "
    "register {nodes:choose it|them}, or choose fewer nodes (target.nodeSelector)",
    "in-place.unwell": "{pods:few} {pods:choose is|are} not Ready, and a Deployment that shrinks ends such pods first",
    "in-place.count": "there {pods:choose is|are} {pods:count old pod} on {nodes:count node}; every node is to have one, and "
    "no other may wait for a node",
    "in-place.other-rows": "{rows:few} {rows:choose is|are} dialled by one side alone; in-place is for the same addresses and "
    "ports on both",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "in-place.not-here": (
        "the nodes cannot change hands one after another here: {why}",
        "",
        "mend that and look again, or use strategy canary with another way out of the port conflict (`migrator plan FILE "
        "--ways-out`)",
    ),
    "in-place.loses-requests": (
        "behind {listeners:few} a single node has all the weight: while it changes hands nobody answers there",
        "expected loss window {expected:seconds}[, at most {most:seconds}][, about {requests:count request} at the rate seen]",
        "give another node an old pod and register it; or say `acknowledge: loses-requests`; or "
        "use strategy canary with another way out of the port conflict "
        "(`migrator plan FILE --ways-out`)",
    ),
    "in-place.loses-requests:acknowledged": (
        "behind {listeners:few} a single node has all the weight: while it changes hands nobody answers there, as the plan "
        "acknowledges",
        "expected loss window {expected:seconds}[, at most {most:seconds}][, about {requests:count request} at the rate seen]",
        "run it when few clients come; a shorter `drain.timeout` makes it shorter",
    ),
    "in-place.planned": (
        "{nodes:count node} {nodes:choose changes|change} hands one after another: without weight and empty first, proved "
        "after it; meanwhile the others carry {nodes:choose its|their} traffic",
        "expected loss window {expected:seconds}",
        "let the others have room for it",
    ),
}

"""English: what is said of the old side while it is led over temporary node ports, and back to its host ports."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "step.open-doors": "Open node ports",
    "step.start-stand-ins": "Start stand-ins",
    "step.start-on-host-ports": "Start old on host ports",
    "step.lead-over-node-ports": "Lead over node ports",
    "step.lead-to-host-ports": "Lead to host ports",
    "step.vacate-host-ports": "Vacate host ports",
    "step.vacate-node-ports": "Vacate node ports",
    "step.end-on-host-ports": "End old on host ports",
    "step.end-stand-ins": "End stand-ins",
    "step.clear-host-ports": "Free host ports {number}/{of}",
    "step.clear-node-ports": "Free node ports {number}/{of}",
    "step.start-stand-in": "Exchange for stand-ins {number}/{of}",
    "step.start-on-host-port": "Exchange for old on host ports {number}/{of}",
    "step.lead-over-node-port": "Lead over node ports {number}/{of}",
    "step.lead-to-host-port": "Lead to host ports {number}/{of}",
    "step.close-doors": "Close node ports",
    "change.lends-host-ports": "{object}: its pods hold no host port for the time of the run",
    "change.holds-both": "{object}: no pod is ended for a new one",
    "change.holds-some": "{object}: as many pods are exchanged as each turn says, and no more",
    "clear.weigh": "take the weight from those whose turn it is: set {weights:count weight}",
    "clear.settling": "the last weight has to reach the balancer's data plane",
    "clear.rest-carries-nothing": "{backend} is to carry on meanwhile and carries nothing; nobody loses weight yet",
    "exchange.mark": "{pod} is the first that its controller is to end",
    "exchange.rest-unready": "{pod} is to stay and is not Ready ({trouble}); its controller would end it first",
    "beside.ready": "{pods:count pod} of this kind {pods:choose is|are} Ready",
    "beside.waiting": "{ready} of {wanted} pods of this kind are Ready ({why})",
    "lead-over.weigh": "lead the old side's traffic over: set {weights:count weight}",
    "lead-over.unsafe": "{backends:few} cannot change yet without leaving a listener empty",
    "lead-over.waiting": "too few backends behind {listeners:few} are ready for the old side's traffic: {why}",
    "lead-over.done": "{backends:count backend} {backends:choose gets|get} the old side's traffic",
    "vacate.waiting": "{connections:count connection} {connections:choose is|are} left on the pods that are left",
    "vacate.ask": "{connections:count connection} {connections:choose is|are} left after {timeout:seconds}. "
    "Cut them and go on?",
    "vacate.remove": "remove {backends:count backend} that no new connection is sent to, {connections:count connection} live",
    "vacate.floor": "waiting until no new connection can reach them any more",
    "vacate.done": "the balancer dials none of them any more",
    "vacate.done-in-turn": "the balancer dials none of those whose turn it is any more",
    "others.gone": "{object} has pods of one kind alone",
    "detour.kind": "the source is a {kind}, and only a Deployment can have both kinds of pods beside each other",
    "detour.pools": "weights belong to the balancer's target groups here, not to single backends",
    "detour.controller": "a controller registers the balancer's backends by itself",
    "detour.health-port": "the health check of {listener} asks port {port} of the node, which nobody answers there; let it ask "
    "the backend's own port",
    "detour.idle": "{backends:few} {backends:choose has|have} no weight, and nodes go over in turn (target.atATime) only where "
    "all carry: give {backends:choose it|them} weight, take {backends:choose it|them} off the balancer, or leave out "
    "target.atATime",
    "detour.absent": "{backends:few} {backends:choose is|are} not on the balancer, though other listeners dial "
    "{backends:choose that node|those nodes}, and a node has its turn (target.atATime) behind all listeners at once: register "
    "{backends:choose it|them} with a weight, or leave out target.atATime",
    "detour.owned": "a controller owns the Deployment and would take the change of its template back",
    "doors.closed": "{object} is gone",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "detour.not-here": (
        "the old side cannot be led over temporary node ports here: {why}",
        "",
        "choose another way out of the port conflict (`migrator plan FILE --ways-out`)",
    ),
    "detour.planned": (
        "the old side is led over temporary node port {ports:list} for the run, and {pods:count pod} of the old Deployment "
        "{pods:choose stands|stand} in without host ports; undone on the way back",
        "all at once: stand-ins start beside the pods that serve",
        "let the balancer reach these ports on the nodes; the nodes need room for as many old pods again",
    ),
    "detour.planned:in-turn": (
        "the old side is led over temporary node port {ports:list} for the run, and {pods:count pod} of the old Deployment "
        "{pods:choose stands|stand} in without host ports; undone on the way back",
        "{at_a_time} at a time, weight 0 and drained first; the others carry the traffic meanwhile",
        "let the balancer reach these ports on the nodes; the others must carry the traffic of {at_a_time:count node} "
        "(`target.atATime`)",
    ),
    "clear.rest-unfit": (
        "a backend that is to carry on while others change carries nothing; nobody has lost weight for it",
        "the balancer calls it {health}",
        "mend it, then `migrator resume`; or `migrator rollback`",
    ),
    "detour.upstream-policy": (
        "it lets the old gateways in as nodes; while these are led over node ports they are pods, and these upstreams "
        "would refuse them",
        "{why}",
        "let the stand-ins in too, in the same policy: namespace {namespace}, pods with {labels:list}",
    ),
    "detour.own-policy": (
        "it chooses the old pods and did not apply in their node's network; it applies to the stand-ins and may refuse "
        "their clients or their upstreams",
        "{policy}",
        "let it allow what the gateway needs, or take {policy} away for the run",
    ),
    "beside.deadline": (
        "too few pods of the old side have started; traffic is where it was",
        "{ready} of {wanted} Ready after {deadline:seconds}: {why}",
        "make room for them on the old side's nodes, then `migrator resume`; or `migrator rollback`",
    ),
    "lead-over.unfit": (
        "too few backends are ready for the old side's traffic; it stays where it is",
        "{why}",
        "let the balancer reach these ports on the nodes and let its health check ask the backend's own port, then `migrator "
        "resume`; or `migrator rollback`",
    ),
    "vacate.still-weighted": (
        "a backend that is to be left has weight again; nothing was removed",
        "weight {weight}",
        "see who sets it, then `migrator resume`",
    ),
    "others.still-dialled": (
        "the balancer still has a backend of pods that are to end; nothing was ended",
        "weight {weight}",
        "see who has registered it, then `migrator resume`",
    ),
    "others.stay": (
        "pods of the old side do not end, and hold their ports",
        "{pods} after {patience:seconds}",
        "see what keeps them (`kubectl describe pod`), then `migrator resume`",
    ),
    "doors.still-dialled": (
        "the balancer still sends traffic to the temporary node ports; they stay open",
        "weight {weight}",
        "see who sets it, then `migrator resume`",
    ),
}

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
    "step.close-doors": "Close node ports",
    "change.lends-host-ports": "{object}: its pods hold no host port for the time of the run",
    "change.holds-both": "{object}: no pod is ended for a new one",
    "beside.ready": "{pods:count pod} started beside the others and Ready",
    "beside.waiting": "{ready} of {wanted} pods beside the others are Ready ({why})",
    "lead-over.weigh": "move the old side's traffic: set {weights:count weight}",
    "lead-over.unsafe": "{backends:few} cannot change yet without leaving a listener empty",
    "lead-over.waiting": "too few backends behind {listeners:few} are ready for the old side's traffic: {why}",
    "lead-over.done": "{backends:count backend} {backends:choose gets|get} the old side's traffic",
    "vacate.waiting": "{connections:count connection} {connections:choose is|are} left on the pods that are left",
    "vacate.ask": "{connections:count connection} {connections:choose is|are} left after {timeout:seconds}. "
    "Cut them and go on?",
    "vacate.remove": "remove {backends:count backend} that no new connection is sent to, {connections:count connection} live",
    "vacate.floor": "waiting until no new connection can reach them any more",
    "vacate.done": "the balancer dials none of them any more",
    "others.gone": "{object} has only one kind of pods again",
    "detour.kind": "the source is a {kind}, and only a Deployment can have both kinds of pods beside each other",
    "detour.pools": "weights belong to the balancer's target groups here, not to single backends",
    "detour.controller": "a controller registers the balancer's backends by itself",
    "detour.health-port": "the health check of {listener} asks port {port} of the node, which nobody answers there; let it ask "
    "the backend's own port",
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
        "for the run the old side is reached by temporary node ports ({ports:list}): {pods:count pod} of the old "
        "Deployment {pods:choose runs|run} without host ports meanwhile; the way back undoes this",
        "",
        "let the balancer reach these ports on the nodes; the nodes need room for as many old pods again",
    ),
    "beside.deadline": (
        "too few pods of the old side started beside the others; traffic is where it was",
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

"""English: what a step will ask of the cluster, the balancer and the gateways, as a plan shows it beforehand."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "estimate.asks-both-sides": "ask both sides the same questions",
    "estimate.reads-only": "reads only",
    "estimate.checks": "reads cluster, balancer and gateways again",
    "estimate.patch": "cluster: patch {object}",
    "estimate.apply": "cluster: apply {object}",
    "estimate.by-hand": "until you have done it; no way back",
    "estimate.stands": "reads {object}",
    "estimate.delete": "cluster: delete {object}",
    "estimate.reads-nodes": "reads pods on {nodes:count node}",
    "estimate.reads-pods": "reads {pods:count pod}",
    "estimate.compares": "compares their configuration, probes {backends:count backend}",
    "estimate.probes": "probes {backends:count backend}",
    "estimate.register": "balancer: register {backends:count backend} at weight 0, {calls:count call}",
    "estimate.weights": "balancer: set {weights:count weight}, {calls:count call}",
    "estimate.one-unit": "balancer: set one unit of weight, 1 call",
    "estimate.take-back": "balancer: take it back, 1 call",
    "estimate.tell-to-go": "gateways: tell {pods} {side} {pods:choose gateway|gateways} to drain (reversible)",
    "estimate.tell-to-stay": "gateways: tell the {side} gateways to stay",
    "estimate.deregister": "balancer: deregister {backends:count backend}, {calls:count call}",
    "estimate.held": "then a person is asked before the run goes on (spec.gates.hold)",
    "estimate.asks": "asks a person",
    "estimate.approved": "approved by the plan",
    "estimate.follows": "registers, weighs, drains and removes nodes as they come and go",
    # Notes.
    "estimate.halts-after": "halts after {deadline:number g} s",
    "estimate.halts-when-slower": "halts when slower than {limit:number g} s",
    "estimate.last-free-return": "the last moment at which going back costs nothing",
    "estimate.asks-when-few": "asks when fewer than {least} requests came in {soak:number g} s",
    "estimate.drain-asks": "ends earlier with the last connection; then asks",
    "estimate.drain-cuts": "ends earlier with the last connection; then cuts and counts what is left",
    "estimate.until-yes": "until somebody says yes",
    "estimate.no-way-back": "no way back",
    "estimate.never-done": "goes on until it is stopped",
}

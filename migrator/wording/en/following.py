"""English: what is said of nodes that migrator looks after once a run is over."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
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
    "node.tainted": "{meaning:word taint} (taint {taint})",
    "node.cordoned-drains": "it is cordoned, and the plan says follow.cordoned: drain",
    "node.gateway-ends": "its gateway is ending",
    "node.no-gateway": "no gateway runs on it",
    "node.gateway-not-ready": "its gateway is not Ready[: {trouble}]",
    "node.lost": "its node is NotReady, and the balancer does not call it healthy",
    "node.not-ready": "its node is NotReady",
    "nodes.over": "no longer: {trouble}",
}

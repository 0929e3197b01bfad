"""The words of closed sets, and the small words between values (the table "")."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "": {
        "unknown": "unknown",
        "unknown number": "an unknown number of",
    },
    "exposure": {
        "NodePort Service": "a NodePort Service",
        "NodePort Service with externalTrafficPolicy Local": "a NodePort Service with externalTrafficPolicy Local",
        "pods dialled directly": "the pods' own addresses",
        "unknown": "nothing that is known",
    },
    "ask": {
        "rollback": "roll back",
    },
    "facet": {
        "PreflightResult": "the preflight checks",
        "Configs": "the gateways' configuration",
        "ConnectionCounts": "the connections",
        "Hosts": "the nodes",
        "Objects": "the objects of the cluster",
        "Pools": "the balancer",
        "Probes": "our own requests",
        "GatewaySignals": "what the gateways were told",
        "Workloads": "the workloads",
    },
    "fate": {
        "serve": "serves",
        "rest": "gets no traffic for now",
        "stay": "stays as it is",
        "leave": "leaves",
    },
    "move": {
        "turn_back": "turn back",
        "return": "end its way back",
        "ask": "ask",
    },
    "request": {
        "pause": "pause",
        "resume": "resume",
        "rollback": "rollback",
        "approve": "approval",
    },
    "ruling": {
        "too-few": "too few requests",
        "no-data": "no data",
        "shared": "both sides fail",
    },
    "side": {
        "old": "old",
        "new": "new",
    },
    "state": {
        "rolled-back": "rolled back",
    },
    "taint": {
        "operator": "an operator has marked it",
        "autoscaler": "the cluster autoscaler removes it",
        "karpenter": "Karpenter removes it",
        "shut-down": "the cloud has shut it down",
        "out-of-service": "it is out of service",
        "cloud": "the cloud is about to end it",
    },
    "told": {
        "go": "drain",
        "stay": "keep serving",
    },
    "write state": {
        "unanswered": "there was no answer",
        "lost": "the balancer does not know the write any more",
        "done": "the balancer says that it is done",
        "running": "the balancer still works on it",
    },
}

"""The words of closed sets, and the small words between values (the table "")."""

from __future__ import annotations

from migrator.wording.en.hidden import HIDDEN

WORDS: dict[str, dict[str, str]] = {
    "": {
        "unknown": "unknown",
        "unknown number": "an unknown number of",
        "plural": "s",
    },
    "protocol": {
        "h2": "HTTP/2",
        "grpc": "gRPC",
        "websocket": "WebSocket",
    },
    "concern": {
        "headers": "header",
        "redirect": "redirect target",
        "unproved": "a site without a good answer",
        "inside": "asking from inside",
    },
    "exposure": {
        "NodePort Service": "a NodePort Service",
        "NodePort Service with externalTrafficPolicy Local": "a NodePort Service with externalTrafficPolicy Local",
        "pods dialled directly": "the pods' own addresses",
        "unknown": "nothing that is known",
    },
    "advice": {
        "exposing": "How to expose the gateway",
        "reaching": "How the balancer sees single gateways",
        "ending": "How a gateway that ends comes off the balancer",
        "turning": "How long new connections still reach a gateway that ends",
    },
    "ask": {
        "rollback": "roll back",
    },
    "facet": {
        "AnswerParity": "the answers of both sides",
        "AskedOfBoth": "how much both sides were asked",
        "Called": "the plan's hooks",
        "PreflightResult": "the preflight checks",
        "Configs": "the gateways' configuration",
        "LogLook": "the gateways' logs",
        "ConnectionCounts": "the connections",
        "Hosts": "the nodes",
        "Objects": "the objects of the cluster",
        "OpState": "the balancer's job",
        "Pools": "the balancer",
        "Probes": "our own requests",
        "GatewaySignals": "what the gateways were told",
        "Sides": "the pods behind the backends",
        "Workloads": "the workloads",
    },
    "checklist": {
        "workload": "The new workload's configuration is verified",
        "backends": "The balancer's backends can be changed",
        "alarms": "Alarms are in place",
        "way-back": "The way back is prepared",
        "ready": "All new gateways are Ready",
        "healthy": "All new gateways pass the balancer's health checks",
        "shares": "Traffic moves in steps",
        "watched": "The error rate is watched",
        "drained": "The old gateways' connections are gone",
        "retired": "The old gateways are off",
        "metrics": "The numbers are as they should be",
        "documents": "Documents are up to date",
    },
    "phase": {
        "before": "Before",
        "during": "During",
        "after": "After",
    },
    "fate": {
        "serve": "serves",
        "rest": "gets no traffic for now",
        "stay": "stays as it is",
        "leave": "leaves",
    },
    "hidden": HIDDEN,
    "moment": {
        "began": "began",
        "share": "share reached",
        "waits": "waits for a person",
        "held": "held",
        "turned-back": "turned back",
        "unwatched": "nobody watches it",
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
        "set": "set",
    },
    "ruling": {
        "too-few": "too few requests",
        "no-data": "no data",
        "shared": "both sides fail",
    },
    "health check": {
        "stays": "stays good",
        "fails": "turns bad",
        "closed": "is not answered",
    },
    "clients": {
        "served": "all are served",
        "asked": "all are served, and asked to leave",
        "refused": "new ones are refused",
    },
    "known": {
        "tried": "tried with the real process",
        "read": "read in its source",
    },
    "hooked": {
        "deploy": "Deploy",
        "attach": "Attach",
        "shares": "Shift",
        "drain": "Drain old",
        "retire": "Retire",
    },
    "served": {
        "pages": "pages and measures",
        "measures": "measures",
    },
    "side": {
        "old": "old",
        "new": "new",
    },
    "source": {
        "gateway counters": "gateway counters",
        "Prometheus": "Prometheus",
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
    "unit": {
        "new connections": "new connections",
        "requests": "requests",
    },
    "write state": {
        "unanswered": "there was no answer",
        "lost": "the balancer does not know the write any more",
        "done": "the balancer says that it is done",
        "running": "the balancer still works on it",
    },
}

"""English: what `plan`, `lint` and `advise` say of the derived workload, of port conflicts, and of what has changed."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Why the derived pod template differs from the source's.
    "derived.controllers-label": "the label belongs to the controller of the old pods",
    "derived.declared": "the pod listens on it without declaring it: the scheduler keeps only declared ports apart, and two "
    "Envoys would share it",
    "derived.dns": "cluster names must resolve in the host's network",
    "derived.empty": "nothing is left of it",
    "derived.follows-port-map": "follows the plan's port map",
    "derived.grace-short": "preStop alone takes {waits} s; kubelet would kill the pod in the middle of it",
    "derived.grace-zero": "a grace of 0 kills the pod at once: no preStop runs and no connection is closed properly",
    "derived.host-network": "the balancer dials the node itself: one hop less",
    "derived.host-port": "with hostNetwork every container port is that port of the node",
    "derived.injected": "as injected into the live pod {pod}: Istio does not inject pods with hostNetwork",
    "derived.injected-once": "injected already: the webhook must not do it twice",
    "derived.installers-label": "it names an installer, which would remove what is not in its own source",
    "derived.low-port": "a port below 1024 on the node",
    "derived.mapped-by-cni": "the port of the node that the CNI maps to this container's",
    "derived.name": "the plan's target",
    "derived.no-own-address": "a hostNetwork pod cannot use an address of its own, and nodes have few of them",
    "derived.no-pause": "a DaemonSet cannot be paused",
    "derived.no-progress-deadline": "a DaemonSet has no progress deadline; the plan's deadlines.ready takes its place",
    "derived.no-replicas": "a DaemonSet runs one pod on each of its nodes",
    "derived.no-strategy": "a DaemonSet has an updateStrategy instead",
    "derived.of-one-pod": "it belongs to a single pod",
    "derived.on-delete": "no restart in the middle of a run; step Confirm sets RollingUpdate, one node at a time, because two "
    "pods cannot share a node's port",
    "derived.one-each": "one pod per node needs no spreading",
    "derived.ours": "so that this run knows what it made",
    "derived.ours-for-now": "so that this run knows what it made; step Confirm removes it",
    "derived.patch": "target.patch of the plan file",
    "derived.plan-nodes": "the nodes of the plan",
    "derived.port-map": "the plan's port map",
    "derived.selector": "the new pods only: two controllers with one selector adopt each other's pods",
    "derived.sysctls": "kubelet refuses net.* sysctls with hostNetwork (SysctlForbidden)",
    "derived.tainted": "the plan's nodes are tainted",
    "derived.telemetry-name": "the name under which metrics and telemetry count the new side",
    "derived.tells-apart": "tells the new pods from the old ones",
    "derived.tells-returning": "tells the returning pods from the leaving ones; it stays, because its removal would restart "
    "them",
    # Ways out of a port conflict.
    "way.nodes": "other nodes: {free} of {nodes} hold none of the ports",
    "way.nodes-cost": "as many nodes as the new side needs, until the old side is removed; the old pods are not touched",
    "way.no-node-free": "every node holds one of the ports: add nodes first",
    "way.ports": "other ports[: {ports:list}]",
    "way.ports-cost": "from then on the balancer dials other ports than today; firewalls and health checks must allow them",
    "way.no-port-free": "no port below {below} is free on all nodes",
    "way.node-port": "the old side on a NodePort for the run",
    "way.node-port-cost": "the old pods restart once, and until they are removed the balancer sees nodes, not pods; they need "
    "a preStop that waits, so that they end without losing requests",
    "way.old-holds-none": "the old side holds no port of its nodes; another workload holds the ports",
    # Which way of exposing suits.
    "advice.rate": "{rate:number .0f} requests/s on the old side",
    "advice.no-rate": "no rate was measured",
    "advice.small": "small or medium, simple to run",
    "advice.small-why": "the standard way: easy to understand, any number of replicas; a node port hides single pods from the "
    "balancer",
    "advice.high": "high traffic, low latency, nodes of its own",
    "advice.high-why": "the shortest path, one gateway per node that the balancer sees by itself; the number of gateways is "
    "the number of nodes",
    "advice.nodes": "{measured}; {nodes:count node} for {replicas:count replica}",
    "advice.client": "the client's address must be kept",
    "advice.client-why": "no second hop and no translation; uneven where nodes run different numbers of pods",
    "advice.today": "today: {way:word exposure}",
    "advice.varying": "traffic that rises and falls, cost matters",
    "advice.varying-why": "capacity follows the load; the capacity of a DaemonSet is that of its nodes",
    "advice.scaled": "an HPA scales the old side",
    "advice.not-scaled": "nothing scales the old side",
    # What has changed since a plan was made.
    "moved": "  {fact}: {difference}",
    "moved.entries": "planned with {gone:few 6}, found {come:few 6} (the others are unchanged)",
    "moved.all-entries": "planned with {gone:few 6}, found {come:few 6}",
    "moved.nothing": "nothing",
    "moved.appeared": "it belongs to this workload now, and the plan does not know it",
    "moved.vanished": "it does not exist any more, or does not belong to this workload any more",
    "moved.replaced": "another object of that name: planned with {was}, found {now}",
    "moved.changed": "it was changed",
    "fact.nodes": "nodes",
    "fact.weights": "backends and weights",
    "fact.live": "injected containers of the live pods",
    "fact.uid": "{object} uid",
    "fact.template": "{object} template and selector",
    "fact.selector": "{object} selector and ports",
    "fact.bounds": "{object} bounds",
    # What a patch must not set.
    "patched.name": "the name",
    "patched.namespace": "the namespace",
    "patched.kind": "the kind",
    "patched.host-network": "hostNetwork",
    "patched.update-strategy": "the update strategy, which must be OnDelete during the run",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "lint.first-share-large": (
        "the first share sends {share:number g} % of all new connections to a side that has not served any traffic yet",
        "",
        "begin with 10 or less",
    ),
    "lint.no-requests-needed": (
        "a soak without a single request would pass",
        "minRequests 0",
        "ask for enough requests to prove something: 200 and more",
    ),
    "lint.patch": ("it changes {what}", "", "set {instead} instead"),
    "lint.patch:remove": ("it changes {what}", "", "remove that from the patch"),
}

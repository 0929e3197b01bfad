"""English: what the checks find on the balancer, and on the way from the clients to the gateways."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # How a health check asks.
    "check.shown": "every {interval:number g} s, timeout {timeout:number g} s, {unhealthy:count failure}, "
    "{healthy:count success|successes}, {asked} on {port}",
    "check.http": "GET {path}",
    "check.tcp": "TCP connect",
    "check.port": "port {port}",
    "check.backend-port": "the backend's port",
    "check.ask-configured": "a path that only a configured gateway answers",
    "check.ask-route": "a path that a route of the gateways answers",
    # Whom the run's own requests reach.
    "witness.no-host": "gateway.probeHost is not set, so they name no domain and the listener's default rule takes them",
    "witness.taken": "they ask for {asked}, which the rule {rule} takes, and that rule is not in the plan",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "witness.no-answer": (
        "no new connection through the balancer was answered; a run would turn back at its first share",
        "{error}",
        "correct the listener's port, loadBalancer.address or gateway.probeHost; this machine must be able to reach the "
        "address",
    ),
    "witness.other-rule": (
        "the run's own requests may not reach the rules that the run moves: {why}",
        "{rules:few 8}",
        "set gateway.probeHost and gateway.probePath to a request that a rule of the plan takes",
    ),
    # Backends.
    "balancer.no-old-backend": (
        "no backend with weight on it leads to the old workload's pods or their NodePort",
        "[its backends: {backends:few 20}]",
        "check loadBalancer.id and listeners, and who registers the backends of this listener",
    ),
    "balancer.unhealthy": (
        "the balancer calls {backends:count backend} with weight unhealthy",
        "{backends:few 5}",
        "repair these backends first: a rollback needs them",
    ),
    "balancer.foreign-backend": (
        "this backend has weight {weight} and belongs to neither side; a run leaves it alone, and it keeps its share",
        "health {health}",
        "remove the backend, or waive this code to run beside it",
    ),
    "balancer.same-backend": (
        "the old and the new side would be the same backend, so the new side could not get a share of its own",
        "",
        "choose other nodes, or map to another port in spec.target.ports",
    ),
    "balancer.mixed-pool": (
        "this pool holds backends of both sides, and its one weight would move both",
        "{backends:few 5}",
        "give the new side a pool of its own, and take its backends out of the old one",
    ),
    "balancer.slow-to-register": (
        "a new backend may need {takes:number g} s until the balancer calls it healthy; step Attach gives up after "
        "{given:number g} s",
        "deadlines.healthy is {given:number g} s",
        "set deadlines.healthy to {takes:number g}s or more",
    ),
    # Forwarding rules.
    "balancer.rule-left-behind": (
        "this rule ({rule}) leads to the gateway too and is not in the plan: its requests would fail once the old side is "
        "removed",
        "{backends:few 8}",
        "name {listener} in loadBalancer.listeners, which means all of its rules that lead to the gateway, and look again",
    ),
    "balancer.other-rule": (
        "{rules:count forwarding rule} {rules:choose leads|lead} elsewhere or nowhere; a run does not touch "
        "{rules:choose it|them}",
        "{rules:few 8}",
    ),
    # Limits.
    "balancer.quota-unknown": (
        "{more:count new backend} will be added to the {used} that are there; the limit is not known",
        "{source}",
        "look the limit up in the cloud's console, or allow the action that reads it (`migrator rbac FILE` names it)",
    ),
    "balancer.full": (
        "{used:count backend} and {more} new ones are more than the limit of {limit}",
        "{source}",
        "have the limit raised, or use fewer nodes; if it has been raised already, waive this code and give that as the reason",
    ),
    # Health checks.
    "balancer.check-counted": (
        "its health checks ask the gateways' own port, so they count as requests: at least {counted:number .0f} on the new "
        "side in each soak, while traffic.minRequests asks for {needed}",
        "counted for one checking node of the balancer; usually there are several",
        "raise traffic.minRequests well above that, so that a soak passes only with real requests",
    ),
    "balancer.no-health-check": (
        "the balancer does not check its backends: a dead gateway keeps its share until somebody acts",
        "",
        "switch the health check on: every 5 s, timeout 2 s, 2 failures, 2 successes, {ask}",
    ),
    "balancer.detection": ("the balancer takes a dead gateway out within {seconds:number g} s", "{check}"),
    "balancer.tcp-check": (
        "a TCP health check passes as long as the port is open: the balancer never takes out a gateway that drains or that "
        "answers only errors",
        "{check}",
        "use an HTTP health check: {ask}",
    ),
    "balancer.slow-check": (
        "a dead gateway keeps its share for up to {seconds:number g} s",
        "{check}",
        "check every 5 s, timeout 2 s, 2 failures, 2 successes",
    ),
    "balancer.check-port": (
        "the health check asks port {port}, which no new pod declares: the new backends would never become healthy",
        "{check}",
        "let it ask a port that the new pods declare: {ask}",
    ),
    # The clients' way in.
    "client.address-changes": (
        "old gateways see a node as their client (externalTrafficPolicy Cluster), new gateways see what the balancer sends: "
        "X-Forwarded-For, access logs, rate limits and rules by address change with the share"
        "[; these rules name client addresses: {rules:few 8}]",
        "kube-proxy translates the source address behind a NodePort",
        "check numTrustedProxies and every rule by address before the first share",
    ),
    "client.loopback": (
        "the balancer keeps the client's address, so a node cannot reach itself through it: a caller on these nodes gets no "
        "answer whenever the balancer picks its own node ({pods:count pod} {pods:choose runs|run} there)",
        "network packets that come from the node's own address are dropped",
        "let callers inside the cluster use the gateway's Service, or choose nodes that run gateways only; do not run migrator "
        "on these nodes: its own new connections would seem to fail",
    ),
    "client.proxy-protocol": (
        "the gateways expect PROXY protocol: the balancer must send it to the new backends too, or they refuse every client; "
        "health checks and other requests without it are refused",
        "",
        "before the first share, check that the balancer sends it for the whole listener, or for the new side's backend group "
        "too; migrator's own requests say it when an old backend asks for it",
    ),
    "exposure.node-port": (
        "{backends:count old backend} {backends:choose is a NodePort|are NodePorts}: the balancer cannot see single pods, "
        "kube-proxy chooses one",
        "{first}",
        "nothing to do: the balancer dials the new gateways directly",
    ),
    "exposure.today": ("clients reach it by: {way:word exposure}", "{services:few 8}"),
    "exposure.several-per-node": (
        "several old gateways share one node port: the health check passes while one of them answers, so the balancer cannot "
        "see another one drain or fail",
        "{pods:count pod} on {nodes:count node}",
        "nothing to do for the run; until it is over, delete old pods slowly and one at a time",
    ),
    "exposure.other-way-in": (
        "node ports lead to the old pods that no listener of the plan file dials: whoever uses one stays on the old pods until "
        "step Retire, and then moves to the new pods all at once",
        "{ports:parts} ({types:list})",
        "find who uses it (another balancer, a script) and plan their move",
    ),
}

"""English: what the preflight finds of sides that somebody else makes."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str, str]] = {
    "existing.balances": (
        "{owner} makes it with type LoadBalancer for the new side, and its balancer may be the plan file's: its controller "
        "would write the same rows",
        "",
        "give the new side's Service the type ClusterIP by its owner's API (docs/gateways); if it has another balancer, name "
        "`loadBalancer.address` in the plan file",
    ),
    "existing.second-balancer": (
        "{owner} makes it with type LoadBalancer, so the new side has a balancer of its own, which a run does not move",
        "",
        "type ClusterIP is enough for the new side",
    ),
    "existing.missing": (
        "the workload that is to be the new side does not exist, and migrator does not make it",
        "",
        "make it as its owner wants it made (docs/gateways), wait until its pods are Ready, and look again",
    ),
    "existing.not-ready": (
        "the workload that is to be the new side has not settled",
        "{ready} of {wanted} pods Ready[: {troubles:sentences}]",
        "wait for it, or see `kubectl describe`; then look again",
    ),
    "existing.standing": (
        "it stands already: nothing is deployed, and nothing of it is written by migrator",
        "network {network}; {pods:count pod}[ on {nodes:count node}]; ports {ports:list}; its own labels {labels:list}",
        "",
    ),
    "existing.nodes-by-hand": (
        "the scheduler places these pods, so `after: migrator` would have no nodes to look after",
        "{workload}",
        "say `after: controller` where a controller registers pods, else `after: manual`",
    ),
    "elsewhere.names": (
        "the new pods look for these in {namespace}, where they do not come by themselves; without one no pod starts",
        "{names:list}",
        "make each of them in {namespace} before the run; also the TLS secrets that a Gateway names, which Istio reads there",
    ),
    "placed.by-node-port": (
        "the balancer dials node port {ports:list}, which leads to any pod of a Service: no row there is one side's alone",
        "",
        "let the balancer dial the pods themselves, or move to a DaemonSet (target.kind)",
    ),
    "placed.no-scaler": (
        "what scales the old Deployment goes with it, and nothing scales the new one, which keeps {replicas} pods",
        "{scalers:few 3}",
        "set target.replicas to what the peak needs; make a scaler for the new Deployment once the run is over",
    ),
    "handover.orders": (
        "{who} makes it: the run writes nothing of it; at step Hand over you do with its owner what is shown here, and the run "
        "waits for it and sees it done",
        "{owner}: {commands:list}",
        "",
    ),
    "handover.owns-balancer": (
        "{owner} makes this Service and the old workload both, and the plan file's balancer {balancer} is this Service's: "
        "deleting the owner would delete the balancer under the new side",
        "{workload}",
        "let the balancer stand without this owner (a Service of your own, or none), and look again; or let the owner stay and "
        "only its pods go: `cleanup: {{handOver: scale}}`",
    ),
    "handover.owns-balancer:unknown": (
        "{owner} makes this Service and the old workload both, and nothing tells whether the plan file's balancer {balancer} "
        "is this Service's: deleting the owner might delete the balancer under the new side",
        "{workload}",
        "name the balancer's address in `loadBalancer.address`, so that it can be told from this Service's; or "
        "`cleanup: {{handOver: scale}}`",
    ),
    "handover.one-owner": (
        "{owner} ({who}) makes both workloads: what is done with it would reach both",
        "",
        "make the new side by a second owner (docs/gateways)",
    ),
    "handover.shared": (
        "{owner} ({who}) makes this workload for several Gateways at once: none of them can go without the others",
        "",
        "turn merging off for this Gateway's class, or move its Gateways by hand",
    ),
    "handover.no-word": (
        "nothing of {owner} ({who}) takes its pods away and leaves the rest, as far as is known here",
        "",
        "with Envoy Gateway: give this Gateway an EnvoyProxy of its own without envoyHpa; else `cleanup: {{handOver: delete}}`",
    ),
    "handover.service-goes": (
        "it goes with {owner} at step Hand over: whoever comes in by this {type} Service finds nobody then",
        "",
        "lead its callers to the new side's Service before",
    ),
    "handover.weights": (
        "its cloud controller would write weights of its own, and the run writes nothing of an object that a controller makes",
        "wanted: {patch}",
        "set it by the owner's own API (with Envoy Gateway: envoyService.annotations in its EnvoyProxy), and look again",
    ),
    "handover.floor": (
        "it would take old pods away as their traffic leaves, and the run writes nothing of an object that a controller makes",
        "wanted: at least {replicas:count replica}",
        "raise its floor by the owner's own API (with Envoy Gateway: envoyHpa.minReplicas in its EnvoyProxy), and look again",
    ),
    "selectors.service-owned": (
        "a controller makes it, for the old pods alone: nothing is done to it",
        "{type}",
        "",
    ),
    "routes.one-gateway": (
        "it names {old} and not {new}, so the new side would answer its requests with 404",
        "[listeners {parts:list}]",
        "add `{{name: {name}}}` to its spec.parentRefs, with the same sectionName, and look again",
    ),
    "routes.not-accepted": (
        "{gateway} has not accepted it",
        "its controller says {why:list}",
        "see `kubectl describe` of the route; a listener of that Gateway has to allow it",
    ),
    "handover.second": (
        "its owner makes a second gateway, on the nodes, of these two objects (a line each for `kubectl apply -f -`); then "
        "say `target: {{existing: {{kind: DaemonSet, name: {name}}}}}`",
        "{objects:parts}",
        "apply them, add `{{name: {name}}}` to the parentRefs of every route of the first[ ({routes:list})], and look again",
    ),
    "parity.by-answers": (
        "both sides' configurations are not compared: a controller makes names of the Gateway's own name in them that are not "
        "known here, or the sides are of two products. Their answers to the same questions prove the new side in their place",
        "",
        "see that the questions (`answers`) reach every route that matters",
    ),
    "parity.by-answers:products": (
        "the old gateways are {old}, the new ones {new}: their configurations have no common ground and are not compared, "
        "neither now nor while the run goes on. Both sides' answers to the same questions prove the new side in their place. "
        "What no question meets is not proved: limits, timeouts, other methods, what needs credentials that the plan lacks",
        "{questions:count question} in the plan; an old gateway that tells its routes adds its own",
        "see that the questions (`answers`) reach every host and path that matters; docs/products.md says what never counts",
    ),
    "parity.nothing-compares": (
        "both sides' configurations cannot be compared, and the plan asks both sides nothing (`answers: null`): nothing would "
        "prove the new side",
        "",
        "remove `answers: null` from the plan file, and give it questions",
    ),
}

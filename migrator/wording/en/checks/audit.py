"""English: what the selector audit finds: who gets which resource of Istio and of Envoy Gateway."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Istio's gateways.
    "istio.itself": "Istio's proxy or agent",
    "istio.health-target": "GET /healthz/ready on 15021",
    "istio.unmovable": "another Istio proxy runs in these nodes' network: both would share 15000, 15004 and 15020 without an "
    "error",
    "gateway.itself": "the gateway",
    # Network policies of CNI vendors.
    "policy.everyone": "from everybody",
    "policy.endpoints": "fromEndpoints {selector}",
    "policy.entities": "fromEntities {entities:list}",
    "policy.nodes": "from nodes",
    # Who gets an Istio resource.
    "reach.selector": "{labels:list}",
    "reach.namespace": "it means namespace {namespace} alone",
    "reach.targets": "{targets:list}",
    "reach.by-gateways": "by its gateways",
    "reach.by-port": "{patch} names a port that only this side has",
    "reach.by-proxy": "{patch} names proxies with {metadata:list}, which only this side has",
    "reach.by-version": "{patch} names proxies of version {pattern}, which only this side has",
    "reach.by-match": "{match} means this side alone",
    "reach.by-subset": "subset {subset} has only this side's pods",
    "reach.copied": "the settings of its pods are copied; a later change of them reaches the old pods alone",
    "reach.twin": "the other side gets the same from {name}",
    "reach.gateway": "{name}[ ({why})]",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    # Whom upstreams let in.
    "hostnetwork.upstream-policy:cilium": (
        "it lets the old gateways in; the new ones are nodes to Cilium, and these upstreams would refuse them",
        "{why}",
        "let the nodes in too, in the same policy: fromEntities: [[host, remote-node]]. A CIDR such as {addresses:few "
        "3} does not "
        "mean nodes there, unless policy-cidr-match-mode has `nodes`",
    ),
    "hostnetwork.upstream-policy:vendor": (
        "it lets the old gateways in; the new ones come from their node's address, and these upstreams would refuse them",
        "{why}",
        "let the nodes in too, by address: {addresses:few 3}, and where packets between nodes are wrapped (IPIP, "
        "VXLAN) also by the "
        "address of each node's tunnel",
    ),
    "hostnetwork.upstream-policy:denied": (
        "it keeps nodes out and lets the old gateways' pods pass: these upstreams would refuse the new gateways, which are in "
        "their node's network",
        "{why}",
        "take the gateway nodes out of the rule that denies before the run",
    ),
    "hostnetwork.ip-blocks": (
        "this policy ({action}) names the old gateways by address. The new gateways have their nodes' addresses, so "
        "the workloads behind the policy would treat their requests in another way: with 403, or without a check that "
        "they have today",
        "{fields:list}: {blocks:few 8} has old pods; not covered {missed:few 3}",
        "add the nodes' addresses beside the pods' for the run",
    ),
    "hostnetwork.ip-blocks:nodes": (
        "this policy ({action}) keeps out the addresses of the nodes, which the new gateways have: the workloads "
        "behind it would "
        "answer their requests with 403",
        "{fields:list} names {met:few 3}",
        "take the nodes' addresses out of the rule before the run, or name by identity (`principals`) who is meant",
    ),
    # Envoy Gateway.
    "envoy.takes-no-orders": (
        "the pods are Contour's: port {port} only answers reads, so no gateway could be told to drain, and the run would stop "
        "at that step",
        "",
        "say gateway.kind: contour and gateway.adminPort: 9001; waive it where its admin port takes orders (Contour < 1.19)",
    ),
    "envoygateway.another-gateway": (
        "the new Envoys would ask Envoy Gateway for another configuration than the old ones do: other listeners, other routes, "
        "or none at all",
        "old {old}, new {new}",
        "leave the argument --service-cluster and the labels gateway.envoyproxy.io/owning-* as they are (spec.target.labels, "
        "spec.target.patch)",
    ),
    "envoygateway.matrix": (
        "which pods get them: {both:number g} both sides, {old} the old pods only, {new} the new pods only",
        "[both: {both:few 40}]",
    ),
    # The audit itself.
    "audit.unknown-kind": (
        "the cluster has this kind, and this version of migrator does not know what it means: whether an object of it reaches "
        "one side alone was not checked",
        "API group {group}",
        "look at its objects by hand: does one select pods by a label or a port that only one side has?",
    ),
    "audit.unread-policy": (
        "migrator cannot read the selector of this policy: whether it lets the new pods in, and to whom, was not checked",
        "{words}",
        "look by hand whether it chooses the gateways, or lets them into their upstreams by label or by address",
    ),
    # Istio.
    "istio.matrix": (
        "which pods get them: {both:number g} both sides, {old} the old pods only, {new} the new pods only",
        "[both: {both:few 40}]",
    ),
    "istio.old-only": (
        "it reaches the old pods and not the new ones",
        "[{why}]",
        "keep the label that it selects by on the new pods (spec.target.labels must not change it), or widen its selector[ by "
        "the merge patch {patch}]; `migrator verify FILE --matrix` prints the commands",
    ),
    "istio.old-only:namespace": (
        "it reaches the old pods, and no pod of another namespace",
        "{why}",
        "make the same in the new side's namespace; two of a kind that say the same count as one for both sides",
    ),
    "istio.new-only:namespace": (
        "it reaches the new pods, and no pod of another namespace",
        "{why}",
        "make the same in the old side's namespace, or take it away for as long as both sides serve",
    ),
    "istio.old-only:port": (
        "a part of it means the old pods alone",
        "{why}",
        "add the same for the new pods beside it, for as long as both sides serve; `migrator verify FILE --matrix` prints the "
        "command",
    ),
    "istio.new-only": (
        "it reaches the new pods and not the old ones",
        "[{why}]",
        "choose spec.target.labels that it does not select by, or widen its selector[ by the merge patch {patch}]; `migrator "
        "verify FILE --matrix` prints the commands",
    ),
    "istio.new-only:port": (
        "a part of it means the new pods alone",
        "{why}",
        "add the same for the old pods beside it, for as long as both sides serve; `migrator verify FILE --matrix` prints the "
        "command",
    ),
    "istio.label-changes": (
        "Istio reads label {label} of a pod to decide how it is injected, configured or reached, and the new pods would have "
        "another value: they would not be gateways like the old ones",
        "old {old}, new {new}",
        "leave {label} out of spec.target.labels and spec.target.patch",
    ),
    "istio.label-changes:revision": (
        "label {label} chooses the control plane. With another value the new pods would get their proxy, their "
        "certificates and "
        "their configuration from another istiod than the old ones, and a change of the revision is no part of this migration",
    ),
    "istio.label-changes:version": (
        "label {label} chooses the control plane: the new pods get their proxy, their certificates and their configuration "
        "from another istiod than the old ones",
        "old {old}, new {new}",
        "see that both control planes share their root certificate and mesh configuration; configurations are compared before "
        "the first share",
    ),
    "istio.address-in-rule": (
        "{field} names the old pods' own addresses; the new pods have their nodes' addresses, to which the rule does not apply",
        "{values:few 8}; not covered {missed:few 3}",
        "add the nodes' addresses beside the pods' for the run, or name a port or a host instead",
    ),
    "istio.no-listener": (
        "none of {gateways:count Gateway} selects the new pods: they would be Ready and listen on nothing",
        "{gateways:few 8}",
        "keep the labels that the Gateways select by",
    ),
    "istio.port-in-rule": (
        "it names port {ports:list}, where the old pods listen; the new pods listen on {moved:list}, to which the rule does "
        "not apply",
        "[{origin}]",
        "name the new port beside the old one before the run",
    ),
    "istio.gateway-by-service": (
        "istiod gives it to the pods of the Service that it names; the new pods stay out of that Service until step Retire, so "
        "they would have no listener",
        "spec.addresses names Service {services:list}",
        "add the address {address} to it for the run",
    ),
    "istio.gateway-by-service:made": (
        "istiod makes the workload of this Gateway, and gives the Gateway's listeners to the pods of the Service that it made; "
        "the new pods stay out of that Service until step Retire, so they would have no listener",
        "Service {services:list}",
        "first let the Gateway name its Service (spec.addresses, type Hostname) and make the Deployment your own, or move its "
        "routes to a second Gateway that runs on the nodes",
    ),
}

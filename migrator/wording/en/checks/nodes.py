"""English: what the checks find on the plan's nodes: capacity, ports, and what the node's own network changes."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "address.external": "spec.externalIPs",
    "address.load-balancer": "status.loadBalancer",
    "address.redirect": "redirectFrontend",
    "after.loss": "for up to {seconds:number g} s",
    "after.loss-unknown": "until a health check takes it out",
    "nodes.lack": "{node}: {resource} {asked:number g} requested, {free:number g} of {whole:number g} free",
    "placement.affinity": "its required node affinity ({terms:or})",
    "placement.selector": "its nodeSelector ({labels:list})",
    "quota.lack": "{resource}: {used:number g} of {limit:number g} are used, {needed:number g} more are needed",
    "policy.block": "ipBlock {block}",
    "policy.selectors": "from[ namespaceSelector {namespaces}][ podSelector {pods}]",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    # Capacity.
    "nodes.none": ("no node matches", "[{wanted:list}]", "label the nodes first"),
    "nodes.no-address": (
        "no InternalIP, so it cannot be registered with the balancer",
        "",
        "choose other nodes, or give the node an InternalIP",
    ),
    "nodes.no-address:family": (
        "it has no InternalIP of the family of today's backends ({old}), so the balancer cannot dial it",
        "",
        "choose nodes that have such an address, or a listener for the other family",
    ),
    "nodes.excluded": (
        "it has the label {label}: cloud controllers take such a node out of their balancers, and `migrator follow` would "
        "drain it as a node that leaves",
        "",
        "remove the label, or leave the node out by spec.target.nodeSelector",
    ),
    "nodes.not-chosen": (
        "the pod template asks for other nodes: {why}. The DaemonSet controller would make no pod here, and the run waits for "
        "one on every node of the plan",
        "the template's own rule, beside spec.target.nodeSelector",
        "give these nodes what the rule asks for, choose other nodes, or take the rule out; in the plan file: "
        "`target: {{patch: {patch}}}`",
    ),
    "nodes.kept-off": (
        "a pod of {owner} refuses any pod with {labels:list} in the same {topology}, and the new pods have these labels: "
        "they would stay Pending here",
        "podAntiAffinity, requiredDuringScheduling: the scheduler honours it for later pods, too",
        "choose other nodes, move that pod, or change its rule",
    ),
    "nodes.without-company": (
        "the new pods must run near a pod with {labels:list} in the same {topology}, and there is none: they would stay "
        "Pending here",
        "podAffinity, requiredDuringScheduling",
        "take the rule out by spec.target.patch, or choose nodes with such a pod",
    ),
    "nodes.few": (
        "{nodes:count node} {nodes:choose takes|take} over from {replicas:count replica}: with one node lost there is less "
        "capacity than today",
        "[{wanted:list}]",
        "add gateway nodes, or make sure that each of them carries more",
    ),
    "nodes.not-ready": (
        "not Ready: its pod would not become Ready, and the run waits for one on every node of the plan",
        "condition Ready",
        "repair the node, or leave it out by spec.target.nodeSelector",
    ),
    "nodes.tainted": (
        "it has the taint {taint}, which the new pods do not tolerate: no pod would be scheduled there",
        "",
        "add the taint to spec.target.tolerations, or leave these nodes out by spec.target.nodeSelector",
    ),
    "nodes.runtime-class": (
        "runtime class {name} asks for other nodes: the API server adds that to each pod, so the DaemonSet's pods for "
        "these nodes "
        "would stay Pending",
        "scheduling.nodeSelector {labels:list}",
        "choose nodes that have these labels (spec.target.nodeSelector), or take runtimeClassName out in spec.target.patch",
    ),
    "nodes.cordoned": (
        "it is cordoned: a DaemonSet's pod runs there all the same, but somebody may be about to remove the node",
        "spec.unschedulable",
        "uncordon it, or leave it out by spec.target.nodeSelector",
    ),
    "nodes.full": (
        "no room for what a new pod requests; the pod would stay Pending",
        "{lacks:few 3}",
        "free the node, or lower the requests in spec.target.patch",
    ),
    "nodes.full:preempts": ("no room for what a new pod requests: pods of lower priority would be evicted",),
    "capacity.quota": (
        "it has no room for {pods:count new pod}: the API server would refuse some of them, and the run would wait for them",
        "{lacks:parts}",
        "raise the quota for the time in which both sides run",
    ),
    "capacity.peak": (
        "it lets the old side grow to {most:count pod} at the peak; with one of {nodes:count node} lost there are "
        "{left:count pod}, and a DaemonSet does not scale",
        "replicas now {replicas}, bounds {least} to {most}",
        "add gateway nodes, or raise the pod's limits and load-test one of the new pods",
    ),
    "capacity.no-scaling": (
        "it is removed together with the old side: from then on only the number of nodes decides the capacity, and people or "
        "a cluster autoscaler change it",
        "",
        "alert on the gateways' CPU, and add nodes before the peak",
    ),
    "capacity.update-strategy": (
        "any edit of the DaemonSet would restart gateways in the middle of the run",
        "updateStrategy {strategy}",
        "leave updateStrategy out of spec.target.patch; step Confirm sets RollingUpdate at the end",
    ),
    "capacity.surge": (
        "a second pod on the same node cannot have the same host ports: an update would never end",
        "maxSurge {surge}",
        "use maxUnavailable: 1",
    ),
    # Who looks after the nodes later.
    "after.unsaid": (
        "the plan does not say who registers a new node with the balancer and drains a leaving one once the run is over: new "
        "nodes would get no traffic, and a node that leaves would lose requests {loss}",
        "",
        "say after: controller (a cloud controller does it), after: migrator (`migrator follow` does it), or after: manual "
        "(people do it, by a written procedure)",
    ),
    "after.manual": (
        "people look after the nodes: a new node gets no traffic until somebody registers it; a node that leaves loses "
        "requests {loss} unless its weight is set to 0 first",
        "after: manual",
        "write it into the node procedures: register, then raise the weight; set weight 0, wait for the connections, then "
        "cordon and drain",
    ),
    "after.controlled": (
        "the cloud's controller registers and removes the gateways' pods by itself, and migrator would do the same beside it",
        "after: migrator",
        "say after: controller",
    ),
    "after.migrator": (
        "`migrator follow` looks after the nodes and must always run: while it does not, a new node gets no traffic, and a "
        "node that leaves loses requests {loss}",
        "after: migrator",
        "once the run has completed, keep `migrator follow` running (systemd, or a Deployment with one replica)",
    ),
    # Ports.
    "ports.taken": (
        "a pod of {owner} holds host port {ports:list}; the new pods would stay Pending there",
        "{pods:few 3}",
        "choose other nodes (spec.target.nodeSelector), map to free ports (spec.target.ports), or move the old side to a "
        "NodePort for the run",
    ),
    "ports.companion-taken": (
        "a pod of {owner} holds port {port:number g} of its node, on which the container of target.harden listens: there a new "
        "pod would never be Ready",
        "{pods:few 3}",
        "choose other nodes (spec.target.nodeSelector), or take `image` out of spec.target.harden",
    ),
    "ports.node-port-taken": (
        "it has node port {ports:list} on every node: kube-proxy would take the new gateways' traffic",
        "",
        "map to other ports in spec.target.ports",
    ),
    "ports.name-lost": (
        "it leads to port {names:list} by name, and the new pods have no port of that name: once it leads to them nobody "
        "would answer there",
        "the old pods have {numbers:list} under it; named ports of the new pods: {has:list}",
        "name the port in spec.target.patch, or let the Service ask for the number",
    ),
    "ports.node-daemon": (
        "{daemon} listens on port {port} of the node: the gateway could not bind it, or would take its place",
        "the daemon's default port",
        "map to another port in spec.target.ports; waive this code if the daemon listens elsewhere on these nodes",
    ),
    "ports.service-address": (
        "it has {address} with port {ports:list} ({why}), the address that the balancer will dial: the node sends these "
        "connections to the Service's own pods, and never to the new gateway. With the old pods behind it, health checks "
        "and shares of traffic would look right",
        "",
        "take the address out of it, or map to another port in spec.target.ports",
    ),
    "ports.node-port-range": (
        "port {ports:list} lies in the range of node ports: a later Service may get it, and kube-proxy would then take its "
        "traffic",
        "{first}-{last}, unless the API server says otherwise",
        "choose a port outside of that range",
    ),
    "ports.istio-reserved": (
        "{gateway} opens port {port} itself; a listener there is refused or never reached",
        "reserved: {reserved:list}",
        "map to another port",
    ),
    "ports.shared-proxy": (
        "another proxy runs in the node's network: both would share port {ports:and}, and health checks, counters and the "
        "request to drain would reach either of them",
        "{pods:few 3}",
        "choose other nodes (spec.target.nodeSelector)",
    ),
    "ports.mapped-nowhere": (
        "port {ports:list} is mapped, and the old side does not listen there",
        "[it listens on {listening:list}]",
        "map the port on which the old gateway listens (a Service's targetPort), not the one that clients dial",
    ),
    "ports.not-mapped": (
        "the old side gets traffic on port {ports:list}, which is not mapped: the new side would listen on the same port of "
        "the nodes",
        "mapped: {mapped:list}",
        "map it too; if you want the same port, map it to itself",
    ),
    "ports.unprivileged-pod": (
        "istiod sends no listener for port {ports:list} to a pod that calls itself unprivileged",
        "env ISTIO_META_UNPRIVILEGED_POD=true",
        "map to ports from 1024 up, or remove the variable in spec.target.patch",
    ),
    "derive.low-port-without-root:certain": (
        "it listens on port {ports:list} of the node, does not run as root[ (user {user})], and may not gain a capability "
        "(allowPrivilegeEscalation: false): it cannot bind. In a pod's own network it could",
        "in a pod's own network ip_unprivileged_port_start is usually 0; in the node's it is 1024",
        "map to ports from 1024 up in spec.target.ports; or run it as root, in the plan file: `target: {{patch: {patch}}}`; "
        "or, where its binary has the capability (ingress-nginx), allowPrivilegeEscalation: true. Waive this code where the "
        "nodes' own net.ipv4.ip_unprivileged_port_start is low enough",
    ),
    "derive.low-port-without-root": (
        "it listens on port {ports:list} of the node and does not run as root[ (user {user})]: NET_BIND_SERVICE then helps "
        "only a binary with that file capability, and not with allowPrivilegeEscalation: false",
        "in a pod's own network ip_unprivileged_port_start may be 0; in the node's it is 1024",
        "map to ports from 1024 up in spec.target.ports, or run it as root, in the plan file: `target: {{patch: {patch}}}`",
    ),
    # The node's network.
    "hostnetwork.pod-security": (
        "it enforces the Pod Security level {level}, which refuses pods with hostNetwork or host ports: the API server would "
        "admit the DaemonSet and none of its pods",
        "label {label}={level}",
        "`kubectl [--context {context} ]label namespace {namespace} --overwrite {label}=privileged`, or use another namespace",
    ),
    "hostnetwork.not-tried": (
        "our credentials may not dry-run it on the API server: no admission webhook was asked about the new pods",
        "create and patch of pods",
        "grant both for planning, or try one pod yourself: `kubectl apply --dry-run=server -f`",
    ),
    "hostnetwork.sysctl": (
        "kubelet refuses net.* sysctls with hostNetwork: the pods would be created again and again",
        "{sysctls:few 8}",
        "remove them in spec.target.patch; set them on the nodes if they are needed",
    ),
    "hostnetwork.windows": (
        "its pods are for Windows, where no pod can share its node's network",
        "spec.os.name: windows",
        "keep the pods' own network with target.network: hostPort",
    ),
    "hostnetwork.rewrites-node": (
        "it changes the network it runs in (`{words}`), and it may ({by:list}): with hostNetwork that is the node's network. "
        "It would redirect or cut the traffic of everything on the node, kubelet and SSH too",
        "in a pod's own network it changes only that pod's",
        "take it out, and with it the proxy that needs it; set what the node needs on the node itself. In the plan file: "
        "`target: {{patch: {patch}}}`. Or keep the pods' own network with target.network: hostPort",
    ),
    "hostnetwork.may-rewrite": (
        "it may change the network it runs in ({by:list}), and with hostNetwork that is the node's network",
        "nothing in its name, image, command, arguments or variables says that it does",
        "look at what it does; take the right away in spec.target.patch if it needs none",
    ),
    "hostnetwork.policy-gone": (
        "it protects the old pods and will not apply to the new ones",
        "a pod with hostNetwork has its node's address",
        "put the same rules into the nodes' firewall or security group",
    ),
    "hostnetwork.upstream-policy": (
        "it lets the old gateways in; the new ones come from their node's address, and these upstreams would refuse them",
        "{why}",
        "let the nodes in too: an ipBlock for {addresses:few 3}",
    ),
    "network.host": (
        "with hostNetwork no NetworkPolicy applies to the gateway, every port that it opens is open on the node (Envoy's admin "
        "port to every process there), and its upstreams see the node's address",
        "declared: {ports:list}",
        "let the balancer's security group reach {ports:list} on {nodes:count node}[ and health checks reach {checks:list}]; "
        "check firewalls and policies that name pod addresses",
    ),
    "network.host-port": (
        "it opens host ports on its nodes",
        "{ports:list}",
        "let the balancer's security group reach {ports:list} on {nodes:count node}[ and health checks reach {checks:list}]",
    ),
}

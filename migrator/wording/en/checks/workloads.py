"""English: what the checks find about the two workloads: present, settled, derived, probed, and how their pods end."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "patch.name": "it changes the name; set spec.target.name instead",
    "patch.namespace": "it changes the namespace",
    "patch.selector": "it leaves a selector that does not match the pods",
    "patch.network": "it changes hostNetwork; set spec.target.network instead",
    "volumes.claim": "claim {claim} is {modes:list}",
    "volumes.device": "claim {claim} of a device",
    "volumes.disk": "{kind}, mounted for writing",
    "termination.formula": "preStop waits {waits:number g} s; wanted: interval {interval:number g} s x threshold {threshold} "
    "+ {buffer:number g} s = {wanted:number g} s or more ({source}); grace {grace:number g} s; wanted: preStop "
    "{waits:number g} s + drain {drain:number g} s or more",
    "termination.change": "{place}: {was} -> {now}",
    "termination.measured": "as the balancer is set",
    "termination.assumed": "assumed: the driver cannot read it",
    "termination.by-run": "a look of the run, and the balancer's own delay",
    "termination.by-controller": "a look of the cloud's controller, and the balancer's own delay",
    "termination.by-nodes": "the nodes' own rules: the balancer dials a node port",
}

END_THAT_RUN = (
    "end that run first, where it was started: `migrator status`, then `migrator resume` or `migrator rollback`"
)

FINDINGS: dict[str, tuple[str, ...]] = {
    # How much configuration a start waits for.
    "istio.start": (
        "a new gateway is Ready once it has its configuration: {virtual_services:count VirtualService} with "
        "{routes:count route}; the old ones took {least:number .0f} to {most:number .0f} s from the start of their process "
        "to Ready",
        "measured on {pods:count old pod}; deadlines.ready is {deadline:number g} s",
    ),
    "istio.start:unmeasured": (
        "a new gateway is Ready once it has its configuration: {virtual_services:count VirtualService} with "
        "{routes:count route}; no old pod tells how long that took it",
        "deadlines.ready is {deadline:number g} s",
    ),
    "istio.clusters": (
        "it sends every gateway the clusters of all {services:count Service} that it may see, not only of those that routes "
        "name: each gateway starts later and needs more memory for them",
        "PILOT_FILTER_GATEWAY_CLUSTER_CONFIG is not true in its environment",
        "set it to true on istiod, before the run or long after it; compare `istioctl proxy-config clusters` before and after",
    ),
    "istio.clusters:not-checked": (
        "whether istiod sends a gateway only the clusters that its routes name was not checked: no istiod was found here, or "
        "its Deployment may not be read",
        "{services:count Service} in the cluster",
    ),
    # Present and settled.
    "source.missing": (
        "the workload to migrate does not exist in this cluster",
        "[context {context}]",
        "check spec.source, spec.cluster.namespace and spec.cluster.context; `kubectl get deployments -A`",
    ),
    "source.not-serving": (
        "none of its {pods:count pod} is Ready",
        "{troubles:parts}",
        "repair the old side first: a rollback needs it",
    ),
    "source.rolling": (
        "it is rolling out now",
        "{ready} of {wanted} ready",
        "wait for `kubectl rollout status`, then look again",
    ),
    "target.service-taken": (
        "the new pods need a headless Service of their own, which has the target's name {name}, and a Service of this name "
        "is there already: applying it would be refused, or would change that Service",
        "",
        "choose another spec.target.name, such as {name}-ds",
    ),
    "target.taken": (
        "a DaemonSet of this name exists and migrator did not make it",
        "uid {uid}",
        "choose another spec.target.name",
    ),
    "target.taken:returning": (
        "it exists again, and migrator did not bring it back",
        "uid {uid}, {pods:count pod}",
        "if it should serve, delete it first: the plan back creates it again; if it serves already, there is "
        "nothing to reverse",
    ),
    "labels.same": (
        "the new pods' labels would not tell them from the old pods: either side could adopt pods without a controller",
        "old [{old:list}], added [{added:list}]",
        "add a label whose value the old pods do not have, for example {{version: v2}}",
    ),
    "labels.old-selector-matches": (
        "the Deployment's selector also matches the new pods; they have another owner, so it leaves them alone",
        "",
        "do not orphan the new pods (`kubectl delete --cascade=orphan`) while the Deployment exists",
    ),
    "deploy.pod-refused": (
        "the API server would admit the DaemonSet and refuse its pods",
        "{answer}",
        "correct what the answer names (spec.target.ports, labels, patch), then look again",
    ),
    "deploy.untried": (
        "nobody knows whether the API server would admit it: it did not answer a dry run, while it answers everything else",
        "{answer}",
        "look at its admission webhooks (one that hangs keeps every pod from being made), then look again",
    ),
    "deploy.refused": (
        "the API server would refuse it",
        "{answer}",
        "correct what the answer names (spec.target.ports, labels, patch), then look again",
    ),
    "permission.denied": (
        "our credentials may not do this, and the route or the route back needs it",
        "SelfSubjectAccessReview said no",
        "grant it to the user of this kubeconfig (`migrator rbac` prints the least roles)",
    ),
    "cleanup.keep-old-short": (
        "the run would remove the old side without asking, {keep:number g} s after the last shift",
        "approval auto, keepOld {keep:number g}s",
        "set keepOld to 10m or more, or waive this code with a reason",
    ),
    # Migrations that have begun or ended.
    "target.migrated": (
        "this gateway looks migrated already: the new side serves with weight on {backends:count backend}, and {source} has no "
        "backend on the balancer",
        "{made:list}",
        "nothing to do; for another gateway, correct spec.source, spec.target and loadBalancer",
    ),
    "target.migrated:source-gone": (
        "this gateway looks migrated already: the new side serves with weight on {backends:count backend}, and {source} does "
        "not exist any more",
    ),
    "target.run-active": (
        "a run of this gateway is going on, or has stopped before its end",
        "{holder}",
        END_THAT_RUN,
    ),
    "target.in-use": (
        "another run made this DaemonSet, and it gets traffic: two runs would undo each other's work",
        "{made:list}",
        END_THAT_RUN,
    ),
    "target.leftover": (
        "another run made this DaemonSet; none of its backends has weight, so a run would take it over",
        "{made:list}",
        "make sure that no paused run needs it (`migrator list` in every store), or remove it",
    ),
    "balancer.new-side-weighted": (
        "{rows:count backend} of the new side {rows:choose has|have} weight already: a migration has stopped half-way, and a "
        "rollback must not restore the old weights that are seen now",
        "{rows:few 5}",
        END_THAT_RUN,
    ),
    # A plan back to an earlier workload.
    "return.name-taken": (
        "an object of this name exists, and the run would have to make one",
        "uid {uid}",
        "remove or rename it, then look again",
    ),
    "return.not-told-apart": (
        "no label tells its pods from the returning ones[, so these would send traffic to both: {services:list}]",
        "wanted: another value than {labels:list}",
        "give every one of its pods the label that the run gave them, then look again",
    ),
    "return.node-port": (
        "it leads to the returning pods from step Lead on, before they get weight: clients that use it without this balancer "
        "move there all at once",
        "type {type}",
        "find who calls it inside the cluster, and plan their move",
    ),
    "return.replicas": (
        "it returns with {replicas:count replica}, as many as it had when plan {plan} was made; {serving:count gateway} "
        "{serving:choose serves|serve} now",
        "kept by run {run}; nothing scales it before the end of the run",
        "if traffic has grown, run it outside the peak",
    ),
    # Volumes.
    "volumes.one-node": (
        "volume {volume} can be at one node only ({why}); a DaemonSet has a pod on each node, and all but one would wait for "
        "it indefinitely",
        "",
        "put what it holds elsewhere (certificates: a Secret, cert-manager, or a ReadWriteMany claim), and say so in "
        "spec.target.patch",
    ),
    "volumes.host-path": (
        "volume {volume} keeps what it is given in {path} on the node: the new pods find nothing there of what the old pods "
        "kept on their nodes",
        "hostPath, mounted for writing",
        "copy it to the new nodes, or waive this code if it is only a cache or a socket",
    ),
    # Derivation.
    "derive.no-injected-pod": (
        "its template is a stub (`image: auto`) that Istio fills in, but not for pods with hostNetwork",
        "none of its {pods:count pod} is Ready and injected, so there is nothing to derive from",
        "wait for a Ready old pod, or keep injection with target.network: hostPort",
    ),
    "derive.sidecar-stays-away": (
        "the old pods have an Istio sidecar and the new ones will not: Istio does not inject pods with hostNetwork, so "
        "upstreams with strict mTLS will refuse them",
        "annotation {annotation}",
        "keep injection with target.network: hostPort, or waive this code if no upstream needs the sidecar",
    ),
    "derive.container-stays-away": (
        "the old pods have it and the new ones will not: it was put in by an injector, and injectors leave pods with "
        "hostNetwork alone. A mesh's proxy takes the mesh's identity with it, and upstreams with strict mTLS refuse the "
        "gateway then",
        "pod {pod}; the Deployment's template does not have it",
        "keep injection with target.network: hostPort, add the container in spec.target.patch, or waive this code if nothing "
        "needs it",
    ),
    "derive.readiness-gate": (
        "its pods are Ready only once somebody sets the condition {gate} on each of them",
        "spec.readinessGates",
        "make sure that its controller knows the new pods, or take it out: spec.target.patch",
    ),
    "derive.readiness-gate:injected": (
        "the live pods have the readiness gate {gate}, which their template does not: a webhook puts it in. New pods may get "
        "it too, and are Ready only once its controller sets it",
        "spec.readinessGates of the pods",
        "turn that webhook off for this namespace until the run is over, if its controller registers pods with the balancer",
    ),
    "derive.port-in-words:listens": (
        "it tells the process port {port}, and the manifest declares {moved} instead: the process would listen on {port} of "
        "the node, where nobody sends anything",
        "",
        "give the new {moved} in spec.target.patch, or waive this code if the number is no listening port",
    ),
    "derive.port-in-words": (
        "it names port {port}, which the plan moves to {moved}; migrator never rewrites commands",
        "",
        "give the new command or value in spec.target.patch, or waive this code if the number is no port",
    ),
    "derive.listener-moves": (
        "with hostNetwork the process itself must listen on the moved ports ({ports:list}); a manifest only declares them",
        "",
        "set the listening ports in the gateway's own configuration (its arguments, its ConfigMap, its Gateway)",
    ),
    "derive.old-pods-repel": (
        "its pods refuse any pod with {labels:list} in the same {topology}, and the new pods have these labels: they would "
        "stay Pending wherever an old pod runs",
        "podAntiAffinity, requiredDuringScheduling: the scheduler honours it for later pods, too",
        "choose nodes without old pods, or add matchExpressions to the old rule that leave the new label out",
    ),
    "derive.patch-breaks": ("{fault}", "", "remove that from the patch"),
    # Probes.
    "probes.no-readiness": (
        "no readinessProbe: its pod is Ready as soon as the process runs, before it has any configuration; every later "
        "restart would serve too early",
        "",
        "in the plan file: `target: {{patch: {patch}}}`",
    ),
    "probes.old-unanswered": (
        "our own request was not answered by an old backend ({backend}), which serves clients: step VerifyConfig asks the new "
        "backends the same, and would wait for an answer in vain",
        "{why}",
        "plan from a machine that reaches the nodes; set gateway.probeHost and probePath to a route that exists; or say how to "
        "ask: the listener's key probe (http, https, http+proxy, https+proxy, tcp, none)",
    ),
    "probes.not-asked": (
        "nobody asks its new backends before they get traffic",
        "probe: none",
        "let at least a connection be tried (probe: tcp), if this machine reaches the nodes",
    ),
    "probes.connection-only": (
        "its new backends are only connected to before they get traffic; no answer is asked for",
        "probe: tcp",
        "",
    ),
    "probes.no-startup": (
        "no startupProbe that waits for configuration: a start that takes longer than its livenessProbe allows ends in a "
        "restart",
        "",
        "in the plan file: `target: {{patch: {patch}}}`",
    ),
    "probes.start-longer-than-deadline": (
        "it may take {seconds:number g} s to start, and the run waits {deadline:number g} s for it",
        "startupProbe: initialDelaySeconds + periodSeconds x failureThreshold",
        "set deadlines.ready to {seconds:number g}s",
    ),
    "probes.sticky-ready": (
        "/healthz/ready says that configuration arrived once, and stays 200 from then on, even without any listener; so the "
        "run compares configurations and sends requests before it gives traffic",
    ),
    "probes.no-shell": (
        "it runs a command in a distroless image, which has no shell[ and no {tools:list}]",
        "image {image}: {command}",
        "use httpGet, tcpSocket or the sleep action; in Istio's image `pilot-agent request` works without a shell",
    ),
    "probes.listeners-text": (
        "it pipes /listeners into jq, but Envoy answers with text unless it is asked for format=json: it can never succeed",
        "{command}",
        "ask for /listeners?format=json",
    ),
}

"""English: what the checks find about the two workloads: present, settled, derived, probed, and how their pods end."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "patch.name": "it changes the name; set spec.target.name instead",
    "patch.namespace": "it changes the namespace",
    "patch.selector": "it leaves a selector that does not match the pods",
    "patch.network": "it changes hostNetwork; set spec.target.network instead",
    "termination.formula": "preStop waits {waits:number g} s; wanted: interval {interval:number g} s x threshold {threshold} "
    "+ {buffer:number g} s = {wanted:number g} s or more ({source}); grace {grace:number g} s; wanted: preStop "
    "{waits:number g} s + drain {drain:number g} s or more",
    "termination.measured": "as the balancer is set",
    "termination.assumed": "assumed: the driver cannot read it",
}

END_THAT_RUN = (
    "end that run first, where it was started: `migrator status`, then `migrator resume` or `migrator rollback`"
)

FINDINGS: dict[str, tuple[str, ...]] = {
    # Present and settled.
    "strategy.in-place": (
        "in-place replaces the pods under live traffic and loses requests; migrator does not do it",
        "",
        "use canary or blue-green",
    ),
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
        "wait for `kubectl rollout status`, then plan again",
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
        "correct what the answer names (spec.target.ports, labels, patch), then plan again",
    ),
    "deploy.refused": (
        "the API server would refuse it",
        "{answer}",
        "correct what the answer names (spec.target.ports, labels, patch), then plan again",
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
        "another run made this DaemonSet; none of its backends has weight, so this plan would take it over",
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
        "remove or rename it, then plan again",
    ),
    "return.not-told-apart": (
        "no label tells its pods from the returning ones[, so these would send traffic to both: {services:list}]",
        "wanted: another value than {labels:list}",
        "give every one of its pods the label that the run gave them, then plan again",
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

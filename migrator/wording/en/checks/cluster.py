"""English: what the checks find in the cluster: owners and controllers, scaling, selectors."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "argo-cd.unseen": "not seen, so it is taken as one that syncs by itself",
    "operator.envoy-gateway": "Envoy Gateway",
    "operator.envoy-gateway-setting": "do not set envoyDaemonSet in the EnvoyProxy that this Gateway uses: Envoy "
    "Gateway deletes "
    "the Deployment before it makes the DaemonSet, and nobody answers in between. What loses nothing: make a "
    "second Gateway with "
    "the same listeners, whose EnvoyProxy sets spec.provider.kubernetes.envoyDaemonSet, and let the routes name both Gateways; "
    "give its pods backends at the balancer with weight 0, raise their weight in steps while the old weights "
    "fall, wait until the "
    "old connections are gone, and delete the first Gateway last. Do not stop Envoy Gateway's controller for it: "
    "the Envoys get "
    "their configuration from it",
    "operator.contour": "Contour's provisioner",
    "operator.contour-setting": "do not change workloadType in the ContourDeployment that this Gateway uses: that "
    "replaces Envoys "
    "which still serve. What loses nothing: make a second Gateway of a GatewayClass whose ContourDeployment has workloadType: "
    "DaemonSet, let the routes name both Gateways, move the balancer's weights over in steps, and delete the "
    "first Gateway last",
    "operator.gateway-api": "a Gateway API controller",
    "operator.gateway-api-setting": "do not let the controller replace the workload of this Gateway: it may delete the old one "
    "before the new one serves. What loses nothing: make a second Gateway that runs on the nodes, let the routes "
    "name both, move "
    "the balancer's weights over in steps, and delete the first Gateway last",
    "operator.unknown-setting": "make the new workload beside the old one, with a second object of the owner's kind, move the "
    "balancer's weights over in steps, and delete the first one last. Stop the controller for a run only where it does not "
    "configure the gateways as well",
    "monitor.selector": "selector {selector}",
    "monitor.service": "through Service {services:list}, which leads to the old pods only until step Retire",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    # Owners and controllers.
    "ownership.helm": (
        "Helm installed it: an upgrade during the run undoes step Guard, and one after the run brings the old Deployment back",
        "release {release}",
        "run no `helm upgrade {release}` during the run; right after it, change the chart to a DaemonSet",
    ),
    "ownership.istioctl": (
        "istioctl or the Istio operator installed it: the next install brings the Deployment back",
        "label {label}",
        "after the run, disable this gateway in the IstioOperator resource (components.ingressGateways)",
    ),
    "ownership.argo-cd": (
        "it belongs to Argo CD, which would undo what the run changes",
        "Application {app}[ ({unseen})]",
        "`argocd app set {app} --sync-policy none` for the run; put the DaemonSet into Git before you set the policy back",
    ),
    "ownership.argo-cd:manual": (
        "it belongs to Argo CD, and the next sync would undo what the run changes",
        "Application {app}",
        "sync nothing during the run; put the DaemonSet into Git before the next sync",
    ),
    "ownership.flux": (
        "it belongs to Flux, which would undo what the run changes",
        "{kind} {namespace}/{name}",
        "`flux suspend {command} {name} -n {home}` for the run",
    ),
    "ownership.operator": (
        "{who} makes it: that controller would undo the run's changes, and make the Deployment again after step Retire",
        "ownerReference {who}",
        "{setting}",
    ),
    "ownership.operator:labelled": (
        "{who} makes it: that controller would undo the run's changes, and make the Deployment again after step Retire",
        "label of its controller",
    ),
    "ownership.load-balancer-service": (
        "a cloud controller manages a balancer for this Service; the run leaves the Service in place, because its controller "
        "may delete the balancer together with it",
        "{addresses:few 8}",
        "see the finding for its cloud, if there is one; never delete this Service during the run",
    ),
    "ownership.load-balancer-service:ours": (
        "a cloud controller manages the plan file's balancer for this Service; the run leaves the Service in place, because "
        "its controller may delete the balancer together with it",
    ),
    "ownership.draining-stops": (
        "{controller} sets the weight of a pod that ends to 0, and stops doing so until the end of the run: Guard tells it to "
        "leave weights alone ({keep_off}). An old pod that somebody deletes meanwhile keeps its weight until its row goes",
        "{drains:list}",
        "delete and restart old pods one at a time while the run goes on; step Confirm gives the weights back",
    ),
    "ownership.draining-stops:stays": (
        "{controller} sets the weight of a pod that ends to 0, and stops doing so for good: Guard tells it to leave weights "
        "alone ({keep_off}), and `migrator follow` drains the nodes from then on (after: migrator)",
        "{drains:list}",
        "delete and restart pods one at a time while the run goes on, and keep `migrator follow` running afterwards",
    ),
    "ownership.cloud-controller": (
        "{controller}'s controller manages the backends of this balancer through this Service: it writes weights and targets "
        "again whenever the Service, its endpoints or a node change",
        "{annotations:few 8}",
        "{remedy}",
    ),
    "ownership.cloud-controller:elsewhere": (
        "{controller}'s controller manages another balancer through this Service: it writes weights and targets there again "
        "whenever the Service, its endpoints or a node change",
    ),
    "ownership.ingress": (
        "a cloud controller makes forwarding rules of this balancer from this Ingress; it writes their backends and weights "
        "again whenever the Ingress, its Services or their endpoints change",
        "{annotations:few 8}",
        "lead the users through a listener that only the plan manages; never delete this Ingress during the run, because its "
        "rules or the whole balancer would be deleted with it",
    ),
    "ownership.target-group-binding": (
        "its controller registers the pods of Service {service} and removes targets that it does not know",
        "{group}",
        "give the new side a target group of its own (the driver does), and leave this one to its controller",
    ),
    "ownership.after-controller": (
        "the plan relies on a controller to register new nodes; migrator has not seen one, and cannot check that it would "
        "choose the same port and a weight",
        "after: controller",
        "try it with one node before the next scale-up",
    ),
    # Scaling and budgets.
    "arithmetic.pdb-percentage": (
        "it counts in percent or by maxUnavailable; that needs the scale of every controller, which a DaemonSet does not have: "
        "the budget would allow no eviction, so no node with a gateway could be drained",
        "{bounds:list}",
        "use an integer minAvailable, or let its selector match the old pods only",
    ),
    "arithmetic.pdb-counts-both": (
        "it counts old and new pods together: once the new pods are Ready, all old pods may be evicted at once",
        "{bounds:list}",
        "cordon no node of the old side during the run, or raise minAvailable by the number of new pods for that time",
    ),
    "arithmetic.hpa-averages-both": (
        "it averages over old and new pods, because the Deployment's selector matches both: step Guard keeps it from "
        "shrinking the old side, but it will not grow the old side either while the new pods are idle",
        "metrics {metrics:few 8}, replicas {least} to {most}",
        "run it outside the peak, or first raise minReplicas to what the peak needs",
    ),
    "arithmetic.vpa": (
        "it evicts old pods to change what they ask for (mode {mode}), also while the run counts on them, and it will "
        "set nothing "
        "for the new workload: its pods ask for what the template says",
        "targetRef is the old workload",
        "set updateMode: Off for the run, compare the template's requests with those of the live pods, and aim it at the new "
        "workload afterwards",
    ),
    "arithmetic.keda": (
        "KEDA scales the old side, and writes its HPA itself, so step Guard changes the ScaledObject: the old side does not "
        "shrink while its traffic leaves",
        "minReplicaCount {least}, maxReplicaCount {most}",
    ),
    "arithmetic.keda:to-zero": (
        "KEDA scales the old side, and could scale it to zero when its traffic has left. KEDA writes its HPA itself, so step "
        "Guard changes the ScaledObject: the old side does not shrink",
    ),
    "guard.left-behind": (
        "run {run} changed it at step Guard and never undid it: that run was lost, or goes on from another store",
        "plan {plan}, by the object's annotation migrator.dev/guard",
        "if that run still exists, `migrator rollback` it where its store is. If it is lost, undo the change: {command}",
    ),
    "run.lost": (
        "run {run} ({name}) has begun to move this gateway and nobody carries it out: its store is lost, or elsewhere",
        "its record in the cluster; it was held by {holder}",
        "where its store is, `migrator rollback` or `migrator resume` it. If that is lost, `migrator adopt {gateway}` takes "
        "the run over here; then `migrator rollback` undoes it, or `migrator resume` ends it. Without migrator: `migrator "
        "rollback --by-hand {gateway}` prints the commands",
    ),
    "run.record-damaged": (
        "the record in the cluster of a run of this gateway cannot be used[; it was run {run}], and nobody carries "
        "that run out: it may "
        "have left the gateway half-way",
        "{why}",
        "where that run's store is, `migrator resume` or `migrator rollback` ends it and writes the record again. If "
        "it is lost, undo "
        "what guard.left-behind shows, set the weights as they are to stay, remove the workload that the run made, "
        "then take the "
        "record away: {command}",
    ),
    "run.record-left": (
        "run {run} ({name}) has ended, and its record was not taken away: it holds nothing up, and the next run replaces it",
        "",
        "{command}",
    ),
    # Selectors.
    "selectors.service-left-behind": (
        "it selects the old pods and would not select the new ones: after step Retire this {type} Service leads nowhere",
        "selector {selector:list}",
        "let it select labels that both sides have, or waive this code when nobody calls this Service",
    ),
    "selectors.service-not-narrowed": (
        "it would send clients to the new pods as soon as they are Ready, before any share is raised: by the plan's labels it "
        "selects both sides",
        "{type} Service, selector {selector:list}",
        "write `labels: {{{better:list}}}` under spec.target: this label differs between the two sides, and nothing of Istio "
        "selects by it. A template hash is never used: after a restart of the old Deployment the Service would lead nowhere",
    ),
    "selectors.service-not-narrowed:no-label": (
        "it would send clients to the new pods as soon as they are Ready, before any share is raised: it selects by labels "
        "that both sides must have",
        "{type} Service, selector {selector:list}",
        "add a label to the template of the old Deployment, for example side=old, let its rollout end, and write "
        "`labels: {{side: new}}` under spec.target: then the Service is narrowed by side=old for the run",
    ),
    "selectors.service-catches-new": (
        "it selects the new pods too; step Guard narrows it to the old ones for the run, and step Retire opens it again",
        "{type} Service; narrowed by {label:list}, a label of the old template: restarted old pods have it too",
    ),
    "selectors.service-apart": (
        "it does not select the new pods, so nothing is done to it during the run; step Retire leads it to them",
        "{type} Service; the new pods have {labels:list}",
    ),
    "selectors.service-elsewhere": (
        "it selects pods of its own namespace, and the new ones are in {namespace}: with the old side gone it leads nowhere",
        "{type} Service; the new pods have {labels:list}",
        "make a Service for the new pods in {namespace} and lead its callers there, then waive this code with the reason",
    ),
    "selectors.service-elsewhere:back": (
        "it ends with the pods of its namespace; the Services in {namespace} select the returning pods by themselves",
        "{type} Service",
    ),
    "selectors.service-left": (
        "it selects the new pods too and is left as it is, as the plan says: no client comes through it",
        "{type} Service",
    ),
    "selectors.service-not-for-clients": (
        "no client comes through this Service, so migrator does not know whether the new pods may be in it during the run. "
        "Something else may use it, for example a controller that sends the gateways their configuration",
        "{type} Service, selector {selector:list}",
        "write `guard: {{leave: [{name}]}}` in the plan to leave it as it is, or `guard: {{narrow: [{name}]}}` to keep the new "
        "pods out until step Retire",
    ),
    "selectors.network-policy": (
        "it applies to the {side:word side} pods and not to the {other:word side} ones: what is let in and out would differ",
        "podSelector {selector}",
        "let it select labels that both sides have",
    ),
    "selectors.endpoints-by-address": (
        "it names old pods by address, and Kubernetes does not write it: once these pods are gone it leads nowhere, "
        "unless its own "
        "writer follows",
        "[Service {service}: ]{addresses:few 8}",
        "find out who writes it; add the new addresses by hand before step Retire where nobody does",
    ),
    "selectors.webhook": (
        "webhook {hook} changes the {side:word side} pods as they are made and not the {other:word side} ones: what it adds or "
        "changes would be on one side alone",
        "objectSelector {selector}",
        "choose spec.target.labels so that it chooses both sides, or see what it adds and put that into spec.target.patch",
    ),
    "selectors.monitor-misses-new": (
        "Prometheus would not scrape the new pods during the run",
        "{why}",
        "add a PodMonitor for {labels:list} in namespace {namespace}",
    ),
    "selectors.monitor-misses-new:alone": (
        "Prometheus would not scrape the new pods during the run, and nothing else would judge the run",
    ),
    "selectors.orphan-adopted": (
        "{pods:count pod} without a controller {pods:choose matches|match} the DaemonSet's selector: it would adopt and delete "
        "{pods:choose it|them}",
        "selector {selector:list}",
        "change a label of {pods:choose this pod|these pods}, or delete {pods:choose it|them}",
    ),
    "selectors.other-workload": (
        "its selector and the new DaemonSet's match each other's pods; only ownerReferences keep them apart",
        "selector {selector:list}",
        "choose spec.target.labels that no other workload's pods have",
    ),
    "selectors.immutable": (
        "it exists with another selector, and selectors are immutable: the API server would refuse to apply the plan (422)",
        "present {present}, planned {planned}",
        "choose another spec.target.name, or delete this DaemonSet if it serves nobody",
    ),
    "selectors.stray-pod": (
        "{pods:count pod} {pods:choose matches|match} the selector of {workload} without belonging to it: Services may send "
        "{pods:choose it|them} traffic, and the run neither moves nor drains {pods:choose it|them}",
        "{owners:few 8}",
        "change {pods:choose its|their} labels, or remove {pods:choose it|them}",
    ),
    "selectors.service-entry-catches-new": (
        "it selects the new pods: the mesh would send them requests as soon as they are Ready, before any share was set and "
        "judged, because step Guard narrows Services only",
        "workloadSelector {selector:list}",
        "[add {label} to its spec.workloadSelector.labels for the run, and take it away after step Retire; or ]choose "
        "spec.target.labels so that it selects the old pods alone until then",
    ),
    "selectors.service-entry-left-behind": (
        "it selects the old pods and would not select the new ones: after step Retire the mesh finds nobody behind its hosts",
        "workloadSelector {selector:list}",
        "let it select labels that both sides have as soon as the new side serves alone, or waive this code when nobody calls "
        "its hosts",
    ),
}

"""English: what the checks find in the cluster: owners and controllers, scaling, selectors, Istio's configuration."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "argo-cd.unseen": "not seen, so it is taken as one that syncs by itself",
    "operator.envoy-gateway": "Envoy Gateway",
    "operator.envoy-gateway-setting": "set spec.provider.kubernetes.envoyDaemonSet in its EnvoyProxy",
    "operator.contour": "Contour's provisioner",
    "operator.contour-setting": "set workloadType: DaemonSet in its ContourDeployment",
    "operator.gateway-api": "a Gateway API controller",
    "operator.gateway-api-setting": "tell the controller to make a DaemonSet",
    "operator.unknown-setting": "scale its controller down for the run, or let the controller make the DaemonSet",
    "monitor.selector": "selector {selector}",
    "monitor.service": "through Service {services:list}, which leads to the old pods only until step Retire",
    # Istio's gateways.
    "istio.itself": "Istio's proxy or agent",
    "istio.health-target": "GET /healthz/ready on 15021",
    "istio.unmovable": "another Istio proxy runs in these nodes' network: both would share 15000, 15004 and 15020 without an "
    "error",
    "gateway.itself": "the gateway",
    # Who gets an Istio resource.
    "reach.selector": "{labels:list}",
    "reach.targets": "{targets:list}",
    "reach.by-gateways": "by its gateways",
    "reach.by-port": "{patch} names a port that only this side has",
    "reach.gateway": "{name}[ ({why})]",
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
        "a cloud controller manages this plan's balancer for this Service; the run leaves the Service in place, because its "
        "controller may delete the balancer together with it",
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
    "arithmetic.keda": (
        "KEDA scales the old side, and writes its HPA itself, so step Guard changes the ScaledObject: the old side does not "
        "shrink while its traffic leaves",
        "minReplicaCount {least}, maxReplicaCount {most}",
    ),
    "arithmetic.keda:to-zero": (
        "KEDA scales the old side, and could scale it to zero when its traffic has left. KEDA writes its HPA itself, so step "
        "Guard changes the ScaledObject: the old side does not shrink",
    ),
    # Selectors.
    "selectors.service-left-behind": (
        "it selects the old pods and would not select the new ones: after step Retire this {type} Service leads nowhere",
        "selector {selector:list}",
        "let it select labels that both sides have, or waive this code when nobody calls this Service",
    ),
    "selectors.service-not-narrowed": (
        "it would send traffic to the new pods as soon as they are Ready: no label tells all old pods from the new ones, "
        "because they come from several templates",
        "pod-template-hash {hashes:list}",
        "let the rollout of the Deployment end, then plan again",
    ),
    "selectors.service-catches-new": (
        "it selects the new pods too; step Guard narrows it to the old ones for the run, and step Retire opens it again",
        "{type} Service",
    ),
    "selectors.network-policy": (
        "it applies to the {side:word side} pods and not to the {other:word side} ones: what is let in and out would differ",
        "podSelector {selector}",
        "let it select labels that both sides have",
    ),
    "selectors.monitor-misses-new": (
        "Prometheus would not scrape the new pods during the run",
        "{why}",
        "add a PodMonitor for {labels:list} in namespace {namespace}",
    ),
    "selectors.monitor-misses-new:alone": (
        "Prometheus would not scrape the new pods during the run, and nothing else would judge this plan's run",
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
    # Istio.
    "istio.matrix": (
        "which pods get them: {both:number g} both sides, {old} the old pods only, {new} the new pods only",
        "[both: {both:few 40}]",
    ),
    "istio.old-only": (
        "it reaches the old pods and not the new ones",
        "[{why}]",
        "keep the label that it selects by on the new pods (spec.target.labels must not change it), or widen its selector",
    ),
    "istio.old-only:port": (
        "it reaches the old pods and not the new ones",
        "{why}",
        "add a patch for the new port beside the old one, for as long as both sides serve",
    ),
    "istio.new-only": (
        "it reaches the new pods and not the old ones",
        "[{why}]",
        "keep the label that it selects by on the new pods (spec.target.labels must not change it), or widen its selector",
    ),
    "istio.new-only:port": (
        "it reaches the new pods and not the old ones",
        "{why}",
        "add a patch for the old port beside the new one, for as long as both sides serve",
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
}

"""English: what `migrator harden` and the derivation change so that pods end and start without losing anything, and why."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # By which numbers, and why.
    "harden.numbers": "interval {interval:number g} s x {threshold} failures + {buffer:number g} s for the check under way and "
    "propagation + {longest:number g} s for the last requests = {wanted:number g} s ({source})",
    "harden.grace-numbers": "preStop {waits:number g} s + drain {drain:number g} s + {after:number g} s of its own after it + "
    "{buffer:number g} s to end = {needed} s",
    "harden.ready-numbers": "interval {interval:number g} s x {threshold} good checks + {buffer:number g} s = {wanted} s "
    "({source})",
    "harden.startup-numbers": "asked every second, {seconds} s at most",
    "harden.readiness-numbers": "asked every 2 s, NotReady after three failures",
    "harden.liveness-numbers": "it only connects to port {port}",
    "harden.rolling-numbers": "none away, one more at a time",
    "harden.grace": "kubelet kills what has not ended by then, in the middle of its last requests",
    "harden.sleep": "while it sleeps the gateway accepts as before: time for whoever sets its weight to 0, or takes the pod "
    "off by its deletion (a cloud's controller, `migrator follow`, kube-proxy)",
    "harden.startup-listener": "port {port} opens once the control plane has sent its listener: no Ready without it, and a "
    "slow start is not killed by liveness",
    "harden.startup": "a slow start is not killed by liveness",
    "harden.readiness": "without it a pod is Ready, and gets traffic, as soon as its process runs",
    "harden.liveness": "{path} turns to 503 as soon as the gateway drains: kubelet would kill it then",
    "harden.min-ready": "the next pod may go only once the balancer sends to the one that came: Ready is not yet healthy",
    "harden.rolling": "no old pod goes before a new one is there",
    "drain.istio": "SIGTERM turns 15021 to 503 at once, and Envoy accepts for so long, asking clients to leave; then the agent "
    "kills it",
    "drain.manager": "the preStop turns the health check first (healthcheck/fail); {setting} is the least time for which "
    "Envoy goes on accepting, even with no connection left",
    "drain.ingress-nginx": "SIGTERM turns /healthz at once, and nginx accepts for so long before it quits",
    # What no patch fixes.
    "harden.connects": "a health check of the balancer only connects: it turns when the port is closed, which is too late. "
    "Let it ask over HTTP for what turns first (see below)",
    "harden.nothing-turns": "nothing turns the health check of {gateway} before SIGTERM without a shell or an image of ours: a "
    "preStop that sleeps helps only where somebody sets the weight to 0, or takes the pod off by its deletion",
    "harden.hook-kept": "its preStop is somebody's command and stays: it should wait {wanted:number g} s. {command}",
    "harden.no-native-sleep": "this server ({server}) does not know `sleep` as an action (Kubernetes 1.30 does): where the "
    'image has a sleep, use exec: ["sleep", "{wanted}"]',
    "harden.companion-numbers": "the seconds of the balancer's own health check and of the last requests, as for a sleep; a "
    "word may only shorten them",
    "harden.companion": "the preStop asks the container beside it, which answers once the balancer sends nothing new",
    "harden.companion-alone": "nothing else keeps {gateway} accepting: while the container is not there, the hook fails and "
    "the gateway ends at once. Its readiness is the pod's: a rolling update waits for it",
    "harden.companion-secret": "the container reads the cloud's variables from the Secret {name}: give it a credential that "
    "may read this balancer and set weights, and nothing else (its policy is below)",
    "harden.companion-lease": "it reads the gateway's Lease {lease} with the pods' own account, and nothing else of the "
    "cluster: while a run or a follower holds that, they alone set weights. Apply the Role and RoleBinding first: without them "
    "its pods do not get Ready",
    "harden.companion-policy": "the least policy of that credential: {policy}",
    "harden.companion-raises": "a row at weight 0 gets its peers' weight when the next pod of its node serves: a 0 that a "
    "person wrote lasts until then. The last row that carries is never lowered",
    "harden.companion-follower": "the word comes from `migrator follow FILE --metrics`, at {url}: it must be reached from the "
    "gateways' nodes. The container has no credential, no token and no role",
    "harden.companion-no-balancer": "which balancer is it? The container sets weights by a plan's `loadBalancer`: give a "
    "plan file, or use `--by follower`. Nothing was changed",
    "harden.owned": "a controller writes this workload: a patch of it would be undone. Use the EnvoyProxy that `--output helm` "
    "prints for {gateway}",
    "harden.no-port": "no port that clients reach is known: say --port, so that the startup probe can wait for its listener",
    "harden.budget": "{pods:count pod}, one may be away: minAvailable {least}, as a whole number, because a percentage and "
    "maxUnavailable need a scale that a DaemonSet does not have. Change it when the number of pods changes",
    "harden.budget-unseen": "the disruption budgets were not looked at",
    "harden.budget-wrong": "PodDisruptionBudget {name} is counted from a scale that a DaemonSet does not have: use a whole "
    "minAvailable",
    "harden.budget-impossible": "{pods:count pod}: a budget would only keep its node from being drained; two are the least "
    "that can be restarted without loss",
    "mesh.filter": "istiod sends a gateway only the clusters that its routes name: in a large mesh configuration comes sooner "
    "and takes less memory. In istiod's environment",
    "harden.missing": "{what} does not exist. Nothing was asked of the balancer and nothing was changed"
    ". Check its name and namespace (`kubectl get deployments,daemonsets -A`).",
    "harden.which": "{path} holds {names:count workload}: {names:list}. Name one with "
    "deployment/NAME or daemonset/NAME, or give a file with it alone",
    "harden.none": "{path} holds no Deployment and no DaemonSet"
    ". Nothing was changed. Name a manifest that has one, or the workload in the cluster.",
    "harden.no-yaml": "{path} is no YAML"
    ". Nothing was changed. Name a manifest, a plan file or a workload (`migrator harden --help`).",
    # The forms.
    "form.patch": "{kubectl} patch {kind} {name} --patch-file THIS_FILE",
    "form.component": "kustomization.yaml of the component; name its folder under `components:`",
    "form.file": "{name}",
    "form.values": "values of the chart {chart}",
    "form.no-value": "the chart has no value for {places:and}: use `--output kustomize` as a post-renderer, or patch:",
    "form.envoy-proxy": "merge it into the EnvoyProxy that the Gateway or its GatewayClass names",
    "form.apply": "beside it, by kubectl apply:",
    # What turns a health check.
    "turn.told": "{event}: the health check {check:word health check}; of clients {clients:word clients} ({known:word known})",
    "turn.drain-inbound": "drain_listeners?inboundonly",
    "turn.drain-graceful": "drain_listeners?graceful, until --drain-time-s",
    "turn.drain-at-once": "drain_listeners without graceful",
    "turn.fail": "POST healthcheck/fail (a hook's httpGet is a GET: 405)",
    "turn.pre-stop": "a preStop that sleeps",
    "turn.sigterm-agent": "SIGTERM, for terminationDrainDuration",
    "turn.drain-time": "drainDuration after SIGTERM, or the end",
    "turn.manager": "the preStop of the shutdown manager",
    "turn.sigterm": "SIGTERM",
    "turn.sigterm-controller": "SIGTERM, for --shutdown-grace-period",
    "turn.quit": "nginx -s quit, and SIGTERM or SIGQUIT to nginx itself",
}

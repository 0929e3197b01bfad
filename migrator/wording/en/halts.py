"""English: the findings with which a run halts or turns back. Problem, evidence, remedy."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "stored": ("{problem}", "{evidence}", "{remedy}"),
    # Before traffic moves.
    "guard.object-replaced": (
        "the object that the plan wants to change is gone or was replaced",
        "planned uid {planned}[, found {found}]",
        "make a new plan; traffic is where it was",
    ),
    "stand.missing": (
        "the new side's workload is not there any more; nothing was changed",
        "",
        "bring it back as it was, or make a new plan",
    ),
    "stand.replaced": (
        "the new side's workload is another one than the plan saw; nothing was changed",
        "planned uid {planned}, found {found}",
        "make a new plan",
    ),
    "stand.changed": (
        "the template of the new side's workload was changed since the plan was made; nothing was changed by the run",
        "",
        "make a new plan",
    ),
    "deploy.not-ours": (
        "an object of this name exists and migrator did not make it; nothing was changed",
        "uid {uid}, label {label} is not {manager}",
        "choose another target name, or remove the object, and plan again",
    ),
    "ready.deadline": (
        "{missing} of {wanted} nodes have no Ready pod after {deadline:seconds}",
        "{reasons:parts}",
        "see `kubectl describe` for these pods; traffic is all on the old side",
    ),
    "ready.deadline:pods": ("{missing} of {wanted} pods are not Ready after {deadline:seconds}",),
    "ready.hopeless": (
        "a pod of {workload}[ on {node}] will not become Ready by waiting",
        "{trouble}",
        "fix what the evidence names, then `migrator resume`; traffic is all on the old side",
    ),
    "config.not-equal": (
        "{differences:count difference} to the old side's configuration",
        "{differences:lines}",
        "make the configurations equal (labels, Services, EnvoyFilters), then `migrator resume`; no traffic moved",
    ),
    "config.not-equal:old-apart": (
        "{differences:count difference} to {reference}, and the old gateways differ among themselves",
        "{differences:lines}\n{old:lines}",
        "look first at why the old gateways differ; then `migrator resume`; no traffic moved",
    ),
    "config.not-equal:no-reference": (
        "no old gateway is settled, so nothing can be compared with them",
        "{gateways:lines}",
        "fix what these gateways name (a rejected update, a certificate that is missing, silence), "
        "then `migrator resume`; no traffic moved",
    ),
    "config.not-equal:warming": ("still warming up: {why}", ""),
    "config.not-equal:not-compared": ("its configuration has not been compared yet", ""),
    "config.not-equal:unheard": ("the logs of its gateways have not been read for warnings yet", ""),
    "config.not-equal:rejected": (
        "its log says that it rejected the configuration that it was sent",
        "{count:count warning} in the last {seconds:seconds}[, the last at {last} UTC]",
        "`kubectl logs` of this pod says which object is wrong: mend it, wait until the warning is older than "
        "{seconds:seconds}, then `migrator resume`; no traffic moved",
    ),
    "config.not-equal:silent": ("has not answered our own request", "{failure}"),
    # The side that gains traffic.
    "attach.not-fit": (
        "backend is not ready for traffic: {why}",
        "{why}",
        "see whether the balancer's health checks reach the node's port; `migrator resume` asks again",
    ),
    "attach.nobody": (
        "no old pod is alive behind this listener, so traffic cannot go back to the old side",
        "no old pod",
        "start an old pod (see the Deployment's replicas and events), then `migrator resume`; weights stay as they are",
    ),
    "gateway.short": (
        "{serving} of {wanted} new gateways are serving",
        "not Ready on: {nodes:list}",
        "see `kubectl describe` for the others; the run goes on by itself once they are Ready, or `migrator rollback`",
    ),
    "gateway.short:replicas": (
        "{serving} of {wanted} new gateways are serving",
        "{lacking:count replica} {lacking:choose is|are} not Ready",
    ),
    "gateway.short:left": (
        "{serving} of {wanted} new gateways are serving",
        "gone from the cluster: {nodes:list}",
        "add a node with the labels of `target.nodeSelector`: it is taken up by itself; or `migrator rollback`",
    ),
    "gateway.replaced": (
        "a new backend leads to no Ready pod any more: the pod was replaced after it had been registered",
        "{pods:count pod} of {workload}",
        "the run waits for a pod there; if none comes, `migrator rollback`, then plan again. Weights stay as they are",
    ),
    "old.nobody-fit": (
        "the balancer calls no old backend healthy, so traffic cannot go back to the old side",
        "{old:count old backend}, {new:count new backend}",
        "fix one old gateway, then `migrator resume`; weights stay as they are",
    ),
    "backend.not-healthy": (
        "has weight {weight} but the balancer calls it {health}",
        "the plan waits {patience:seconds}",
        "see the balancer's health check, then `migrator resume`, or `migrator rollback`",
    ),
    "renew.unfit": (
        "the new gateway was not ready for traffic in time: {why}",
        "",
        "see `kubectl describe` and its logs; the former revision comes back, and nothing was sent to this one",
    ),
    "backend.unhealthy": (
        "the balancer calls {backends:count new backend} with weight unhealthy",
        "{backends:few 5}",
        "see these gateways; the old side carries the traffic again",
    ),
    # Weights and shares.
    "weights.foreign-hand": (
        "{change}",
        "",
        "a weight was changed outside this run: find out who writes weights (a cloud controller, a colleague) and stop it; "
        "then `migrator resume` or `migrator rollback`",
    ),
    "weights.no-safe-write": (
        "no write is safe: whichever weight is lowered next, a listener could be left without a healthy backend",
        "{left:count weight} {left:choose is|are} still to be set",
        "see the balancer's health checks, then `migrator resume`; weights stay as they are",
    ),
    "share.not-achieved": (
        "the share has not arrived at the gateways",
        "{doubt}",
        "see whether the balancer's scheduler honours weights (session persistence?), then `migrator resume`",
    ),
    "rehearse.slow": (
        "taking the weights back took {took:number .1f} s",
        "the plan allows {limit:number g} s",
        "see what the balancer's API takes so long for, or allow more in traffic.rehearse; all traffic is on old",
    ),
    "side.still-weighted": (
        "{backends} {side} {backends:choose backend has|backends have} weight again; nothing with weight is drained or removed",
        "weight {weight}",
        "find out who raised it, set it to 0, then `migrator resume`, or `migrator rollback`",
    ),
    "rollback.not-as-recorded": (
        "{backends:count old backend} without the recorded weight",
        "{rows:few}",
        "an old pod may have been replaced meanwhile; compare, then `migrator resume`",
    ),
    # Turning back.
    "rollback.asked": ("{by} asked for a rollback[: {note}]", "{note}"),
    "judge.abort": (
        "{reason}",
        "{source:word source}",
        "see the named gateways; the old side carries the traffic again",
    ),
    "ask.expired": (
        "nobody has answered the run's question within {after:seconds}, and the plan sends it back then",
        "{question}",
        "the old side carries the traffic again; plan anew when somebody is there to answer",
    ),
    "gate.no-yes": (
        "the plan's webhook has given no yes within {patience:seconds}, and the plan sends the run back then",
        "{why}",
        "see why the webhook said no, or nothing; then plan anew",
    ),
    "hook.no-success": (
        "the hook {hook} has not succeeded within {patience:seconds}, and the plan sends the run back then",
        "{why}",
        "see why the hook did not succeed; then plan anew",
    ),
    "judge.no-data": (
        "nobody could say for {blind:number .0f} s how the new side is doing",
        "{reason}",
        "see the scrape and Prometheus; the old side carries the traffic again",
    ),
    "witness.refused": (
        "{refusals} new connections in a row through the balancer ({error}) were not answered; {answered} had been answered "
        "before",
        "{error}",
        "see `migrator report`; the old side carries the traffic again",
    ),
    "witness.refused:never": (
        "{refusals} new connections in a row through the balancer ({error}) were not answered; none had been answered since "
        "this process began: is the address right?",
    ),
    # Writes and other systems.
    "write.refused": ("{why}", "", "fix what the message names, then `migrator resume`, or `migrator rollback`"),
    "system.refused": ("{why}", "", "fix what the message names, then `migrator resume`, or `migrator rollback`"),
    "write.keeps-failing": (
        "{failures} writes of this step failed in a row",
        "",
        "see `migrator events`; fix the cause, then `migrator resume`",
    ),
}

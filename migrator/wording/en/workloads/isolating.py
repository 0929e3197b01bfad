"""English: what is said of a pod that is set apart from its workload, and of one that is put back."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Names of the steps, and what they cost.
    "step.set-aside": "Set {pod} aside",
    "step.empty": "Empty {pod}",
    "step.let-go": "Let {pod} go",
    "step.take-over": "Another takes over",
    "step.put-back": "Put {pod} back",
    "step.bring": "Give {pod} its weight",
    "step.end-pod": "Delete {pod}",
    "step.take-off": "Take off what is left",
    "step.unmark": "Take the mark off {pod}",
    "step.keep-apart": "Keep {pod} for a look",
    "estimate.empty": "tell {pod} to drain, and count its connections",
    "estimate.bring": "register at weight 0, wait for the balancer's health check, give the weight",
    "estimate.take-off": "take the rows of pods that are gone off the balancer",
    "rests.isolating": "nothing is changed meanwhile: the pod stays as it is",
    # Weight 0, and drained.
    "aside.mark": "mark {pod}",
    "aside.zero": "take the weight of {pod}",
    "aside.last-one": "{backend} keeps its weight: nobody else carries behind its listener",
    "aside.settling": "waiting for the balancer's data plane",
    "aside.done": "no new connection is sent to {pod}",
    "empty.tell": "tell {pod} to drain",
    "empty.waiting": "{connections:count connection} {connections:choose is|are} left on {pod}",
    "empty.done": "{pod} has no connection any more",
    "empty.left": "{connections:count connection} {connections:choose stays|stay} with {pod}, "
    "and {connections:choose ends|end} when it does",
    "empty.ask": "{pod} still has {connections:count connection} after {timeout:seconds}. Go on, and leave them connected "
    "to it? They end when it does.",
    # Out of the workload.
    "let-go.labels": "take the labels by which {pod} is chosen",
    "let-go.owned": "the controller still owns {pod}",
    "let-go.listed": "{slices:few} still {slices:choose lists|list} {pod}",
    "let-go.none-yet": "{workload} has not made another pod yet",
    "let-go.unready": "{ready} of {wanted} pods are Ready[: {trouble}]",
    "let-go.pending": "no controller owns it, no Service leads to it; [{pods:few} ]waits for the ports of its node",
    "let-go.replaced": "no controller owns it, no Service leads to it; "
    "{ready:count pod} {ready:choose is|are} Ready without it",
    "bring.register": "register {backends:few} at weight 0",
    "bring.raise": "give {backends:few} weight",
    "bring.waiting": "{backend} is not proved yet[: {why}]",
    "bring.done": "{rows:count row} {rows:choose has its|have their} weight",
    "take-over.done": "the pod that came has the weight of the others",
    # Back, or ended.
    "put-back.tell": "tell {pod} to keep serving",
    "put-back.unready": "{pod} is not Ready, and its controller would delete it first",
    "put-back.labels": "give {pod} its labels again",
    "put-back.waiting": "the controller has {pods:count pod} and wants {wanted}",
    "put-back.done": "{pod} is its controller's again",
    "end-pod.delete": "delete {pod}",
    "end-pod.ending": "{pod} is ending",
    "end-pod.done": "{pod} is gone",
    "take-off.remove": "take {backends:few} off",
    "take-off.done": "no row of the balancer leads to a pod that is gone",
    "unmark.take": "take the mark off {pod}",
    "unmark.done": "{pod} has no mark",
    # Kept on a way back.
    "keep-apart.let-go": "set {pod} apart, so that it stays for a look when its side is removed",
    "keep-apart.done": "{pod} is kept for a look: no controller owns it, and it is off the balancer; "
    "`migrator release {pod} --plan {run} --delete` removes it",
    "keep-apart.gone": "{pod}, the worst gateway, is gone: nothing is kept for a look",
    "keep-apart.refused": "{pod} is not kept for a look: the cluster did not take the change of its labels",
    "keep-apart.has-rows": "{pod} is not kept for a look: {backends:few} {backends:choose leads|lead} to it still",
    "step.spared": "left out: it was not done within {patience:seconds}, and the way back does not wait for it[: {why:list}]",
    "keep.two-clusters": "the sides are in two clusters, and setting pods of such a gateway apart is not built",
    "keep.existing": "{workload} is somebody else's and stays after the way back: "
    "`migrator isolate POD` sets a pod of it apart then",
    "keep.controlled": "a cloud's controller registers the pods at this {provider} balancer: nobody here can keep one off it",
    "keep.ports-undeclared": "{workload} has its nodes' network and would declare no port: its controller would start another "
    "pod beside the one that is kept",
    "keep.raises-itself": "the container {container} of {workload} gives its pod's row weight by itself",
    "keep.chosen-anyway": "a pod of {workload} is chosen without any label, so none that is taken frees it",
    # Before the question.
    "isolate.outline": "Pod {pod} of {workload}.\n{burdens:lines}\n{labels:lines}\n{follows}\nThe steps: {steps:list}.",
    "isolate.burden": "Behind {listener} {now:count gateway} {now:choose carries|carry} now, {then} without it: each of those "
    "gets {grows:percent .0f} more than now.",
    "isolate.labels": "It loses the labels {labels:list}, and so {leaves:list} {leaves:choose does|do} not choose it any more.",
    "isolate.loses": "{objects:list} {objects:choose configures|configure} it by these labels and will no longer: connections "
    "that it still has may end, and what you look at is no longer the configuration that it served with.",
    "isolate.unlisted": "We may not list {kinds:list}: nobody has seen whether these labels are used there.",
    "isolate.follows": "{workload}'s controller gives it up (its ownerReference goes) and makes another pod at once; "
    "that one gets the others' weight when it is proved. The one set apart keeps running.",
    "isolate.follows-daemon": "{workload}'s controller gives it up (its ownerReference goes) and makes another pod for the "
    "node at once; that one stays Pending, for the ports are taken. The node stays at weight 0 until one of the two is gone.",
    "isolate.ask": "Set {pod} apart?",
    "isolate.then": "{pod} runs on without traffic. Look at it: `kubectl exec -it -n {namespace} {pod} -- sh`. Afterwards "
    "`migrator release {pod} --plan PLAN`, with the plan that you gave, puts it back; with --delete it is deleted.",
    "release.then": "{pod} serves again. If `migrator follow` looked after the gateway, start it again.",
    "release.then-ended": "{pod} is gone. `kubectl get pods -A -l migrator.dev/isolated` lists who is still set apart. If "
    "`migrator follow` looked after the gateway, start it again.",
    "release.ask": "Do so with {pod}?",
    "release.labels": "It gets the labels {labels:list} again.",
    "release.makes-room": "It comes back as one too many, so room is made first: {pod} loses its weight, is drained, "
    "and is the one that the controller deletes.",
    "release.one-waits": "Nobody has to make room: the pod that {workload}'s controller deletes has no traffic.",
    "release.ends": "{pod} is deleted once it has no connection.",
    # Refused.
    "isolate.two-clusters": "The plan file has two clusters, and a pod is set apart in its own. Nothing was changed. In a copy "
    "of the file, leave out `source.cluster` and `target.cluster`, and write `{new}` in `spec` for a pod of the new side, or "
    "`{old}` for one of the old side: name that copy by `--plan`.",
    "isolate.no-pod": "There is no pod {pod} in namespace {namespaces:or}.[ Set apart there: {isolated:list}.]"
    " Nothing was changed. `kubectl get pods` lists what there is.",
    "isolate.not-of-gateway": "{pod} is no pod of {workloads:or}, which the plan is about."
    " Nothing was changed. Name one of its pods, or the plan file of the gateway that it belongs to.",
    "isolate.already": "{pod} has no controller: it is set apart already, or was never a workload's. Nothing was changed. "
    "`migrator release {pod}` puts back what migrator has set apart.",
    "isolate.refused": "{pod} is not set apart, and nothing was changed:\n{reasons:lines}",
    "isolate.controlled": "  behind {provider} the cloud's controller registers the pods and would undo what we write: take "
    "a label off the pod by which its Service chooses it (`kubectl label pod -n {namespace} {pod} KEY-`), and the controller "
    "takes it off the balancer",
    "isolate.not-by-row": "  behind {provider} weights are a target group's, and a single pod has none: take it out of its "
    "group by hand (`aws elbv2 deregister-targets`)[, that is {rows:few},] look at it, and register it again",
    "isolate.ports-undeclared": "  {pod} has its node's network and declares no port, so the pod that {workload} makes in its "
    "place would start beside it, and Envoy would share the port with it: declare the ports in the template first",
    "isolate.rolling": "  {workload} is rolling out; wait until it has settled",
    "isolate.many-pods": "  {pod} has no row of its own; {rows:few} {rows:choose leads|lead} to any pod, so its traffic "
    "cannot be taken away by weight; look at it while it serves (`kubectl exec`)",
    "isolate.raises-itself": "  the container {container} of {workload} gives its pod's row weight by itself; take it out "
    "first, or let it wait for a follower's word (`migrator harden --image IMAGE --by follower`)",
    "isolate.budget": "  the PodDisruptionBudget {budget} allows no pod to go now; add a replica first, or wait "
    "until all are Ready",
    "isolate.chosen-anyway": "  {pod} is chosen without any label, so none that is taken frees it; give whoever chooses it a "
    "selector first",
    "isolate.last-one": "  nobody else carries behind {listener}; add a gateway first",
    "isolate.floor": "  behind {listener} {idle} of {rows} gateways carry nothing already; that is as many as "
    "`follow.maxZeroed` allows at a time; look at one of those, or wait until they carry again",
    "release.not-isolated": "{pod} carries no mark of migrator: it was not set apart by `migrator isolate`. "
    "Nothing was changed.",
    "release.refused": "{pod} is not put back, and nothing was changed:\n{reasons:lines}",
    "release.no-workload": "  {workload}, to which it belonged, is gone, so there is nothing to put it back into; "
    "delete the pod (--delete)",
    "release.rows-of-others": "  its mark says that {rows:few} {rows:choose was its row|were its rows}, and now none of its "
    "own is among them: it has another address, or somebody wrote the mark; delete the pod (--delete)",
    "release.last-one": "  to make room {pod} would have to lose its weight, and nobody else carries behind {listener}; "
    "add a replica first, or delete the isolated pod (--delete)",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "isolate.pod-gone": (
        "{pod} is gone; whoever deleted it, there is nothing to set apart or put back any more",
        "",
        "`migrator cancel`, or roll this run's end by hand: look at the weights of its rows",
    ),
    "isolate.shares-port": (
        "{other} is Ready on the same node and shares the port with the pod that was set apart",
        "",
        "the node is at weight 0 and stays so; delete one of the two (`migrator release` with --delete)",
    ),
    "isolate.not-replaced": (
        "the controller has not done what it does with a pod that lost its labels",
        "{why}",
        "look at the workload's events, then `migrator resume`; the pod has no traffic",
    ),
    "isolate.not-adopted": (
        "the controller has not taken the pod back",
        "{why}",
        "look at the workload's events, then `migrator resume`; the pod has no traffic",
    ),
    "isolate.has-weight": (
        "{backends:few} of {pod} {backends:choose has|have} weight again, so {pod} is left as it is",
        "somebody has put it back, or has written the weight by hand, since this run set it aside",
        "type the command again: it looks anew, asks, and begins with the weight",
    ),
    "isolate.no-room": (
        "{pod} would be one too many, and the pod that the controller deletes for it would have traffic",
        "other pods are there than when this run began",
        "type the command again: it looks anew, asks, and makes room; {pod} has no traffic",
    ),
    "isolate.not-proved": (
        "a backend has not been proved, so it has no weight",
        "{why}",
        "look at the pod behind it, then `migrator resume`; the others carry the traffic",
    ),
}

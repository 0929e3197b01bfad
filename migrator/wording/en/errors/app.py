"""English: why the application refuses what was asked, in planning, running, following nodes and calibrating."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Plans, and plans saved in files.
    "plan.silent": "{why} Nothing was changed: this was only a look, and traffic stays as it is. Repeat "
    "the command when it answers.",
    "plan.refused-to-look": "{why} Nothing was changed: this was only a look, and traffic stays as it is. "
    "Fix that, then repeat the command.",
    "plan.blocked": "Plan {plan} has {findings:count blocking finding} ({codes}). Nothing was changed. Fix what they say and "
    "plan again, or waive a code with a reason in the plan file.",
    "plan.world-moved": "The cluster or the balancer has changed since plan {plan} was made, so the plan does not fit any "
    "more. "
    "Nothing was changed by this command.\n{moved:lines}\nTraffic stays as it is. {by}",
    "moved.by-others": "No run of this store did that: see who changed it (a colleague, a controller, a run of another store); "
    "then make a new plan with `{again}`.",
    "moved.by-run": "Run {run} ({name}) of this store did that: it changed this gateway meanwhile and is {state:word "
    "state}, since "
    "{at}. `migrator report {run}` says what it did; `{again}` makes a new plan.",
    "moved.by-completed": "Run {run} ({name}) of this store did that: it has moved this gateway meanwhile, completed at "
    "{at}, and "
    "its new side serves. `migrator report {run}` says how it went; `migrator plan --reverse {run}` plans the way back; for "
    "another move, `migrator plan FILE` looks anew.",
    "plan.carried-out": "Plan {plan} was carried out already: its run {run} completed at {at}, and the new side serves. "
    "Nothing "
    "was changed. `migrator report {run}` says how it went; `migrator plan --reverse {run}` plans the way back; for "
    "another move, "
    "`migrator plan FILE` looks anew.",
    "plan.reverse-carried-out": "Plan {plan} was carried out already: its run {run} completed at {at}. Nothing was changed. "
    "`migrator report {run}` says how it went; for another move, `migrator plan FILE` looks anew.",
    "plan.went-back": "This plan was carried out before: run {run} went back at {at}, and the old side serves as it did. "
    "`migrator report {run}` says why; fix that first",
    "load.no-address": "Nobody knows the balancer's address, so nothing was sent. Write loadBalancer.address in the plan file.",
    "load.no-listener": "The plan has no listener {listener}; it has {there:list}. Nothing was sent."
    " Name one of those.",
    "load.failed": "The clients ended without an account[: {words}]. What they had sent by then is not known.",
    "checklist.not-written": "{file} cannot be written: {why}. Nothing was ticked; traffic is untouched.",
    "plan.not-written": "The plan was not written to {file}: {why}. Traffic is untouched, and plan {plan} is in the store: "
    "`migrator run {plan}` carries it out.",
    "plan.file-too-large": "{file} is too large to be a saved plan. Nothing was changed."
    " Name a file that `migrator plan -o` wrote.",
    "plan.file-unreadable": "{file} cannot be read: {why}. Nothing was changed.",
    "plan.file-changed": "{file} was changed after it was saved. Nothing was changed by this command. Plan again, and run "
    "that plan.",
    "plan.file-of-other-version": "{file} was made by another version of migrator[ ({maker})][, in format {format}], and this "
    "version ({ours}) cannot read it. Nothing was changed. Plan again with this version, and run that plan.",
    "plan.file-not-saved-plan": "{file} is a plan file, not a saved plan. Nothing was changed. First `migrator plan {file}`, "
    "which shows and saves the plan; then `migrator run`.",
    # Waivers of the command line.
    "waive.without-reason": "{codes:count code} {codes:choose is|are} to be waived and {reasons:count reason} "
    "{reasons:choose is|are} given. Nothing was changed. Say --reason TEXT after each --waive CODE; the plan keeps both.",
    "waive.unknown-code": "--waive {code}: {why} Nothing was changed, and nothing was waived.",
    # A plan back from a completed run.
    "reverse.of-follower": "Run {run} ({name}) moved no gateway, so there is no way back to plan from it. Nothing was changed, "
    "and no plan was made. Name the run that moved the gateway; `migrator list` shows the runs.",
    "reverse.not-completed": "Run {run} ({name}) is {state:word state}, not completed: {instead}. Nothing was changed, and no "
    "plan was made.",
    "reverse.went-back": "it went back, so the old side serves already",
    "reverse.never-began": "it never began, so the old side serves as it did",
    "reverse.roll-back": "its old side is still there: `migrator rollback {run}` goes back, by the same route",
    "reverse.of-reverse": "Run {run} ({name}) cannot be reversed: it is a way back itself. Nothing was changed, and no plan "
    "was made. Go forward again with `migrator plan FILE`.",
    "reverse.handed-over": "Run {run} ({name}) cannot be reversed: {object} was handed over to you with its owner, and only "
    "the owner makes it. Nothing was changed, and no plan was made. Let its owner make it again, and plan the other way with "
    "`target.existing`.",
    "reverse.led-over": "Run {run} ({name}) cannot be reversed: the old pods held the host ports that the new ones have now, "
    "and the way back would need the same detour. Nothing was changed, and no plan was made. Print the old "
    "workload with `migrator manifests`, and apply it without host ports or on other nodes.",
    "reverse.no-manifest": "Run {run} ({name}) cannot be reversed: its plan {plan} holds no manifest of {object}. Nothing was "
    "changed, and no plan was made. Apply the workload by hand, and move the backends with a plan of your own.",
    "reverse.weights-of-groups": "Run {run} ({name}) cannot be reversed: its balancer gives weights to groups, and the plan "
    "does not say in which one the old backends of each listener were, or they were in several, on different ports. "
    "Nothing was changed, and no plan was made. "
    "`migrator manifests {run}` prints the old side as it was.",
    "reverse.no-label": "Run {run} ({name}) cannot be reversed: no label of its plan tells the two sides' pods apart, so "
    "traffic would reach the returning ones before their share. Nothing was changed, and no plan was made. "
    "`migrator manifests {run}` prints the old side as it was.",
    # One run per gateway.
    "run.in-progress": "Run {run} ({name}) is in progress on this gateway: {state:word state}, heading {heading}. Nothing was "
    "changed, and nothing was checked: its weights are not the ones to begin with. `migrator status {run}` shows it; end it "
    "with `migrator resume {run}` or `migrator rollback {run}`, then repeat the command.",
    "run.follows-gateway": "Run {run} ({name}) looks after the nodes of this gateway, carried out by {by}: it would "
    "treat the weights of a migration as changes from outside. Nothing was changed, "
    "and nothing began. Stop that "
    "process first (Ctrl-C or SIGTERM); `migrator follow` goes on with it afterwards.",
    "lease.is-held": "Lease {lease} is held by {by} until {until}",
    "lease.was-held": "Lease {lease} was held by {by} until {until}, and was not given back",
    "lease.of-other-store": "{lease}: that run moves this gateway, or was left half-way. Nothing was changed. End it in its "
    "own store, with `migrator resume` or `migrator rollback` there; pausing or leaving it does not free the Lease. If that "
    "store is lost, `migrator adopt {namespace}/{gateway}` takes the run over. Only if it finds no record: look at the "
    "balancer's weights and set them as they are to stay, then take over deliberately with "
    "`kubectl [--context {context} ]-n {namespace} delete lease {name}`, and plan anew.",
    "lease.gateway-taken": "Run {run} ({name}) of this store has this gateway: it {doing} ({state:word state}[, carried out by "
    "{by}]). Nothing was changed by this command. {then}",
    "taken.wait": "Wait until it has ended, and leave its Lease alone: `migrator status {run} --watch` shows it.",
    "taken.end-it": "Nobody carries it out: `migrator resume {run}` goes on with it; `migrator rollback {run}` goes back; "
    "`migrator status {run}` shows it. Leave its Lease alone.",
    "doing.moves": "moves it to its new pods",
    "doing.goes-back": "leads it back to how it was",
    "doing.restarts": "restarts its pods, node by node",
    "doing.sets-apart": "sets a pod of it apart",
    "doing.puts-back": "puts a pod back that was set apart, or ends it",
    "doing.follows": "looks after its nodes",
    # Taking over a run whose store is lost.
    "guard.restart": "Run {run} ({name}) restarts a DaemonSet: no guard takes it back, for its way back ends pods one after "
    "another, which somebody has to see. Nothing was changed. Nodes that are out stay at weight 0 and the others carry the "
    "traffic; `migrator adopt {gateway}` takes the run over, then `migrator resume` or `migrator rollback` goes on.",
    "guard.holds": "The plan of run {run} ({name}) says `onSilence: {{then: hold}}`: no guard takes it back. Nothing "
    "was changed.",
    "judge.no-past": "The plan names no Prometheus (spec.judge.prometheus), so nobody knows the past."
    " Nothing was asked. Write spec.judge.prometheus, and plan again.",
    "judge.no-moment": "{option} is a moment with its offset, like 2027-01-24T10:00+08:00, or how long ago, like 6h; "
    "not '{given}'."
    " Nothing was asked. Write it like that.",
    "judge.no-percent": "{option} is a percentage with its sign, from 0% to 100%, like 0.1%; not '{given}'."
    " Nothing was asked. Write it like that.",
    "judge.limits-crossed": "The limit to hold ({hold:number g} %) must not be above the one to abort ({abort:number g} %)."
    " Nothing was asked. Give a lower --hold or a higher --abort.",
    "judge.moments": "That is {looks:count moment}; between 2 and {most} can be judged. Choose other --from, --to or "
    "--every.",
    "adopt.no-gateway": "{given} names no gateway: NAMESPACE/NAME is the namespace, and the workload that is moved. Nothing "
    "was changed."
    " Say it like istio-gateways/istio-ingressgateway.",
    "adopt.no-record": "There is no record of a run of {namespace}/{gateway} (ConfigMap {name}): no run moves it, or a version "
    "that kept none began it. Nothing was changed. `migrator plan FILE` finds what such a run has left, and says how to "
    "undo it.",
    "adopt.ended": "Run {run} ({name}) of {namespace}/{gateway} has ended, and only its record was left: there is nothing to "
    "take over, and nothing was changed. `kubectl -n {namespace} delete configmap migrator-{gateway}-run` takes the record "
    "away.",
    "adopt.in-store": "Run {run} ({name}) of this store moves that gateway ({state:word state}): there is nothing to take "
    "over. Nothing was changed. `migrator status {run}` shows it.",
    "adopt.other-format": "The record of the run is of a format ({format}) that this version does not know. Nothing was "
    "changed. Take the run over with the version that began it.",
    "adopt.unreadable": "The record of the run in the cluster cannot be read ({what}: {why}). Nothing was changed.",
    "adopt.not-whole": "The record of the run in the cluster is not whole: {name} was changed or removed. Nothing was changed "
    "by this command. The originals of what the run changed are in the annotation migrator.dev/guard of each object; "
    "`migrator plan FILE` shows them.",
    "adopt.edited": "The record of the run in the cluster is damaged: {name} was changed by somebody else since "
    "migrator wrote it, "
    "so nobody knows where the run stands. Nothing was changed by this command. Where the run's store is, `migrator "
    "resume` or "
    "`migrator rollback` goes on, and writes the record again. If that is lost, `migrator plan FILE` shows what the run has "
    "left, and how to undo it.",
    "adopt.values-lost": "The record leaves the values of environment variables out, and no live workload has those of "
    "{variables}. Nothing was changed. Bring the workload back first, then repeat the command.",
    # Runs, and what is asked of them.
    "run.not-begun": "{why} The run did not begin; nothing was changed.",
    "run.ended": "Run {run} ({name}) has ended: {state:word state}. Nothing was changed; plan anew to go on.",
    "run.held-by": "Run {run} is carried out by {by}. Nothing was changed. `migrator status {run} --watch` shows it.",
    "run.several": "{runs:count run} go on, and nobody has said which is meant: {runs:list}. Nothing was changed. Name one: "
    "put its number behind the command.",
    "run.shown-of-several": "This is run {shown}. Others go on too: {others:list}. Put a number behind the command to see "
    "another.",
    "run.of-several": "{run} ({name}, {state:word state})",
    "run.none-yet": "There is no run yet. `migrator plan FILE` makes a plan, `migrator run` carries it out.",
    "request.too-late": "Run {run} ({name}) has ended: {state:word state}. There is nothing to {request:word ask}; nothing was "
    "changed. {instead}",
    # What to type instead of a rollback.
    "instead.reverse": "Its old side is gone: `migrator plan --reverse {run}` plans the way back to it, or says why there is "
    "none; `migrator manifests {run}` prints the old workload.",
    "instead.forward-again": "It was a way back itself: `migrator plan FILE` plans the way forward again.",
    "instead.restart": "`migrator restart` with the former image takes it back.",
    "instead.went-back": "It went back already; `migrator report {run}` says why.",
    "instead.never-began": "It never began, so there is nothing to take back.",
    "instead.pause-follower": "`migrator pause {run}` stops its writes; `migrator manifests` of the run that it follows prints "
    "the old workload.",
    "instead.release": "`migrator release` puts the pod back.",
    "instead.isolate": "`migrator isolate` sets the pod apart again.",
    "request.see-report": "`migrator report {run}` tells what it was.",
    "request.no-way-back": "Run {run} ({name}) {doing}, so it has no way back. Nothing was changed. {instead}",
    "request.same-person": "Run {run} ({name}) was begun by {starter}, and its plan wants a yes from somebody else "
    "(spec.gates.approver). Nothing was changed."
    " Let somebody else type `migrator approve {run}`.",
    "request.nothing-to-approve": "Run {run} ({name}) is {state:word state} and asks nothing, so there is nothing to approve. "
    "Nothing was changed. `migrator status {run}` shows what it does.",
    # Looking after the nodes of a completed run.
    "follow.only-printed": "{options:and} {options:choose says|say} something of manifests, and none are printed without "
    "--print-manifests. Nothing was done.",
    "follow.still-going": "Run {run} ({name}) is {state:word state}: it goes on, so there are no nodes to look after yet. "
    "Nothing was changed. `migrator status {run}` shows it.",
    "follow.never-took-over": "Run {run} ({name}) is {state:word state}: it never put the new side in place, so there are no "
    "nodes to look after. Nothing was changed. `migrator status {run}` shows it.",
    "follow.not-ours": "The plan of run {run} ({name}) does not say after: migrator[ (it says after: {after})], so somebody "
    "else looks after its nodes, and two would fight. Nothing was changed. docs/checks.md (after.manual) has the procedure for "
    "people.",
    "follow.file-not-ours": "The plan file of {name} does not say after: migrator[ (it says after: {after})], so somebody else "
    "looks after its nodes, and two would fight. Nothing was changed. Where nobody else does, say `after: migrator` in "
    "the file.",
    "follow.file-target-gone": "{object}, which the plan file of {name} names, is not there: there are no nodes to look after. "
    "Nothing was changed. `migrator plan` and `migrator run` bring a gateway there.",
    "follow.no-port": "Which port of the nodes is the gateway's behind listener {listener} cannot be told[ (there are "
    "{ports:list})]: backendPort in loadBalancer.listeners says it. Nothing was changed.",
    "follow.of-restart": "Run {run} ({name}) restarted a gateway: name the run that put it in place, or a plan file. Nothing "
    "was changed.",
    "reverse.of-restart": "Run {run} ({name}) restarted a gateway: there is no way back to plan from its end. Nothing was "
    "changed. `migrator restart` with the former image takes it back.",
    "follow.of-file": "Run {run} ({name}) looks after the gateway of a plan file: `migrator follow FILE` goes on with it. "
    "Nothing was changed.",
    "follow.none-completed": "There is no completed run whose plan says after: migrator. Nothing was changed. `migrator list` "
    "shows the runs.",
    "follow.target-gone": "{object}, which run {run} left in place, is not there any more: there are no nodes to look after. "
    "Nothing was changed."
    " `migrator plan` and `migrator run` bring a gateway there.",
    "follow.raises-itself": "The container {container} of {object} gives its pod's row weight by itself, before anybody has "
    "proved the pod. Nothing was changed. Let it mind the gateway's Lease (`migrator harden --image IMAGE --plan FILE` prints "
    "it anew), let it wait for a follower's word (`--by follower`), or take it out.",
    "follow.controlled": "Behind {provider} the cloud's controller registers and removes the gateways' pods: that is "
    "after: controller. Nothing was changed."
    " Say `after: controller` in the plan file; nobody has to follow these nodes.",
    # Calibrating: what may be moved.
    "calibrate.another-goes-on": "Another calibration goes on. Nothing was changed. Wait until it has ended.",
    "calibrate.run-goes-on": "Run {run} ({name}) is {state:word state} on this balancer, and would take a calibration for "
    "somebody else's changes. Nothing was changed. Calibrate before it begins or after it has ended.",
    "calibrate.no-address": "Nobody knows the address that clients dial; `loadBalancer.address` has to say it. Nothing was "
    "changed.",
    "calibrate.listener-of-plan": "Listener {listener} is one of the plan's: real users come in there, and a calibration would "
    "move them. Nothing was changed. Name a listener of its own, with test backends behind it.",
    "calibrate.not-two-backends": "Two --backend of listener {listener} are needed; it has {there:count backend}[ ({there})]. "
    "Nothing was changed.",
    "calibrate.others-have-weight": "Others have weight on listener {listener}: {backends}. Nothing was changed."
    " Name a listener that has the two test backends alone.",
    "calibrate.not-healthy": "The balancer must call both test backends healthy: {backends:parts}. Nothing was changed."
    " Wait until it does, or see its health check.",
    "calibrate.called": "{backend}: the balancer calls it {health}",
    "calibrate.no-weight": "Neither test backend has weight. Nothing was changed. Give at least one of them weight first.",
    "calibrate.no-idle-backend": "The plan's listeners have no idle backend (weight 0) that is fit to answer[: {why:parts}]. "
    "Nothing was changed. Measure on a listener of its own: --listener ID:PORT --backend ADDRESS:PORT --backend ADDRESS:PORT.",
    "calibrate.does-not-answer": "{backend}: {why}",
    "calibrate.backend-silent": "{backend} does not answer us directly: {why}. Nothing was changed.",
    "calibrate.not-told-apart": "{backend} cannot be recognized by its answers ({names:count name}[: {names}]). "
    "Nothing was changed. Let each test backend name itself in a response header, and name that header with --header.",
    "calibrate.nobody-answers": "Nobody answers through the balancer[: {why}]. Nothing was changed.",
    "calibrate.idle-answers": "{backends} {backends:choose has|have} weight 0 and still {backends:choose answers|answer} "
    "requests. Nothing was changed."
    " Wait until the balancer has applied the weight, or name backends that nobody else uses.",
    # Calibrating: the weights.
    "calibrate.weight": "{backend} = {weight}",
    "calibrate.weights-left": "The weights could not all be given back: {why} Set them by hand: {weights}.",
    "calibrate.backends-gone": "{backends} {backends:choose is|are} not on the listener any more.",
    "calibrate.backend-gone": "{backend} is not on the listener any more; it was left alone.",
    "calibrate.set-by-others": "Somebody else set the weight of {backends}; it was left alone.",
    "calibrate.not-raised": "{backend} is {health} and was not raised to {weight}.",
    "calibrate.last-healthy": "{backend} = {weight} would leave listener {listener} without a healthy backend; it was "
    "not sent.",
    "calibrate.write-failed": "The balancer says that the write failed.",
    "calibrate.not-carried-out": "The balancer did not carry out {weight} in time.",
    "calibrate.not-shown": "Reads did not show {weight} in time.",
    "calibrate.command-failed": "`{command}` ended with exit code {exit}[: {text}]",
}

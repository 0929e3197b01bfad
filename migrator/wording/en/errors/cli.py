"""English: why a command cannot be carried out as it was typed."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "usage.try": "Try '{command} {option}' for help.",
    "usage.error": "Error: {why}",
    "usage.no-such-command": "No such command '{command}'. Did you mean {meant:or}?",
    "usage.no-such-option": "No such option: {option}[ (did you mean {meant:or}?)]",
    "usage.missing": "Missing {what}.",
    "usage.not-one-of": "{what} takes one of: {choices:list}.",
    "usage.needs-a-value": "Option '{option}' needs a value.",
    "usage.yes-or-no": "Answer y (yes) or n (no).",
    "usage.file-or-reverse": "Say either a plan FILE or --reverse RUN.",
    "usage.one-pair": "Give a run, or none, and one KEY=VALUE.",
    "failure.defect": "migrator has a defect ({kind}: {message}). It stopped at once and writes nothing more; traffic stays as "
    "it is. `migrator status` shows where the run is, `migrator resume` goes on. To report the defect, repeat the command with "
    "{variable}=1.",
    "failure.not-done": "Nothing was done and nothing was changed. In a script, `--yes` answers a question, and options what "
    "is asked for.",
    "follow.file-not-begun": "Nobody has begun to look after the gateway of the plan file of {name}. Nothing was changed."
    " `migrator follow FILE` begins it.",
    "follow.one-run": "{given} is no file. One run is followed at a time; of plan files there may be several. "
    "Nothing was changed."
    " Give one run, or plan files alone.",
    "follow.same-name": "Two plan files are named {name}; each is a run of its own and needs a name of its own. "
    "Nothing was changed."
    " Write another metadata.name in one of them.",
    "follow.same-gateway": "The plan files of {one} and {other} name the same gateway or the same listener. "
    "Nothing was changed."
    " Leave one of them out.",
    "follow.no-file": "--print-manifests needs the plan FILEs of the gateways to look after. Nothing was changed.",
    "follow.not-begun": "Nobody has begun to look after the nodes of run {run}. Nothing was changed."
    " `migrator follow {run}` begins it.",
    "parity.no-port": "--port needs OLD:NEW, two numbers, not '{given}'. Nothing was read.",
    "parity.unreadable": "{file} cannot be read as a config dump: {why}. Nothing was compared.",
    "parity.no-dump": "{file} is JSON, but no config dump of an Envoy: it has no `configs`. Save what the admin port "
    "answers to `/config_dump?include_eds`. Nothing was compared.",
    "parity.no-pod": "There is no pod {pod}. Give NAMESPACE/NAME, or a file. Nothing was compared.",
    "parity.no-runtime": "runtime and drain settings were left out: a saved dump does not hold them",
    "parity.no-endpoints": "endpoints were left out: one of the two dumps was saved without `include_eds`",
    "option.no-address": "{usage} is needed, not '{given}'. Nothing was changed. See `--help` for an example.",
    "option.no-duration": "{option} is a length of time with units, above 0, like 30s or 10m; not '{given}'. "
    "Nothing was changed."
    " Write it like that.",
    "option.load-detached": "--with-load goes with a run in this process, not with --detach. Nothing was changed.",
    "option.not-together": "--listener goes with two --backend, --fail with --heal and --listener. Nothing was changed.",
    "advice.no-source": "There is no {ref} in the cluster (a run that has completed removes it), so there is nothing to judge. "
    "`migrator plan --reverse RUN` plans the way back; to judge another gateway, name it in spec.source.",
    "parity.different": "DIFFERENT: {count:count difference}",
    "parity.not-settled": "NOT SETTLED: nothing differs, but the new gateway has not taken all of it yet",
    "parity.alike": "ALIKE: no difference that a client would notice",
    "parity.on-side": "not settled on the {side} one: {part}",
    "answers.both": "Compared {questions:count question} of both sides with {asked:count request} in {took:seconds}.",
    "matrix.beyond": "{rows} more were looked at and reach neither side.",
    "matrix.nothing": "No resource chooses the pods of either side; {rows} were looked at.",
    "calibrate.leftover": "An earlier calibration ended and did not restore the weights. Before it they were: {weights}.",
    "calibrate.offer": "On listener {listener}: {what}.",
    "calibrate.in-turn": "its two test backends get weights {weight} and 0 in turn, {rounds} times",
    "calibrate.idle-one": "{backend} is idle and answers; it gets weight 1 and then 0 again, {rounds} times at most. "
    "While it has weight 1, {part:number .2f} % of the new connections of real users go to it",
    "calibrate.pace": "{rate:number g} new connections a second to {address}, for {within:seconds} at most.",
    "calibrate.restored": "The weights now, which are restored whatever happens: {weights:parts}.",
    "calibrate.then-fails": "Then `{fail}` makes {backend} fail its health check, and `{heal}` makes it pass again.",
    "calibrate.ask-restore": "Restore them now?",
    "calibrate.ask": "Do it now?",
    "calibrate.round": "round {number} of {of}",
    "calibrate.gives-back": "giving the weights back",
    "calibrate.makes-fail": "making {backend} fail its health check",
    "calibrate.kept": "The weights are as before. Plans reckon with {settle:seconds} from now on[ (fewer than {few} tries: it "
    "shortens no wait)].",
    "calibrate.not-measured": "Not measured: no weight was taken to 0 in time, or the command was told to stop. The weights "
    "are as before.",
    "calibrate.exact": "exact to {exact:seconds}; {connections} connections of ours, {unanswered} unanswered",
    "calibrate.fails": "a failing backend: called unhealthy after {noticed}, no connection after {avoided}",
    "calibrate.passes": "when it passes again: called healthy after {forgiven}, first connection after {served}",
    "plan.none-yet": "There is no plan yet. Make one: `migrator plan FILE`.",
    "plan.none-to-run": "There is no plan that was never run. Nothing was changed. Make one: `migrator plan FILE`.",
    "verify.next": "Nothing was saved or changed.[ {blocks:count finding} {blocks:choose blocks|block}: fix it, or waive its "
    "code with a reason.] Next: `migrator plan {file}`.",
    "plan.taken": "Plan {plan} ({name}), the newest that was never run: made {made:seconds} ago by {by}.",
    "plan.several": "Plans of {plans:count gateway} were never run, and nobody has said which is meant: {plans:list}. Nothing "
    "was changed. Name one, as in `migrator run {plan}`.",
    "plan.of-several": "{plan} ({name}[, {older:seconds} older])",
    "plan.of-nodes": "Plan {plan} looks after the nodes of a run that has completed. Nothing was changed. `migrator {command}` "
    "carries it out.",
    "run.not-taken": "The process for run {run} did not take it. Traffic stays as it is and nobody watches the run. Its log is "
    "{file}; `migrator resume {run}` carries it out here.",
    "farewell.one-word": "say either --balancer, whose weight is then set here, or --follower, whose word is waited for",
    "farewell.no-balancer": "--balancer is no `loadBalancer` of a plan file as JSON[: wrong is {paths:list}]",
    "farewell.no-port": "say with --port which port the balancer dials at this gateway: other rows of its address are not "
    "its own",
    "farewell.no-place": "--serves is PORT/PATH, such as 15021/healthz/ready, not {given}",
    "farewell.no-lease": "--lease is NAMESPACE/NAME, such as istio-ingress/migrator-edge, not {given}",
    "farewell.left-half-way": "a run of this gateway was left half-way: nobody knows now who is to have weight. This pod is "
    "not "
    "Ready until the run goes on (`migrator resume`, `rollback` or `adopt`) or its Lease is deleted; no weight was changed",
    "rbac.no-farewell": "The plan puts no container beside the new gateways that sets weights (`target.harden: {{image: IMAGE, "
    "by: balancer}}`): there is nothing to grant. Nothing was changed.",
    "farewell.no-weight": "behind this balancer a gateway has no weight of its own (it is a target group's, or a cloud "
    "controller's): use `migrator follow`, and `migrator harden --by follower`",
    "farewell.no-follower": "the follower did not answer ({error}). The gateway stays for all of its seconds",
    "farewell.follower-unsure": "the follower does not know this gateway, or has not looked lately ({status}). The gateway "
    "stays for all of its seconds",
    "farewell.not-told": "the gateway was not told to let its clients leave ({error}). It is asked again",
}

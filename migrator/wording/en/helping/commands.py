"""English: what the commands say that help to begin."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "init.head": "The plan file of {name}, made by `migrator init`. Next: `migrator verify FILE` says what stands in the way "
    "and changes nothing. `migrator explain KEY` says more of a key. Durations have units (30s, 10m), percentages their sign. "
    "No credential belongs in here: drivers find them in the environment and in the usual files.",
    "init.often": "What is often changed, with what it is when it is not written. Take the mark off what you need.",
    "init.found-source": "Found: a gateway of kind {kind} with {ready:count pod} ready.",
    "init.found-nodes": "Found: {chosen} of {nodes:count node} would get a new gateway.",
    "init.listener": "{listener} has {backends:count backend}",
    "init.listeners": "Found: {rows:list}.",
    "init.balancer-silent": "The balancer could not be asked: {why}",
    "init.candidate": "  {name}: kind {kind}, {ready:count pod} ready",
    "init.named": "Service {service} names the balancer {id} (provider {provider}).",
    "init.ask-source": "Which Deployment or DaemonSet serves today (NAMESPACE/NAME)?",
    "init.ask-target": "Name of the DaemonSet to be?",
    "init.ask-nodes": "Which nodes get a gateway? Labels like node-role=gateway, with commas; nothing means all {nodes}.",
    "init.ask-provider": "Whose balancer is it? {known:list}",
    "init.ask-balancer": "The balancer's id?",
    "init.ask-region": "Its region, if its provider has regions?",
    "init.ask-listeners": "Its listeners that lead to this gateway, with the ports that clients dial (lbl-80=80 lbl-443=443)?",
    "init.ask-endpoint": "The address of the provider's API, if it is not the public one (nothing: the public one)?",
    "init.ask-ports": "Ports that the new gateway listens on, where they differ from the old one's (8080=80 8443=443; nothing: "
    "the same)?",
    "init.ask-option": "Which setting of the driver (KEY=VALUE)?",
    "init.ask-address": "The address that clients dial? The balancer cannot say it.",
    "init.ask-probe-host": "A host name whose answer comes from a route of the gateway (nothing: none)?",
    "init.ask-after": "Who registers nodes that come after the run: controller (a cloud controller), migrator "
    "(`migrator follow`) or manual (people)?",
    "init.missing": "Nobody can be asked here, and these options are missing: {options:list}. Nothing was written. "
    "Give them, or type the command on a terminal.",
    "init.no-source": "There is no {refs:or} in the cluster. Nothing was written. "
    "`kubectl get deployments,daemonsets -A` lists what there is.",
    "init.which-kind": "There are a Deployment and a DaemonSet {name}. Nothing was written. Say which: --source "
    "KIND/NAMESPACE/NAME.",
    "init.which-source": "Several workloads look like gateways: {found:list}. Nothing was written. Name one with --source.",
    "init.no-pair": "{usage} is needed, not '{given}'. Nothing was written. `migrator init --help` has examples.",
    "init.file-there": "{file} is there already. Nothing was written. Name another file with -o, or replace it with --force.",
    "init.not-written": "{file} cannot be written: {why}.",
    "retro.head": "The judge over the past, from {begin} to {end}, every {every:seconds}, by Prometheus alone:",
    "retro.bars": "With {own:choose the plan's limits|other limits}: hold above {hold:percent}, abort above {abort:percent}, "
    "windows of {window:seconds}",
    "retro.looks": "{ruling:word ruling} {count}",
    "retro.stretch": "{ruling:word ruling}: {reason}",
    "retro.back": "A run would have turned back at {at}.",
    "retro.no-back": "No run would have turned back.",
    "guard.listens": "Run {run} ({name}) is carried out by {driver}. Without a further sign of it the run is taken back in "
    "{left:seconds}.",
    "guard.only-job": "--kubeconfig-secret is for the Job that --job prints. Nothing was done. A guard that runs here is led "
    "by --kubeconfig and --context.",
    "guard.no-record": "There is no record of a run of {namespace}/{gateway}: it has ended, or none has begun. There is "
    "nothing to guard.",
    "guard.ended": "Run {run} ({name}) has ended. There is nothing to guard any more.",
    "guard.no-way-back": "Run {run} ({name}) has removed the old workload: no way leads back, and nothing was changed.",
    "guard.nothing-at-stake": "Run {run} ({name}) is silent, but the new side has no traffic: nothing is changed.",
    "guard.takes-back": "Run {run} ({name}): {driver} has been silent for as long as the plan allows. The run is taken back "
    "now.",
    "guard.blind": "Not all can be seen now ({why}). Nothing is changed; it looks again. Time in which it cannot see does "
    "not count as silence.",
    "view.awaiting": "No run has begun yet. It is shown here once `migrator run` begins one; Ctrl-C ends the waiting.",
    "view.begun": "{file} is written[, and beside it {schema} for editors]. Next: `migrator verify {file}`.",
    "view.plans-alike": "Plans {plan} and {other} want the same, saw the same, and take the same steps.",
    "view.versions": "migrator {migrator}, Python {python}\n"
    "store: schema {store}; reads and brings up to date {first} to {last}\n"
    "plan file: {plan_file}; a plan saved by `plan -o`: format {saved_plan}",
}

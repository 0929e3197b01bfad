"""English: what is wrong with a plan file, and what may stand there instead."""

from __future__ import annotations

BOUNDS = "[ above {above:number g}][ from {least:number g}][ up to {most:number g}]"

MESSAGES: dict[str, str] = {
    "planfile.faults": "{file} has {faults:count fault}. Nothing was changed.\n{faults:lines}",
    "planfile.fault": "  {subject}: [{path}: ]{fault}[ ({allowed})]",
    # Faults.
    "explain.unknown": "there is no key and no code {word} (did you mean {meant:or}?). Nothing was changed. `migrator explain` "
    "knows the keys of a plan file and the codes of findings, halts and questions",
    "explain.blocks": "no run begins while this stands; traffic stays where it is",
    "explain.holds": "while this is so no share is raised; the weights stay as they are, and the judge goes on watching",
    "explain.waive": "To accept it with a reason: `--waive {code} --reason TEXT`, or `waive` in the plan file. It blocks again "
    "in the next plan that does not say so.",
    "planfile.no-such-key": "the plan file has no key {key}[ (did you mean {meant:or}?)]. Nothing was changed. "
    "`migrator schema` prints all of them",
    "fault.empty": "the file is empty",
    "fault.no-map": "the file is not a map of keys",
    "fault.too-large": "the file is larger than {limit} MiB",
    "fault.too-deep": "nested deeper than {levels} levels",
    "fault.too-many": "the file has more than {most} values, each alias (*name) counted as often as it is used",
    "fault.alias-in-itself": "this alias (*name) stands inside the value that it names, which would never end",
    "fault.merge-key": "a merge key (<<) is not supported: write the keys out",
    "fault.several-documents": "the file has more than one YAML document (a line of ---): write one plan per file",
    "fault.not-yaml": "not YAML: {error}",
    "fault.key-not-text": "a key must be plain text",
    "fault.key-twice": "this key stands twice (first in line {line})",
    "fault.key-not-allowed": "this key is not allowed",
    "fault.unreadable": "cannot be read as {type}",
    "fault.unknown-key": "unknown key",
    "fault.missing": "is missing",
    "fault.no-value": "has no value",
    "fault.not-allowed": "{given} is not allowed",
    "given.map": "a map",
    "given.empty-map": "an empty map",
    "given.list": "a list",
    "given.empty-list": "an empty list",
    "given.empty-text": "empty text",
    # Rules between values.
    "rule.port": "{port} is not a port (1 to 65535)",
    "rule.ports-one-to-one": "two old ports lead to the same new port",
    "rule.one-target": "give the target a name, or name one that stands already under `existing`: one of the two",
    "rule.follower-by-balancer": "follower says where a follower answers: say `by: follower` with it, or leave it out",
    "rule.of-existing": "{keys:list} cannot be said of a workload that stands already: it is as its owner wants it",
    "rule.clusters-by-half": "source.cluster is named and target.cluster is not; name both, or spec.cluster alone",
    "rule.cluster-twice": "the old side's cluster is named twice: by spec.cluster and by source.cluster; leave one out",
    "rule.cluster-unnamed": "with two clusters the old side's context has to be named, too: by spec.cluster.context or "
    "source.cluster",
    "rule.one-cluster": "both sides are in context {context}: that is one cluster; leave target.cluster out",
    "rule.second-existing": "a workload that stands already has to be in the old side's cluster; leave target.cluster or "
    "target.existing out",
    "rule.of-deployment": "{keys:list} cannot be said of a Deployment: its pods are placed and reached as the source's are",
    "rule.at-a-time": "atATime says how many old pods leave their host ports at a time; it goes with `portConflict: nodePort`",
    "rule.replicas-of-daemonset": "a DaemonSet has one pod on each of its nodes; replicas are a Deployment's (target.kind)",
    "rule.daemonset-to-deployment": "the pods of a DaemonSet are made for their nodes, so none becomes a Deployment; make one "
    "yourself and name it under `target.existing`",
    "rule.channels-distinct": "the same channel stands twice",
    "rule.listeners-distinct": "the same listener id stands twice",
    "rule.shares-rise": "shares must rise from each to the next",
    "rule.last-share": "the last share must be 100",
    "rule.max-soak": "maxSoak must not be shorter than soak",
    "rule.hold-share": "the run cannot hold at {share:number g} %: its shares are {shares:list}",
    "rule.blackout": "it must end after it begins",
    "rule.other-one-way": "a judge has either a url or a command",
    "rule.silence": "at least {least:seconds}: before that the silent process might still write for the new side",
    "rule.hook-one-way": "a hook has either a url or a command",
    "rule.hook-nowhere": "a hook needs a step before or after which it is called",
    "rule.hook-no-way-back": "after Retire no way leads back: `then` cannot be rollback",
    "rule.hooks-distinct": "two hooks have the same name",
    "rule.hold-abort": "hold must not be above abort",
    "rule.certificate-key": "certificate and key go together: each without the other is of no use",
    "rule.authorization-twice": "authorization stands twice, by itself and under headers",
    "rule.queries-distinct": "the same name stands twice",
    "rule.query-limit": "a query needs a limit: hold, abort or both",
    "rule.query-order": "abort must be beyond hold: not below it, or not above it with `when: below`",
    "rule.replay": "{method} may change something at the backend; write `replay: safe` if asking it many times does no harm",
    "rule.secret-header": "{header} holds a secret, and the plan would be stored with it; name the environment "
    "variable that has it under headersFromEnv",
    "rule.question-port": "no listener of the plan has port {port} (they have {ports:list}); write the port in the URL",
    "fault.recorded-unreadable": "{path} cannot be read: {why}",
    "fault.recorded-no-har": "{path} is not a HAR file (JSON with log.entries)",
    "fault.recorded-empty": "no question for this plan in {path}: {found:count request} with GET, HEAD or OPTIONS found, none "
    "for port {ports:list}",
    # What is allowed.
    "allowed": "allowed: {what}",
    "allowed.nothing": "allowed: nothing",
    "allowed.in-quotes": "allowed: {what}; write it in quotes",
    "allowed.without-quotes": "allowed: {what}; write it without quotes",
    "allowed.keys": "[{meant} ]allowed: {keys:list}",
    "allowed.no-key": "no key at all",
    "allowed.did-you-mean": "did you mean {key}?",
    "allowed.port-in-quotes": "allowed: a port in quotes, from 1 to 65535",
    "allowed.example": "start from plans/lab.yaml",
    "allowed.one-of": "{values:or}",
    "allowed.described": "{what}",
    "allowed.anything": "any value",
    "allowed.map-of-keys": "a map with the keys {keys:list}",
    "allowed.either": "{each:or}",
    "allowed.map": "a map[ with at least {least:count key}][, each value {each}]",
    "allowed.list": "a list[, at least {least}][, at most {most}]; each {each}",
    "allowed.number": f"a number{BOUNDS}",
    "allowed.whole-number": f"a whole number{BOUNDS}",
    "allowed.text": "text",
    "allowed.text-not-empty": "text that is not empty",
    # Codes that cannot be waived.
    "code.unknown": "no finding has the code {code}; docs/checks.md lists all codes",
    "code.unknown-near": "no finding has the code {code}; did you mean {near}?[ ({meaning})]",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "planfile.invalid": ("[{path}: ]{fault}", "", "[{allowed}]"),
}

"""English: the examples at the end of every command's `--help`, by the words one types: what for, and the command line."""

from __future__ import annotations

from collections.abc import Mapping

Example = tuple[str, str]

_PLANS: Mapping[str, tuple[Example, ...]] = {
    "init": (
        ("asked for what is missing", "migrator init"),
        (
            "in a script",
            "migrator init -o edge.yaml --context prod --source istio-gateways/istio-ingressgateway --provider tencent "
            "--region ap-guangzhou --balancer lb-1a2b --listener lbl-80=80 --listener lbl-443=443 "
            "--node-label node-role=gateway --after manual",
        ),
    ),
    "plan": (
        ("what would happen; changes nothing", "migrator plan edge.yaml"),
        (
            "accept a finding, and say why",
            "migrator plan edge.yaml --waive balancer.foreign-backend --reason 'the old VM goes in June'",
        ),
        ("from a template", "envsubst < edge.tmpl.yaml | migrator plan -"),
        ("the way back after a run has completed", "migrator plan --reverse 7"),
    ),
    "show": (
        ("for a pull request", "migrator show 3f2a --output markdown > plan.md"),
        ("what changes in the workload", "migrator show --diff"),
        ("what differs from an earlier plan", "migrator show 3f2a --diff 9c41"),
    ),
    "verify": (
        ("every check; saves nothing", "migrator verify edge.yaml"),
        ("who gets each resource that chooses pods", "migrator verify edge.yaml --matrix"),
    ),
    "lint": (
        ("without a cluster", "migrator lint edge.yaml"),
        ("from a template", "helm template edge | migrator lint -"),
    ),
    "explain": (
        ("a key of the plan file", "migrator explain spec.traffic.soak"),
        ("by its last word", "migrator explain maxSoak"),
        ("the code of a finding", "migrator explain judge.blind"),
    ),
    "schema": (("for an editor", "migrator schema > migrator.schema.json"),),
    "rbac": (
        ("give an account the rights of a plan", "migrator rbac edge.yaml --user ci-migrator | kubectl apply -f -"),
        ("those of a restart alone", "migrator rbac edge.yaml --restart --name migrator-restart"),
    ),
    "advise": (("which way of exposing the gateway fits", "migrator advise edge.yaml"),),
    "version": (("for a report of a defect", "migrator version --output json"),),
    "completion": (
        ("in ~/.bashrc", 'eval "$(migrator completion bash)"'),
        ("in ~/.zshrc", 'eval "$(migrator completion zsh)"'),
        ("in ~/.config/fish/config.fish", "migrator completion fish | source"),
    ),
}

_RUNS: Mapping[str, tuple[Example, ...]] = {
    "run": (
        ("the newest plan; asks first", "migrator run"),
        ("a plan that was saved and reviewed, in a script", "migrator run edge.plan.json --yes --detach"),
    ),
    "resume": (
        ("the newest run that goes on", "migrator resume"),
        ("in a process of its own", "migrator resume 7 --detach"),
    ),
    "follow": (
        ("until told to leave", "migrator follow 7"),
        ("gateways that stand, by their plan files", "migrator follow edge.yaml api.yaml --metrics 0.0.0.0:9464"),
        ("in the cluster", "migrator follow edge.yaml --print-manifests --image registry.example.com/migrator:0.1.0"),
        ("for good", "migrator follow 7 --end"),
    ),
    "restart": (
        ("as it is, after a change of a Secret that pods read when they start", "migrator restart 7"),
        ("another template", "migrator restart edge.yaml --patch change.yaml"),
        (
            "another image, two nodes at a time",
            "migrator restart edge.yaml --image gateway=envoy:v1.36.0 --at-a-time 2",
        ),
    ),
    "set": (("a longer soak from now on", "migrator set 7 soak=20m"),),
    "pause": (("with a reason for the journal", "migrator pause 7 --note 'lunch'"),),
    "rollback": (
        ("now", "migrator rollback 7"),
        ("the commands for a person, without migrator", "migrator rollback 7 --by-hand"),
    ),
    "adopt": (("a run whose store is lost", "migrator adopt istio-gateways/istio-ingressgateway --context prod"),),
    "guard": (
        ("the Job that guards a run in its cluster", "migrator guard istio-gateways/istio-ingressgateway --job"),
        ("from here", "migrator guard istio-gateways/istio-ingressgateway --context prod"),
    ),
    "approve": (("answer the question that `status` shows", "migrator approve 7 --note 'checked the dashboards'"),),
    "cancel": (("a run that never began", "migrator cancel 7"),),
    "status": (
        ("the newest run that goes on", "migrator status"),
        ("until it ends; waits for a run where there is none yet", "migrator status --watch"),
        ("for a program", "migrator status istio-ingress --output json"),
    ),
    "list": (("runs and plans", "migrator list"),),
    "events": (("everything so far", "migrator events 7"), ("as it comes", "migrator events 7 --follow --output json")),
    "report": (
        ("on the terminal", "migrator report 7"),
        ("one file to keep", "migrator report 7 --output html > run-7.html"),
    ),
    "manifests": (("the old workload as it was", "migrator manifests 7 | kubectl apply -f -"),),
}

_AROUND: Mapping[str, tuple[Example, ...]] = {
    "tick": (
        ("before a switch", "migrator tick alarms --note https://grafana.example/d/edge"),
        ("after the run", "migrator tick documents 7"),
    ),
    "freeze": (
        ("every run of this store", "migrator freeze --reason 'incident 4711'"),
        ("every run of a namespace, whoever carries it out", "migrator freeze --namespace istio-system --context prod"),
    ),
    "unfreeze": (
        ("every run of this store", "migrator unfreeze"),
        ("a namespace", "migrator unfreeze --namespace istio-system --context prod"),
    ),
    "notify": (
        ("whether the addresses are right", "migrator notify --test edge.yaml"),
        ("in a process of its own, beside the runs of a store", "migrator notify --watch"),
    ),
    "serve": (
        ("on this machine", "migrator serve"),
        (
            "for others, over TLS, with a token",
            "MIGRATOR_SERVE_TOKEN=... migrator serve --listen 0.0.0.0:8443 --certificate tls.crt --key tls.key",
        ),
    ),
    "judge": (
        ("the last six hours by the plan's limits", "migrator judge edge.yaml --retrospective --from 6h"),
        (
            "and by others beside them",
            "migrator judge edge.yaml --retrospective --from 2027-01-24T10:00+08:00 --to 2027-01-24T12:00+08:00 --abort 2%",
        ),
    ),
    "parity": (
        ("two pods", "migrator parity istio-gateways/old-7f9c istio-gateways/new-x2vd --context prod"),
        ("two saved dumps", "migrator parity old.json new.json --port 8080:80"),
    ),
    "compare-answers": (("both sides, without a run", "migrator compare-answers edge.yaml"),),
    "farewell": (
        (
            "wait for the follower's word, 25 s at most",
            "migrator farewell --within 25 --address 10.0.0.7 --follower http://migrator-follow.migrator:9464",
        ),
    ),
    "harden": (
        ("a workload of the cluster, as a patch", "migrator harden deployment/edge -n istio-gateways --output patch"),
        ("a manifest", "helm template edge | migrator harden -"),
        (
            "with a container that waits for the follower's word",
            "migrator harden edge.yaml --image registry.example.com/migrator:0.1.0 --by follower --output patch",
        ),
    ),
    "isolate": (
        ("a gateway of the plan", "migrator isolate gw-7f9c4-x2vd9 --plan edge.yaml"),
        ("in a script, by a run", "migrator isolate gw-ds-k2x7p --plan 7 --yes"),
    ),
    "release": (
        ("back into its workload", "migrator release gw-7f9c4-x2vd9 --plan edge.yaml"),
        ("delete it instead", "migrator release gw-ds-k2x7p --plan edge.yaml --delete"),
    ),
    "load": (
        ("ten minutes beside a run; asks first", "migrator load edge.yaml --for 600"),
        ("in a script, and keep every request", "migrator load edge.yaml --rate 50 --for 120 --yes --out load"),
    ),
    "calibrate": (
        ("one idle backend", "migrator calibrate edge.yaml"),
        (
            "two test backends",
            "migrator calibrate edge.yaml --listener lbl-9:9000 --backend 10.0.0.8:80 --backend 10.0.0.9:80",
        ),
    ),
}

_LAB: Mapping[str, tuple[Example, ...]] = {
    "lab": (("see it work", "migrator lab demo"),),
    "lab up": (
        ("with a real HAProxy", "migrator lab up --balancer haproxy"),
        ("until Ctrl-C", "migrator lab up --foreground"),
    ),
    "lab down": (("and everything that it started", "migrator lab down"),),
    "lab status": (("requests sent, answered, lost, bad", "migrator lab status"),),
    "lab demo": (("with a bad new side", "migrator lab demo --fault errors"),),
    "lab compare": (("what other ways lose", "migrator lab compare"),),
    "lab endings": (
        ("before and after hardening", "migrator lab endings"),
        ("one way alone", "migrator lab endings --only own-drain"),
    ),
    "lab soak": (("two rounds", "migrator lab soak --rounds 2"),),
    "lab stories": (("five stories", "migrator lab stories --most 5"),),
    "lab fault": (("what is in force", "migrator lab fault list"),),
    "lab fault route": (
        ("a plan through the doors", "migrator lab fault route plans/lab.yaml -o build/lab/through.yaml"),
    ),
    "lab fault set": (
        ("the cluster refuses", "migrator lab fault set api status --status 401"),
        ("a write arrives 40 s later", "migrator lab fault set balancer late --writes --seconds 40 --count 1"),
    ),
    "lab fault list": (("what is in force", "migrator lab fault list"),),
    "lab fault clear": (("one target, or all", "migrator lab fault clear api"),),
    "lab fault table": (("one fault at the API server", "migrator lab fault table --only api:status"),),
}

EXAMPLES: Mapping[str, tuple[Example, ...]] = {**_PLANS, **_RUNS, **_AROUND, **_LAB}
HEADING = "Examples:"

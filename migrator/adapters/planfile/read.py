"""A plan file's text into a frozen Spec, or all its faults at once with line, key and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from migrator.adapters.balancers import unknown_code
from migrator.adapters.planfile import judging, schema
from migrator.adapters.planfile.answers import answers_of
from migrator.adapters.planfile.lines import Composed, Fault, compose
from migrator.adapters.planfile.second_opinion import others_of, second_opinion
from migrator.adapters.planfile.source import text_of
from migrator.adapters.planfile.target.clusters import OF_ONE_CLUSTER, clusters_of
from migrator.adapters.planfile.target.schema import Harden, OtherGateway, Target
from migrator.adapters.planfile.waiting.gates import gates_of, live_of
from migrator.adapters.planfile.waiting.hooks import hooks_of
from migrator.adapters.planfile.waiting.silence import silence_of
from migrator.adapters.planfile.words import explained
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.messages.findings import Finding, Waiver, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model import spec as domain
from migrator.domain.model import target as target_spec
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.model.balancer import ProbeWay
from migrator.domain.model.change import Hand
from migrator.domain.model.pod_targets import PodTargets
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec.evidence import EvidenceSpec


def read_file(path: str) -> domain.Spec:
    """Read a plan file; `-` is standard input. UsageError when it cannot be opened; PlanFileInvalid with every finding."""
    return read(text_of(path), path)


def read(text: str, name: str = "plan file") -> domain.Spec:
    """Read a plan file's text; PlanFileInvalid names every fault with its line."""
    composed = compose(text)
    if composed.faults:
        raise _invalid(name, [_of_text(name, fault) for fault in composed.faults])
    if not isinstance(composed.value, dict):
        problem = say("fault.empty") if composed.value is None else say("fault.no-map")
        raise _invalid(name, [_finding(f"{name}:1", "", problem, say("allowed.example"))])
    try:
        plan_file = schema.PlanFile.model_validate(composed.value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=True)
        raise _invalid(name, [_of_model(name, composed, fault) for fault in faults]) from error
    answers, wrong = _answers(name, composed, plan_file.spec)
    if wrong := [*_unknown_codes(name, composed, plan_file.spec), *wrong]:
        raise _invalid(name, wrong)
    return _spec(plan_file, answers)


def _answers(name: str, composed: Composed, spec: schema.PlanSpec) -> tuple[AnswersSpec | None, list[Finding]]:
    """Read what both sides are to be asked; the files that it names are read now, so that the plan needs them no more."""
    if spec.answers is None:
        return None, []
    ports = frozenset(listener.port for listener in spec.load_balancer.listeners)
    value, faults = answers_of(spec.answers, ports, spec.gateway.probe_host)
    return value, [_finding(f"{name}:{composed.place(path).line}", dotted(path), why) for path, why in faults]


def _unknown_codes(name: str, composed: Composed, spec: schema.PlanSpec) -> list[Finding]:
    """A waiver of a code that no finding has would waive nothing, and its author would never know."""
    faults = [
        (index, why)
        for index, waiver in enumerate(spec.waive)
        if (why := unknown_code(waiver.code, spec.load_balancer.provider))
    ]
    paths: list[tuple[tuple[str | int, ...], Message]] = [
        (("spec", "waive", index, "code"), why) for index, why in faults
    ]
    return [_finding(f"{name}:{composed.place(path).line}", dotted(path), why) for path, why in paths]


def _invalid(name: str, findings: list[Finding]) -> PlanFileInvalid:
    rows = tuple(
        say("planfile.fault", subject=f.subject, path=f["path"], fault=f["fault"], allowed=f["allowed"])
        for f in findings
    )
    return PlanFileInvalid(say("planfile.faults", file=name, faults=rows), findings)


def _finding(subject: str, path: str, fault: Message, allowed: Message | None = None) -> Finding:
    return block("planfile.invalid", subject, path=path, fault=fault, allowed=allowed)


def _of_text(name: str, fault: Fault) -> Finding:
    return _finding(f"{name}:{fault.place.line}", dotted(fault.path), fault.problem)


def _of_model(name: str, composed: Composed, fault: Mapping[str, Any]) -> Finding:
    path = tuple(part for part in fault["loc"] if part != "[key]")  # the library's word for a map's key
    return _finding(f"{name}:{composed.place(path).line}", dotted(path), *explained(path, fault))


def dotted(path: Sequence[str | int]) -> str:
    """Give a path as people write it: spec.traffic.shares[2]."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _spec(file: schema.PlanFile, answers: AnswersSpec | None) -> domain.Spec:
    spec = file.spec
    home, second = clusters_of(spec.cluster, spec.source.cluster, spec.target.cluster)
    return domain.Spec(
        name=file.metadata.name,
        cluster=home,
        source=domain.SourceSpec(spec.source.kind, spec.source.name, spec.source.namespace or ""),
        target=_target(spec.target, _gateway(spec.gateway)),
        gateway=_gateway(spec.gateway),
        balancer=balancer_of(spec.load_balancer),
        strategy=domain.Strategy(spec.strategy),
        traffic=_traffic(spec.traffic),
        judge=_judge(spec.judge),
        drain=domain.DrainSpec(spec.drain.timeout, domain.OnTimeout(spec.drain.on_timeout)),
        cleanup=_cleanup(spec.cleanup),
        deadlines=domain.DeadlineSpec(spec.deadlines.ready, spec.deadlines.config, spec.deadlines.healthy),
        waivers=tuple(Waiver(waiver.code, waiver.reason) for waiver in spec.waive),
        after=domain.After(spec.after) if spec.after else None,
        follow=_follow(spec.follow),
        answers=answers,
        parity=domain.ParitySpec(
            (*(domain.Allowance(row.place, row.reason) for row in spec.parity.allow), *_apart(second))
        ),
        guard=domain.GuardSpec(tuple(spec.guard.leave), tuple(spec.guard.narrow)),
        way_back=domain.WayBackSpec(spec.way_back.least, spec.way_back.patience),
        notify=tuple(_channel(channel) for channel in spec.notify),
        events=spec.events,
        gates=gates_of(spec.gates),
        live=live_of(spec.live),
        hooks=hooks_of(spec.hooks),
        on_silence=silence_of(spec.on_silence),
        second=second,
        on_breach=domain.OnBreach(spec.on_breach),
        evidence=_evidence(spec.evidence),
        acknowledge=domain.Acknowledged(spec.acknowledge) if spec.acknowledge else None,
    )


def _evidence(evidence: schema.Evidence) -> EvidenceSpec:
    logs, warnings, where = evidence.logs or 0.0, evidence.warnings or 0.0, evidence.controller
    if where is None:
        return EvidenceSpec(logs, warnings)
    return EvidenceSpec(logs, warnings, where.namespace, tuple(sorted(where.labels.items())))


def _apart(second: domain.ClusterSpec | None) -> tuple[domain.Allowance, ...]:
    return OF_ONE_CLUSTER if second is not None else ()


def _channel(channel: schema.Channel) -> domain.ChannelSpec:
    return domain.ChannelSpec(channel.name, tuple(domain.Moment(moment) for moment in channel.moments))


def _follow(follow: schema.Follow) -> domain.FollowSpec:
    return domain.FollowSpec(domain.Cordoned(follow.cordoned), follow.not_ready, follow.max_zeroed)


def _target(target: Target, old: domain.GatewaySpec) -> target_spec.TargetSpec:
    ports = tuple(target_spec.PortMapping(int(old), new) for old, new in target.ports.items())
    if target.existing is not None:
        return target_spec.Existing(
            target.existing.name,
            target.existing.kind,
            ports,
            namespace=target.existing.namespace or "",
            gateway=_other(target.existing.gateway, old),
        )
    placed = target.kind == "Deployment"
    return target_spec.Derived(
        name=target.name or "",  # the schema wants one of the two
        network=target_spec.Network.POD if placed else target_spec.Network(target.network),
        node_selector=tuple(sorted(target.node_selector.items())),
        tolerations=tuple(target_spec.TolerationSpec(t.key, t.operator, t.value, t.effect) for t in target.tolerations),
        ports=ports,
        labels=tuple(sorted(target.labels.items())),
        patch=target.patch,
        port_conflict=target_spec.PortConflict(target.port_conflict) if target.port_conflict else None,
        at_a_time=target.at_a_time if target.port_conflict == "nodePort" else 0,
        harden=target.harden is not None,
        workload_kind=target.kind,
        namespace=target.namespace or "",
        pod_targets=PodTargets(target.replicas or 0),
        companion=_companion(target.harden),
    )


def _companion(harden: Harden | None) -> CompanionSpec | None:
    return CompanionSpec(harden.image, By(harden.by), harden.follower) if harden and harden.image else None


def _other(gateway: OtherGateway | None, old: domain.GatewaySpec) -> domain.GatewaySpec | None:
    """Give what the new side's gateways are, with the questions of the old side's."""
    if gateway is None:
        return None
    return replace(old, kind=gateway.kind, admin_port=gateway.admin_port, container=gateway.container)


def _cleanup(cleanup: schema.Cleanup) -> domain.CleanupSpec:
    return domain.CleanupSpec(domain.Approval(cleanup.approval), cleanup.keep_old, Hand(cleanup.hand_over))


def _gateway(gateway: schema.Gateway) -> domain.GatewaySpec:
    return domain.GatewaySpec(
        gateway.kind, gateway.admin_port, gateway.container, gateway.probe_host, gateway.probe_path, gateway.name_header
    )


def balancer_of(balancer: schema.LoadBalancer) -> domain.BalancerSpec:
    """Give the balancer of a plan file."""
    return domain.BalancerSpec(
        provider=balancer.provider,
        id=balancer.id,
        listeners=tuple(
            domain.ListenerSpec(row.id, row.port, row.backend_port, probe=ProbeWay(row.probe))
            for row in balancer.listeners
        ),
        region=balancer.region,
        endpoint=balancer.endpoint,
        address=balancer.address,
        options=tuple(sorted(balancer.options.items())),
    )


def _traffic(traffic: schema.Traffic) -> domain.TrafficSpec:
    return domain.TrafficSpec(
        tuple(traffic.shares),
        traffic.soak,
        traffic.max_soak,
        traffic.min_requests,
        rehearse=traffic.rehearse,
        settle=traffic.settle,
    )


def _classes(classes: judging.Classes) -> domain.ClassesSpec:
    return domain.ClassesSpec(
        classes.collapse,
        classes.times,
        classes.min_requests,
        classes.min_connections,
        classes.jump,
        classes.window,
    )


def _judge(judge: judging.Judge) -> domain.JudgeSpec:
    scrape, prometheus, latency = judge.scrape, judge.prometheus, judge.latency
    return domain.JudgeSpec(
        scrape=domain.ScrapeSpec(scrape.interval, scrape.window, scrape.second_look) if scrape else None,
        prometheus=second_opinion(prometheus) if prometheus else None,
        error_rate=domain.Limits(judge.error_rate.hold, judge.error_rate.abort),
        latency=domain.LatencySpec(latency.over, domain.Limits(latency.hold, latency.abort), latency.flush)
        if latency
        else None,
        no_data=domain.NoDataSpec(domain.NoData(judge.no_data.policy), judge.no_data.rollback_after),
        classes=_classes(judge.classes),
        others=others_of(judge.others),
    )

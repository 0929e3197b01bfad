"""A plan file's text into a frozen Spec, or all its faults at once with line, key and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from migrator.adapters.planfile import schema
from migrator.adapters.planfile.lines import Composed, Fault, compose
from migrator.domain import spec as domain
from migrator.domain.errors import PlanFileInvalid, UsageError
from migrator.domain.findings import Finding, Severity, Waiver


def read_file(path: str) -> domain.Spec:
    """Read a plan file. UsageError when it cannot be opened; PlanFileInvalid with every finding otherwise."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"The plan file {path} cannot be read: {why}. Nothing was changed.") from error
    return read(text, path)


def read(text: str, name: str = "plan file") -> domain.Spec:
    """Read a plan file's text; PlanFileInvalid names every fault with its line."""
    composed = compose(text)
    if composed.faults:
        raise _invalid(name, [_of_text(name, fault) for fault in composed.faults])
    if not isinstance(composed.value, dict):
        problem = "the file is empty" if composed.value is None else "the file is not a map of keys"
        raise _invalid(name, [_finding(f"{name}:1", problem, "start from plans/lab.yaml")])
    try:
        found = schema.PlanFile.model_validate(composed.value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=True)
        raise _invalid(name, [_of_model(name, composed, fault) for fault in faults]) from error
    return _spec(found)


def _invalid(name: str, findings: list[Finding]) -> PlanFileInvalid:
    lines = "\n".join(f"  {f.subject}: {f.problem}{f' ({f.remedy})' if f.remedy else ''}" for f in findings)
    count = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
    return PlanFileInvalid(f"{name} has {count}. Nothing was changed.\n{lines}", findings)


def _finding(subject: str, problem: str, remedy: str = "") -> Finding:
    return Finding("planfile.invalid", Severity.BLOCK, subject, problem, "", remedy)


def _of_text(name: str, fault: Fault) -> Finding:
    key = ".".join(map(str, fault.path))
    return _finding(f"{name}:{fault.place.line}", f"{key}: {fault.problem}" if key else fault.problem)


def _of_model(name: str, composed: Composed, fault: Mapping[str, Any]) -> Finding:
    path = tuple(fault["loc"])
    written = _as_written(path, composed)
    key = ".".join(map(str, written))
    place = composed.place(written)
    problem, remedy = _words(path, fault)
    return _finding(f"{name}:{place.line}", f"{key}: {problem}", remedy)


def _as_written(path: Sequence[Any], composed: Composed) -> tuple[str | int, ...]:
    """Drop what pydantic adds to a path and the file does not have (`[key]`)."""
    return tuple(part for part in path if part != "[key]")


def _words(path: Sequence[Any], fault: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx") or {}
    given = fault.get("input")
    if kind == "extra_forbidden":
        allowed = _keys_at(path[:-1])
        near = get_close_matches(str(path[-1]), allowed, 1)
        return "unknown key", (f"did you mean {near[0]}? " if near else "") + f"allowed: {', '.join(allowed)}"
    if kind == "missing":
        return "is missing", ""
    if kind == "literal_error":
        return f"{given!r} is not allowed", f"allowed: {context.get('expected', '')}"
    message = str(fault["msg"]).removeprefix("Value error, ").replace("Input should be", "should be")
    if isinstance(given, (str, int, float, bool)) or given is None:
        shown = "empty" if given is None else repr(given)
        return f"{shown[:60]}: {message}", ""
    return message, ""


def _keys_at(path: Sequence[Any]) -> list[str]:
    """Give the keys that the file may have at a path, by walking the models."""
    model: Any = schema.PlanFile
    for part in path:
        if isinstance(part, int) or not _is_model(model):
            continue
        fields = {(f.alias or name): f for name, f in model.model_fields.items()}
        if part not in fields:
            return []
        model = _model_in(fields[part].annotation)
    return [f.alias or name for name, f in model.model_fields.items()] if _is_model(model) else []


def _is_model(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)


def _model_in(annotation: Any) -> Any:
    """Give the model inside `Model | None` or `list[Model]`, else the annotation."""
    inside = [argument for argument in getattr(annotation, "__args__", ()) if _is_model(argument)]
    return inside[0] if inside else annotation


def _spec(file: schema.PlanFile) -> domain.Spec:
    spec = file.spec
    return domain.Spec(
        name=file.metadata.name,
        cluster=domain.ClusterSpec(spec.cluster.namespace, spec.cluster.context, spec.cluster.kubeconfig),
        source=domain.SourceSpec(spec.source.kind, spec.source.name),
        target=_target(spec.target),
        gateway=_gateway(spec.gateway),
        balancer=_balancer(spec.load_balancer),
        strategy=domain.Strategy(spec.strategy),
        traffic=_traffic(spec.traffic),
        judge=_judge(spec.judge),
        drain=domain.DrainSpec(spec.drain.timeout, domain.OnTimeout(spec.drain.on_timeout)),
        cleanup=domain.CleanupSpec(domain.Approval(spec.cleanup.approval), spec.cleanup.keep_old),
        deadlines=domain.DeadlineSpec(spec.deadlines.ready, spec.deadlines.config, spec.deadlines.healthy),
        waivers=tuple(Waiver(waiver.code, waiver.reason) for waiver in spec.waive),
    )


def _target(target: schema.Target) -> domain.TargetSpec:
    return domain.TargetSpec(
        name=target.name,
        network=domain.Network(target.network),
        node_selector=tuple(sorted(target.node_selector.items())),
        tolerations=tuple(domain.TolerationSpec(t.key, t.operator, t.value, t.effect) for t in target.tolerations),
        ports=tuple(domain.PortMapping(int(old), new) for old, new in target.ports.items()),
        labels=tuple(sorted(target.labels.items())),
        patch=target.patch,
    )


def _gateway(gateway: schema.Gateway) -> domain.GatewaySpec:
    kind = domain.GatewayKind(gateway.kind)
    return domain.GatewaySpec(kind, gateway.admin_port, gateway.container, gateway.probe_host, gateway.probe_path)


def _balancer(balancer: schema.LoadBalancer) -> domain.BalancerSpec:
    return domain.BalancerSpec(
        provider=balancer.provider,
        id=balancer.id,
        listeners=tuple(domain.ListenerSpec(row.id, row.port, row.backend_port) for row in balancer.listeners),
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


def _judge(judge: schema.Judge) -> domain.JudgeSpec:
    scrape, prometheus, latency = judge.scrape, judge.prometheus, judge.latency
    return domain.JudgeSpec(
        scrape=domain.ScrapeSpec(scrape.interval, scrape.window, scrape.second_look) if scrape else None,
        prometheus=domain.PrometheusSpec(
            prometheus.url, prometheus.interval, prometheus.window, prometheus.total, prometheus.errors
        )
        if prometheus
        else None,
        error_rate=domain.Limits(judge.error_rate.hold, judge.error_rate.abort),
        latency=domain.LatencySpec(latency.over, domain.Limits(latency.hold, latency.abort)) if latency else None,
        no_data=domain.NoDataSpec(domain.NoData(judge.no_data.policy), judge.no_data.rollback_after),
    )

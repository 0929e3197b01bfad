"""How long planning thinks and how much it holds on a big cluster: 1,000 nodes, 5,000 pods, 2,000 Istio objects.

Only our own part is measured: parsing pages of the API server's JSON, slimming, the checks and the plan; never its answers.
Goal: 3 s of CPU beyond parsing, and 200 MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from migrator.adapters.cluster.connection import objects_of, uncollected
from migrator.app.plan.digest import digest
from migrator.app.plan.looking.listing import SLIM, bare
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Json
from migrator.domain.observation.world import World
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.checks import CHECKS
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPACE, SPEC, service, thing, world

NODES, PODS, ISTIO, PAGE = 1000, 5000, 2000, 500
FIELDS = {"f:metadata": {"f:labels": {f"f:label-{index}": {} for index in range(60)}}}


def page(kind: str, rows: list[Any]) -> str:
    """Give a list answer as the server writes it, each object with its managedFields."""
    managed = [{"manager": "kubelet", "operation": "Update", "fieldsV1": FIELDS}]
    for row in rows:
        row["metadata"]["managedFields"] = managed
    return json.dumps({"kind": f"{kind}List", "apiVersion": "v1", "metadata": {}, "items": rows})


def nodes(numbers: range) -> list[Any]:
    """Give nodes with fifty images each."""
    images = [{"names": [f"registry.example/app-{index}@sha256:{'0' * 64}"], "sizeBytes": 1} for index in range(50)]
    status = {"allocatable": {"cpu": "16", "memory": "64Gi", "pods": "110"}, "images": images}
    return [
        {
            **thing("Node", f"node-{index}", {}, ""),
            "status": {**status, "addresses": [{"type": "InternalIP", "address": address(index)}]},
        }
        for index in numbers
    ]


def pods(numbers: range) -> list[Any]:
    """Give application pods with the weight of real ones."""
    env = [{"name": f"VARIABLE_{index}", "value": "some value that an application wants"} for index in range(30)]
    container = {
        "name": "app",
        "image": "registry.example/app:1",
        "env": env,
        "ports": [{"containerPort": 8080}],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
    }
    return [
        {
            **thing("Pod", f"app-{i}", {"nodeName": f"node-{i % NODES}", "containers": [container]}, f"team-{i % 50}"),
            "status": {
                "phase": "Running",
                "podIP": "10.9.0.1",
                "conditions": [{"type": "Ready", "status": "True"}] * 5,
            },
        }
        for i in numbers
    ]


def istio(kind: str, count: int) -> list[Any]:
    """Give Istio objects of many teams; every tenth selects the gateways."""
    found = []
    for index in range(count):
        ours = index % 10 == 0
        spec: dict[str, Any] = {"gateways": [f"{SPACE}/public"], "hosts": [f"host-{index}.example"]}
        if kind != "VirtualService":
            spec = {"selector": {"matchLabels": {"istio": "ingressgateway"} if ours else {"app": f"app-{index}"}}}
        if kind == "EnvoyFilter":
            patch = {
                "applyTo": "HTTP_FILTER",
                "match": {"context": "GATEWAY"},
                "patch": {"operation": "MERGE", "value": {}},
            }
            spec = {"workloadSelector": {"labels": {"istio": "ingressgateway"}}, "configPatches": [patch]}
        found.append(thing(kind, f"{kind.lower()}-{index}", spec, SPACE if ours else f"team-{index % 50}"))
    return found


def address(index: int) -> str:
    """Give a node's address."""
    return f"10.1.{index // 250}.{index % 250 + 1}"


def pages() -> Iterator[tuple[str, str]]:
    """Give the lists' answers, kind by kind and page by page."""
    for start in range(0, NODES, PAGE):
        yield "Node", page("Node", nodes(range(start, start + PAGE)))
    for start in range(0, PODS, PAGE):
        yield "Pod", page("Pod", pods(range(start, start + PAGE)))
    for kind, count in (
        ("VirtualService", 1000),
        ("DestinationRule", 400),
        ("AuthorizationPolicy", 400),
        ("EnvoyFilter", 200),
    ):
        yield kind, page(kind, istio(kind, count))


def held() -> float:
    """Give the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    answers = list(pages())
    size = sum(len(text) for _, text in answers) / 1e6
    before = held()
    began, clock = time.process_time(), time.perf_counter()
    objects: dict[str, list[Json]] = {"Service": [service()]}
    while answers:
        kind, text = answers.pop(0)
        with uncollected():
            rows = objects_of(json.loads(text))
        slim = SLIM.get(kind, bare)
        objects.setdefault(kind, []).extend(slim(row, SPACE) for row in rows)
    objects["Gateway"] = [thing("Gateway", "public", {"selector": {"istio": "ingressgateway"}})]
    parsed = time.process_time()
    seen = looked(objects)
    plan = planning.make(propose(seen, SPEC), datetime(2026, 1, 1, tzinfo=UTC), "ann@ops", digest)
    ended = time.process_time()
    print(f"{NODES} nodes, {PODS} pods, {ISTIO} Istio objects: {size:.0f} MB of JSON")
    print(f"  parse and slim   {parsed - began:6.2f} s")
    print(f"  checks and plan  {ended - parsed:6.2f} s   ({len(plan.findings)} findings, {len(plan.steps)} steps)")
    wall = time.perf_counter() - clock
    print(
        f"  together         {ended - began:6.2f} s   goal 3 s (CPU time; {wall:.1f} s by the wall clock, on a shared machine)"
    )
    print(
        f"  most memory      {held():6.0f} MB  ({before:.0f} MB of them before, the answers' own text among them); goal 200 MB"
    )
    slowest(seen)


def looked(objects: dict[str, list[Json]]) -> World:
    """Give the look: the plan covers a tenth of the nodes."""
    planned = tuple(Node(f"node-{index}", address(index)) for index in range(NODES // 10))
    return replace(world(), nodes=planned, objects=tuple((kind, tuple(rows)) for kind, rows in objects.items()))


def slowest(seen: World) -> None:
    """Print the five slowest checks."""
    taken = []
    for check in CHECKS:
        began = time.process_time()
        list(check(propose(seen, SPEC)))
        taken.append((time.process_time() - began, check.__name__))
    for seconds, name in sorted(taken, reverse=True)[:5]:
        print(f"  {name:32} {seconds * 1000:8.1f} ms")


if __name__ == "__main__":
    main()

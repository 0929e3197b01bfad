"""What a gateway says of itself: the names in Istio's environment follow the workload, or metrics name the old one."""

from __future__ import annotations

import json

from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest, items, number, text
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Network
from migrator.domain.planning.derive.draft import Draft

REASON = say("derived.telemetry-name")


def identities(draft: Draft, source: Manifest, spec: Spec) -> None:
    """Rename the workload in `ISTIO_META_*` literals, and the ports in the list of them that Istio's agent gets."""
    for path, container in draft.containers():
        for index, variable in enumerate(items(container, "env")):
            wanted = _value(text(variable, "name"), text(variable, "value"), source, spec)
            if "value" in variable:
                draft.put(variable, f"{path}.env[{index}]", "value", wanted, REASON)


def _value(name: str, value: str, source: Manifest, spec: Spec) -> str:
    was = text(source, "metadata", "name")
    if name == "ISTIO_META_WORKLOAD_NAME" and value == was:
        return spec.target.name
    owned = f"/{spec.source.kind.lower()}s/{was}"
    if name == "ISTIO_META_OWNER" and value.endswith(owned):
        here, there = (f"/namespaces/{ref.namespace}" for ref in (source_ref(spec), target_ref(spec)))
        before = value.removesuffix(owned)
        space = before.removesuffix(here) + there if before.endswith(here) else before
        return f"{space}/{spec.target.kind.lower()}s/{spec.target.name}"
    if name == "ISTIO_META_POD_PORTS" and spec.target.network is Network.HOST:
        return _ports(value, spec)
    return value


def _ports(value: str, spec: Spec) -> str:
    try:
        rows: Json = parsed(value)
    except ValueError:
        return value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return value
    moved = [
        {**row, "containerPort": spec.target.port(number(row, "containerPort"))}
        for row in rows
        if isinstance(row, dict)
    ]
    return value if moved == rows else json.dumps(moved, separators=(",", ":"))

"""Resources of Istio to look at, and a change made as a server would make it. The sound world moves 8080 to 18080."""

from __future__ import annotations

import copy
from typing import Any

from migrator.domain.gateways.audit import Form, Reached, Widening
from migrator.domain.gateways.istio.matrix import matrix
from migrator.domain.model.manifests import Manifest, merged
from migrator.domain.model.spec import Spec
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPACE, SPEC, thing, world

V1 = {"matchLabels": {"pod-template-hash": "6f7d"}}
V2 = {"matchLabels": {"version": "v2"}}


def patch(context: str = "GATEWAY", proxy: Any = None, **match: Any) -> Manifest:
    """Give one patch of an EnvoyFilter."""
    asked = {"proxy": proxy} if proxy else {}
    return {"applyTo": "HTTP_FILTER", "match": {"context": context, **asked, **match}}


def envoy_filter(*patches: Manifest, name: str = "f", space: str = SPACE, **spec: Any) -> Manifest:
    """Give an EnvoyFilter."""
    return thing("EnvoyFilter", name, {"configPatches": list(patches), **spec}, space)


def rows(*objects: Manifest, spec: Spec = SPEC, **facts: Any) -> list[Reached]:
    """Give the matrix of the sound world with these objects."""
    return list(matrix(propose(world(*objects, **facts), spec)))


def cells(*objects: Manifest, spec: Spec = SPEC, kind: str = "", **facts: Any) -> list[str]:
    """Give the cells of the matrix, of one kind or of all."""
    return [str(row.reach) for row in rows(*objects, spec=spec, **facts) if kind in ("", row.kind)]


def changed(made: Manifest, wider: Widening | None) -> Manifest:
    """Give the object after the change; there must be one."""
    assert wider is not None
    if wider.form is Form.MERGE:
        return merged(made, wider.patch)  # type: ignore[return-value]  # a merge patch of an object gives an object
    done: Any = copy.deepcopy(made)
    for step in wider.patch:  # type: ignore[union-attr]  # a JSON patch is a list
        assert isinstance(step, dict)
        *way, last = [part.replace("~1", "/").replace("~0", "~") for part in str(step["path"]).split("/")[1:]]
        holder = done
        for part in way:
            holder = holder[int(part)] if isinstance(holder, list) else holder[part]
        if last == "-":
            holder.append(copy.deepcopy(step["value"]))
        else:
            holder[last] = copy.deepcopy(step["value"])
    return done  # type: ignore[no-any-return]

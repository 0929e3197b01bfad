"""Objects of the cluster as YAML that kubectl takes: the old side as it was, and roles. What is no object is a comment."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import yaml

from migrator.cli.views.style import STATES
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.planning.clusters.typed import kubectl

if TYPE_CHECKING:
    from migrator.domain.model.change import Change
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec


def manifests(run: Run, objects: Sequence[Manifest], changes: Sequence[Change], spec: Spec) -> str:
    """Return the old side: the workload first, then what is removed with it; the patches that undo changes before them."""
    state = STATES[run.state].word
    head = [f"# Run {run.id} ({run.name}), {state}: the old side as it was before the run. Nothing was applied."]
    if changes:
        head.append(
            "# The run changed these objects. Once the old pods are Ready again, each patch restores what an object had:"
        )
    head += [f"#   {_patch(change, spec)}" for change in changes]
    return "\n".join(head) + "\n" + _yaml(objects)


def manifest(found: Manifest) -> str:
    """Return one object."""
    return _yaml((found,))


def roles(
    roles: Sequence[Manifest], policy: Json, provider: str, page: str, absent: Sequence[str], context: str | None = None
) -> str:
    """Return roles; page and policy are comments, so that the whole can be piped to `kubectl apply -f -`."""
    comments = [f"# These are for cluster {context}; --side names the other side's."] if context else []
    comments += [f"# {page} says more of provider {provider}."] if page else []
    comments += [f"# There is no namespace {name} in the cluster, and so no role for it." for name in absent]
    if policy is None:
        comments.append(f"# {provider}: no cloud policy is known for this provider's driver.")
    else:
        comments.append(f"# The {provider} policy for the balancer:")
        comments += [f"#   {line}" for line in json.dumps(policy, indent=2).splitlines()]
    return _yaml(roles) + "\n".join(comments)


def installation(objects: Sequence[Manifest], labels: Mapping[str, str]) -> str:
    """Return the manifests of a follower; what is not theirs to change is a comment."""
    needed = "".join(f"# The namespace needs the label {key}: '{value}'.\n" for key, value in labels.items())
    texts = (yaml.dump(each, Dumper=_Whole, sort_keys=False, allow_unicode=True) for each in objects)
    return needed + "---\n".join(texts)


class _Whole(yaml.SafeDumper):
    """Writes nothing by reference, and text of several lines (a plan file) as it is."""

    def ignore_aliases(self, data: object) -> bool:
        """Write what is there twice, twice."""
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Write a text as a block where it has lines."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Whole.add_representer(str, _Whole.represent_str)


def _yaml(objects: Sequence[Manifest]) -> str:
    return "---\n".join(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True) for manifest in objects)


def _patch(change: Change, spec: Spec) -> str:
    call = kubectl(spec, in_a_line(change.ref.namespace), change.ref.cluster)
    name = shlex.quote(in_a_line(change.ref.name))
    what = f"{call} patch {shlex.quote(change.ref.kind.lower())} {name} --type merge"
    return f"{what} -p {shlex.quote(json.dumps(change.original, ensure_ascii=False))}"

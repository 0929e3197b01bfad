"""The old side's manifests as YAML for kubectl, with the patches that undo a run's changes as comments; or one JSON value."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import click
import yaml

from migrator.cli.views.json import values as data
from migrator.cli.views.said import said
from migrator.domain.model.manifests import Manifest, to_apply

if TYPE_CHECKING:
    from migrator.domain.model.change import Change
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan


def show(run: Run, plan: Plan, output: str) -> None:
    """Print them: the workload first, then what is removed with it."""
    stored = (plan.seen.source, *plan.seen.companions)
    found = [to_apply(manifest) for manifest in stored if isinstance(manifest, dict)]
    if output == "json":
        undo = [
            {"object": str(change.ref), "patch": change.original, **said(why=change.why)} for change in plan.changes
        ]
        return click.echo(json.dumps({"version": 1, "run": data.run(run), "manifests": found, "undo": undo}, indent=2))
    return click.echo(_text(run, found, plan.changes), nl=False)


def _text(run: Run, found: list[Manifest], changes: tuple[Change, ...]) -> str:
    head = [f"# Run {run.id} ({run.name}), {run.state}: the old side as it was before the run. Nothing was applied."]
    if changes:
        head.append(
            "# The run changed these objects; each patch gives one back what it had, once the old pods are Ready again:"
        )
    head += [f"#   {_patch(change)}" for change in changes]
    documents = [yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True) for manifest in found]
    return "\n".join(head) + "\n" + "---\n".join(documents)


def _patch(change: Change) -> str:
    space = f" -n {change.ref.namespace}" if change.ref.namespace else ""
    what = f"kubectl patch {change.ref.kind.lower()} {change.ref.name}{space} --type merge"
    return f"{what} -p {shlex.quote(json.dumps(change.original, ensure_ascii=False))}"

"""Roles and a cloud policy, as YAML that kubectl takes or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
import yaml

from migrator.domain.model.manifests import Json, Manifest


def show(roles: Sequence[Manifest], policy: Json, provider: str, output: str) -> None:
    """Print them on stdout; the policy stands in a comment, so that the whole can be piped to `kubectl apply -f -`."""
    if output == "json":
        return click.echo(json.dumps({"version": 1, "roles": list(roles), "cloud_policy": policy}, indent=2))
    click.echo("---\n".join(yaml.safe_dump(role, sort_keys=False) for role in roles), nl=False)
    if policy is None:
        return click.echo(f"# {provider}: no cloud policy is known for this provider's driver.")
    words = json.dumps(policy, indent=2).splitlines()
    return click.echo("\n".join([f"# The {provider} policy for the balancer:", *(f"#   {line}" for line in words)]))

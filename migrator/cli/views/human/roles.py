"""Roles and a cloud policy, as YAML that kubectl takes or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
import yaml

from migrator.domain.model.balancer_profile import BalancerProfile
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import BalancerSpec


def show(roles: Sequence[Manifest], driver: BalancerProfile, balancer: BalancerSpec, output: str) -> None:
    """Print them on stdout; the policy stands in a comment, so that the whole can be piped to `kubectl apply -f -`."""
    policy = driver.rights.least(balancer) if driver.rights else None
    if output == "json":
        value = {"version": 1, "roles": list(roles), "cloud_policy": policy, "page": driver.page}
        return click.echo(json.dumps(value, indent=2))
    click.echo("---\n".join(yaml.safe_dump(role, sort_keys=False) for role in roles), nl=False)
    if driver.page:
        click.echo(f"# {driver.page} says more of provider {balancer.provider}.")
    if policy is None:
        return click.echo(f"# {balancer.provider}: no cloud policy is known for this provider's driver.")
    words = json.dumps(policy, indent=2).splitlines()
    lines = [f"# The {balancer.provider} policy for the balancer:", *(f"#   {line}" for line in words)]
    return click.echo("\n".join(lines))

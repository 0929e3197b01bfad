"""`rbac`: the minimal permissions of a plan, in the cluster and in the cloud. It asks no other system and grants nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("plan")
@click.option("--name", default="migrator", show_default=True, help="Name of the roles.")
@click.option("--user", default="migrator", show_default=True, help="The user (or its certificate's CN) they are for.")
@shared
def rbac(plan: str, name: str, user: str, view: View, store: str | None) -> None:
    """Print the minimal Role and ClusterRole for a plan (an id, a saved plan, or a plan file), and the cloud's policy."""
    from migrator.adapters.balancers import profile_of
    from migrator.app.plan.access import needs, spec_of
    from migrator.domain.planning.rbac import roles

    spec, scaled = spec_of(plan, store)
    driver = profile_of(spec.balancer.provider)
    policy = driver.rights.least(spec.balancer) if driver.rights else None
    view.roles(roles(name, user, needs(spec, scaled)), policy, spec.balancer.provider, driver.page)

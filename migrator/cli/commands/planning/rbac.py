"""`rbac`: the minimal permissions of a plan, in the cluster and in the cloud. It grants nothing.

The cluster is asked for one thing, whether a namespace that a role would be for is there; it need not answer."""

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
@click.option(
    "--side",
    type=click.Choice(["old", "new"]),
    default="old",
    show_default=True,
    help="Of a plan with two clusters: the roles for this side's.",
)
@click.option("--restart", is_flag=True, help="The roles of `migrator restart` instead: no migration's.")
@click.option("--kubeconfig", metavar="FILE", help="Who asks which namespaces are there [default: the plan's].")
@click.option("--context", metavar="NAME", help="That kubeconfig's context [default: its current one, or the plan's].")
@click.option("--isolate", is_flag=True, help="Also what `migrator isolate` and `release` need.")
@click.option(
    "--farewell", is_flag=True, help="What the container beside the new gateways needs instead (target.harden.image)."
)
@shared
def rbac(
    plan: str,
    name: str,
    user: str,
    side: str,
    restart: bool,
    kubeconfig: str | None,
    context: str | None,
    isolate: bool,
    farewell: bool,
    view: View,
    store: str | None,
) -> None:
    """Print the minimal Role and ClusterRole for a plan (an id, a saved plan, or a plan file), and the cloud's policy.

    An administrator who prints them for an account that the plan names asks with --kubeconfig and --context: the account
    itself may not say yet which namespaces are there.
    """
    from dataclasses import replace

    from migrator.adapters.balancers import profile_of
    from migrator.app.harden.rights import rights as of_farewell
    from migrator.app.plan.access import needs, source_at, spec_of, standing, without_absent
    from migrator.domain.model.balancer import Side
    from migrator.domain.model.refs import contexts, place
    from migrator.domain.planning.clusters.rights import needed_at
    from migrator.domain.planning.existing.handing import spared
    from migrator.domain.planning.isolating.rights import rights
    from migrator.domain.planning.rbac import roles
    from migrator.domain.planning.restarting.rights import restarting

    spec, scaled, source = spec_of(plan, store)
    driver = profile_of(spec.balancer.provider)
    policy = driver.rights.least(spec.balancer, spec.judge.asks_balancer) if driver.rights else None
    asked = place(spec, Side(side)).cluster
    own = asked if kubeconfig is None else replace(asked, kubeconfig=kubeconfig, context=None)
    where = own if context is None else replace(own, context=context)
    if farewell:
        granted = of_farewell(spec, source or source_at(spec, where), driver)
        return view.roles(*granted, spec.balancer.provider, driver.page, ())
    wanted = restarting(spec, driver) if restart else needs(spec, scaled)
    alone = rights(spec) if isolate else ()
    wanted = (*spared(wanted, source or standing(spec, where), spec), *alone)
    needed, absent = without_absent(needed_at(wanted, spec, Side(side)), where)
    there = asked.context if contexts(spec) else None
    view.roles(roles(name, user, needed), policy, spec.balancer.provider, driver.page, absent, there)

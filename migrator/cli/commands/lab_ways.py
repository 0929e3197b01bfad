"""The options by which a lab is told which way a migration is to take, and how many clusters it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from migrator.lab.ground.layout import DERIVED, TWO_CLUSTERS

if TYPE_CHECKING:
    from collections.abc import Callable

_WAY = (
    "Istio's gateway (derived), a first and a second Gateway of Envoy Gateway's, Contour, ingress-nginx, two "
    "clusters, two pools of nodes, or an old gateway that holds the new one's host ports."
)

AT_HOME = ("stale-config", "drift")
"""Faults that are ordered by the first cluster's API alone."""

clusters = click.option(
    "--clusters",
    type=click.IntRange(1, 2),
    default=1,
    help="2: a second cluster behind the same balancer, without a gateway; the same as --way two-clusters.",
)


def way(*ways: str) -> Callable[[Any], Any]:
    """Give the option that takes one of `ways`."""
    return click.option("--way", type=click.Choice(ways), default=DERIVED, show_default=True, help=_WAY)


def way_with(asked: str, count: int) -> str:
    """Give the way of a lab with so many clusters. UsageError: that way has one."""
    if count > 1 and asked not in (DERIVED, TWO_CLUSTERS):
        raise click.UsageError(f"--clusters 2 goes with --way {TWO_CLUSTERS} alone, not with {asked}")
    return TWO_CLUSTERS if count > 1 else asked


def require_strikes(fault: str | None, asked: str) -> None:
    """Raise UsageError for a fault that would strike nobody: it is ordered in the first cluster, where no new gateway is."""
    if asked == TWO_CLUSTERS and fault in AT_HOME:
        raise click.UsageError(
            f"--fault {fault} strikes gateways of the first cluster; those of --way {asked} are in the second"
        )

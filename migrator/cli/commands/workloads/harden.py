"""`harden`: what a gateway's workload needs so that its pods end without losing a request. It prints, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from migrator.cli.options import formed, stored

if TYPE_CHECKING:
    from migrator.app.harden.hardened import Said
    from migrator.cli.views.view import View
    from migrator.domain.balancers.settings import HealthCheck
    from migrator.domain.hardening import Hardening
    from migrator.domain.model.side.companion import CompanionSpec
    from migrator.domain.model.spec import ClusterSpec, Spec


@click.command()
@click.argument("what", metavar="WORKLOAD|FILE")
@click.option("--namespace", "-n", default="default", show_default=True, help="Of a WORKLOAD (deployment/NAME).")
@click.option("--context", help="Of a WORKLOAD: the kubeconfig's context [default: the current one].")
@click.option("--kubeconfig", help="Of a WORKLOAD [default: the usual places].")
@click.option(
    "--gateway", default="", metavar="KIND", help="istio, envoy, contour, nginx, none [default: by its containers]."
)
@click.option(
    "--port", "ports", multiple=True, type=int, help="A port that clients reach in the pods; can be repeated."
)
@click.option("--interval", type=float, help="The balancer's health check: seconds between two questions.")
@click.option("--unhealthy", type=int, help="The balancer's health check: failures after which it stops sending.")
@click.option("--healthy", type=int, default=2, show_default=True, help="Good answers after which it begins to send.")
@click.option("--connects", is_flag=True, help="The balancer's health check only connects.")
@click.option(
    "--longest", type=float, default=5.0, show_default=True, help="Seconds that ordinary requests take at most."
)
@click.option(
    "--image", help="Put a container of ours beside the gateway, from this image of migrator [default: none]."
)
@click.option(
    "--by",
    type=click.Choice(["balancer", "follower"]),
    default="balancer",
    show_default=True,
    help="With --image: set the weight of this gateway's own rows, or wait for the word of `migrator follow`.",
)
@click.option(
    "--plan", metavar="FILE", help="With --image, of a WORKLOAD or a manifest: the plan file of its balancer."
)
@click.option(
    "--follower", default="", metavar="URL", help="With --by follower: where it answers [default: its Service]."
)
@formed
@stored
def harden(what: str, view: View, store: str | None, **options: Any) -> None:
    """Print what to change in a gateway's workload so that its pods end, and start, without losing a request.

    WORKLOAD is deployment/NAME or daemonset/NAME in the cluster. FILE is a plan file (then the balancer's own health check
    decides), or a manifest (- is stdin; nothing is asked of anybody). Nothing is applied.
    """
    view.hardening(_hardened(what, options))


def _hardened(what: str, options: dict[str, Any]) -> Hardening:
    from migrator.adapters.planfile.manifests import LARGEST, objects_in
    from migrator.adapters.planfile.source import text_of
    from migrator.app.harden.hardened import is_workload, of_manifests
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    said = _said(options)
    if is_workload(what):
        return _of_cluster(what, options, said)
    text = text_of(what, LARGEST)
    objects = objects_in(text, what)
    if any(thing.get("kind") == "Migration" for thing in objects):
        return _of_plan(text, what, said)
    return of_manifests(objects, said, what)


def _of_plan(text: str, path: str, said: Said) -> Hardening:
    from migrator.adapters.planfile.read import read
    from migrator.app.harden.hardened import of_plan
    from migrator.app.plan.forwarding_rules import wire_by_rule
    from migrator.app.plan.planning import look, only_looking

    with only_looking():
        spec, wired = wire_by_rule(read(text, path))
        return of_plan(look(spec, wired.readers), said)


def _of_cluster(what: str, options: dict[str, Any], said: Said) -> Hardening:
    from dataclasses import replace

    from migrator.adapters.cluster import connect
    from migrator.app.harden.hardened import named, of_cluster
    from migrator.domain.planning.clusters.typed import kubectl_of

    cluster = _cluster(options)
    found = of_cluster(connect(cluster).reader, named(what, cluster.namespace), said)
    return replace(found, kubectl=kubectl_of(cluster, cluster.namespace))


def _cluster(options: dict[str, Any]) -> ClusterSpec:
    from migrator.domain.model.spec import ClusterSpec

    return ClusterSpec(options["namespace"], options["context"], options["kubeconfig"])


def _said(options: dict[str, Any]) -> Said:
    from migrator.app.harden.hardened import Said

    known = (options["gateway"], options["ports"], _check(options), options["longest"])
    return Said(*known, _companion(options), _plan(options["plan"]))


def _plan(file: str | None) -> Spec | None:
    """Give what a plan file says; None without one."""
    from migrator.adapters.planfile.read import read_file

    return read_file(file) if file else None


def _companion(options: dict[str, Any]) -> CompanionSpec | None:
    from migrator.domain.model.side.companion import By, CompanionSpec

    image = options["image"]
    return CompanionSpec(image, By(options["by"]), options["follower"]) if image else None


def _check(options: dict[str, Any]) -> HealthCheck | None:
    """Give the health check that the user describes; None without a word of it."""
    from migrator.domain.balancers.settings import HealthCheck

    if options["interval"] is None and options["unhealthy"] is None and not options["connects"]:
        return None
    return HealthCheck(
        "",
        interval=options["interval"] or 5.0,
        unhealthy=options["unhealthy"] or 2,
        healthy=options["healthy"],
        path="" if options["connects"] else "/",
    )

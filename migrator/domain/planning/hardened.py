"""What hardening is worked out from, of one look: the workload, the balancer's health checks, the ports that clients reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migrator.domain.gateways import GatewayProfile
from migrator.domain.hardening import Ground
from migrator.domain.hardening.removal import removal_of
from migrator.domain.hardening.starts import suggested
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import container_named
from migrator.domain.model.manifests import Manifest, mapping, number, text
from migrator.domain.model.refs import lease_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Network
from migrator.domain.observation.world import World
from migrator.domain.planning.backends import Sides, listening_ports

BUDGET = "PodDisruptionBudget"


def ground(world: World, spec: Spec, gateway: GatewayProfile, workload: Manifest, ports: Iterable[int]) -> Ground:
    """Give the ground of a workload in this look; `ports` are those that clients reach in its pods."""
    template = mapping(workload, "spec", "template")
    answers = container_named(mapping(template, "spec"), (spec.gateway_of(Side.NEW).container, *gateway.containers))
    return Ground(
        workload=workload,
        product=gateway.product(template),
        removal=removal_of(world.health),
        container=text(answers, "name"),
        ports=tuple(sorted(set(ports) - gateway.reserved)),
        probes=tuple(suggested(gateway, spec.gateway_of(Side.NEW).admin_port).items()),
        flipped=gateway.flipped_path,
        settings=gateway.settings(world),
        server=world.version,
        budgets=None if BUDGET in world.unseen else tuple(world.all(BUDGET)),
        filled_in=gateway.filled_in and text(answers, "image") == "auto",
        admin=spec.gateway_of(Side.NEW).admin_port if gateway.reversible else 0,
        pods=len(world.nodes) if workload.get("kind") == "DaemonSet" else number(workload, "spec", "replicas") or 1,
    )


def ground_of_new(world: World, spec: Spec, gateway: GatewayProfile, workload: Manifest, sides: Sides) -> Ground:
    """Give the ground of the workload to be: its pods listen on their node's ports, or on their own behind a hostPort."""
    on_host = spec.target.network is Network.HOST
    dialled = tuple(sorted({slot.backend.port for slot in sides.new}))
    found = ground(world, spec, gateway, workload, dialled if on_host else listening_ports(spec, sides.old))
    return replace(
        found,
        companion=spec.target.companion,
        balancer=spec.balancer,
        lease=lease_ref(spec, Side.NEW),
        dialled=dialled,
    )

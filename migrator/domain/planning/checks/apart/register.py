"""Which checks ask the new side's cluster for its surroundings, and which there are of two clusters alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.planning.checks.apart import clusters
from migrator.domain.planning.checks.cluster import admission, mesh, network_policies, routes, scaling, selectors
from migrator.domain.planning.checks.judging import data
from migrator.domain.planning.checks.nodes import (
    addresses,
    capacity,
    host_network,
    low_ports,
    placement,
    ports,
    redirectors,
)
from migrator.domain.planning.checks.workloads import progress, returning, sides, volumes
from migrator.domain.planning.clusters.looking import seen_there
from migrator.domain.planning.proposal import Proposal

Check = Callable[[Proposal], Iterable[Finding]]

THERE: frozenset[Check] = frozenset(
    {
        volumes.volumes_are_on_every_node,
        sides.own_service_is_free,
        progress.target_is_nobodys,
        returning.companions_are_gone,
        capacity.nodes_to_run_on,
        capacity.nodes_let_pods_in,
        capacity.nodes_have_room,
        placement.nodes_are_chosen,
        placement.nobody_keeps_pods_off,
        placement.company_is_there,
        ports.ports_are_free,
        ports.node_daemons_keep_theirs,
        ports.node_ports_keep_out,
        ports.reserved_ports_stay,
        ports.nobody_shares_a_port,
        addresses.addresses_are_the_sockets,
        low_ports.ports_can_be_bound,
        selectors.policies_mean_both,
        selectors.monitors_see_both,
        selectors.nobody_is_adopted,
        selectors.workloads_are_distinct,
        selectors.selector_is_kept,
        network_policies.mean_both,
        network_policies.can_be_read,
        network_policies.no_longer_apply,
        network_policies.upstreams_let_nodes_in,
        mesh.service_entries_are_told_apart,
        mesh.rules_by_address,
        scaling.budgets_count_right,
        admission.webhooks_mean_both,
        admission.quotas_have_room,
        admission.runtime_class_has_nodes,
        host_network.namespace_admits,
        host_network.pods_are_of_linux,
        host_network.policy_no_longer_applies,
        host_network.upstreams_let_nodes_in,
        host_network.ports_open_on_nodes,
        redirectors.node_network_stays,
        routes.routes_are_both_gateways,
    }
)
"""The checks about nodes, ports, neighbours, policies and Services of the new pods."""

OF_TWO: tuple[Check, ...] = (
    clusters.addresses_are_apart,
    clusters.referred_is_there,
    clusters.resources_are_alike,
    clusters.callers_are_led_on,
    clusters.way_is_built,
)


def asked_of(check: Check, proposal: Proposal, there: Proposal) -> Proposal:
    """Give the proposal that a check is to be asked: with the surroundings of the old side, or of the new (`there`)."""
    return there if check in THERE else proposal


def of_two(proposal: Proposal) -> Iterable[Finding]:
    """Run the checks of two clusters; nothing where there is one."""
    if proposal.world.beyond is None:
        return
    for check in OF_TWO:
        yield from check(proposal)
    yield from data.nothing_is_hidden(seen_there(proposal))

"""The preflight: every check takes what was seen and gives findings. All of them run; all findings are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.gateways.profile import Direction
from migrator.domain.messages.findings import Finding, Severity, info
from migrator.domain.model.spec import Spec
from migrator.domain.planning.checks.balancer import (
    address,
    backends,
    client,
    exposure,
    forwarding,
    health_checks,
    quotas,
)
from migrator.domain.planning.checks.cluster import (
    admission,
    audit,
    leftovers,
    mesh,
    named_ports,
    network_policies,
    ownership,
    scaling,
    selectors,
    transport,
)
from migrator.domain.planning.checks.judging import data, parity, sources
from migrator.domain.planning.checks.nodes import (
    addresses,
    after,
    capacity,
    host_network,
    low_ports,
    placement,
    ports,
    redirectors,
)
from migrator.domain.planning.checks.workloads import (
    derivation,
    probes,
    progress,
    returning,
    sides,
    termination,
    volumes,
)
from migrator.domain.planning.proposal import Proposal

Check = Callable[[Proposal], Iterable[Finding]]


FORWARD, BACK, BOTH = Direction.FORWARD, Direction.BACK, Direction.BOTH

REGISTER: tuple[tuple[Check, Direction], ...] = (
    (sides.source_is_there, BOTH),
    (sides.old_is_there, BOTH),
    (sides.not_rolling, BOTH),
    (returning.workload_is_gone, BACK),
    (returning.companions_are_gone, BACK),
    (returning.leaving_pods_are_told, BACK),
    (returning.replicas_as_kept, BACK),
    (returning.node_ports_are_led, BACK),
    (sides.target_is_free, FORWARD),
    (sides.own_service_is_free, BOTH),
    (progress.migrated, FORWARD),
    (leftovers.no_run_was_lost, BOTH),
    (leftovers.no_run_has_left_its_guard, BOTH),
    (progress.nobody_holds_the_gateway, BOTH),
    (progress.new_side_has_no_weight, BOTH),
    (progress.target_is_nobodys, FORWARD),
    (derivation.undecided, FORWARD),
    (volumes.volumes_are_on_every_node, FORWARD),
    (sides.labels_tell_apart, BOTH),
    (capacity.nodes_to_run_on, FORWARD),
    (capacity.nodes_let_pods_in, FORWARD),
    (placement.nodes_are_chosen, FORWARD),
    (placement.nobody_keeps_pods_off, FORWARD),
    (placement.company_is_there, FORWARD),
    (capacity.nodes_have_room, FORWARD),
    (capacity.peak_is_carried, FORWARD),
    (capacity.updates_are_safe, FORWARD),
    (ports.ports_are_free, FORWARD),
    (ports.node_daemons_keep_theirs, FORWARD),
    (ports.node_ports_keep_out, FORWARD),
    (addresses.addresses_are_the_sockets, FORWARD),
    (ports.reserved_ports_stay, FORWARD),
    (ports.mapping_is_of_real_ports, FORWARD),
    (low_ports.ports_can_be_bound, FORWARD),
    (ports.nobody_shares_a_port, FORWARD),
    (sides.server_would_admit, BOTH),
    (sides.may_do_it_all, BOTH),
    (data.nothing_is_hidden, BOTH),
    (sides.way_back_is_open, BOTH),
    (backends.listeners_have_old_backends, BOTH),
    (backends.foreign_backends, BOTH),
    (backends.new_backends_clash, BOTH),
    (backends.pools_are_of_one_side, BOTH),
    (backends.registration_has_time, BOTH),
    (backends.whole_pods_behind_each_backend, FORWARD),
    (forwarding.other_rules, FORWARD),
    (forwarding.witness_asks_a_rule_of_the_plan, FORWARD),
    (quotas.backends_fit, BOTH),
    (health_checks.health_checks_work, BOTH),
    (health_checks.checks_are_no_traffic, FORWARD),
    (address.somebody_answers, BOTH),
    (exposure.exposed_how, BOTH),
    (exposure.other_ways_in, BOTH),
    (client.client_address_stays, FORWARD),
    (client.callers_reach_the_gateways, FORWARD),
    (client.proxy_protocol_is_known, BOTH),
    (transport.nothing_goes_in_the_open, BOTH),
    (sources.judge_can_see, BOTH),
    (sources.answers_can_be_asked, BOTH),
    (sources.answers_have_requests, BOTH),
    (sources.soak_can_pass, BOTH),
    (sources.latency_is_measured, BOTH),
    (sources.latency_is_in_time, BOTH),
    (data.traffic_is_enough, BOTH),
    (data.prometheus_speaks, BOTH),
    (data.queries_speak, BOTH),
    (parity.old_gateways_are_settled, BOTH),
    (parity.allowances_are_places, BOTH),
    (parity.everything_is_watched, BOTH),
    (selectors.services_are_told_apart, FORWARD),
    (named_ports.names_still_lead, BOTH),
    (mesh.service_entries_are_told_apart, FORWARD),
    (audit.kinds_are_understood, BOTH),
    (selectors.policies_mean_both, BOTH),
    (network_policies.mean_both, BOTH),
    (network_policies.can_be_read, BOTH),
    (selectors.monitors_see_both, BOTH),
    (selectors.nobody_is_adopted, FORWARD),
    (selectors.workloads_are_distinct, FORWARD),
    (selectors.selector_is_kept, FORWARD),
    (selectors.owners_are_as_expected, FORWARD),
    (scaling.budgets_count_right, FORWARD),
    (scaling.scalers_count_right, FORWARD),
    (scaling.scaled_objects_are_known, FORWARD),
    (scaling.vertical_scalers_rest, BOTH),
    (admission.webhooks_mean_both, FORWARD),
    (admission.quotas_have_room, FORWARD),
    (admission.runtime_class_has_nodes, FORWARD),
    (selectors.slices_are_followed, BOTH),
    (host_network.namespace_admits, FORWARD),
    (host_network.pod_was_tried, FORWARD),
    (host_network.pods_are_of_linux, FORWARD),
    (host_network.sysctls_are_legal, FORWARD),
    (redirectors.node_network_stays, FORWARD),
    (host_network.policy_no_longer_applies, FORWARD),
    (host_network.upstreams_let_nodes_in, FORWARD),
    (network_policies.no_longer_apply, FORWARD),
    (network_policies.upstreams_let_nodes_in, FORWARD),
    (mesh.rules_by_address, FORWARD),
    (host_network.ports_open_on_nodes, FORWARD),
    (termination.pods_end_in_time, FORWARD),
    (termination.ends_are_noticed, BOTH),
    (termination.drain_is_meant, FORWARD),
    (termination.liveness_survives_the_word, FORWARD),
    (termination.long_connections_are_decided, FORWARD),
    (probes.probes_are_there, FORWARD),
    (probes.old_side_answers_us, BOTH),
    (probes.words_can_be_run, FORWARD),
    (ownership.installers_are_known, FORWARD),
    (ownership.gitops_lets_go, BOTH),
    (ownership.operators_let_go, BOTH),
    (ownership.load_balancer_services, BOTH),
    (ownership.controllers_leave_weights, BOTH),
    (ownership.draining_stops, BOTH),
    (ownership.ingresses_leave_rules, FORWARD),
    (ownership.bindings_are_known, BOTH),
    (after.after_is_possible, FORWARD),
    (after.nodes_are_looked_after, FORWARD),
)
"""Every check, in the order in which findings of one severity are told. On a plan back nothing is derived, and no pod of the
new side lives in its node's network: what rests on that is forward only."""


def checks_of(course: Direction) -> tuple[Check, ...]:
    """Give the checks that hold of such a plan."""
    return tuple(check for check, holds in REGISTER if course in holds)


CHECKS, CHECKS_BACK = checks_of(FORWARD), checks_of(BACK)

_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


def preflight(proposal: Proposal, beside: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Run every check; the gravest findings first, those `beside` among them. Of a migration that has ended only that is
    told."""
    spec = proposal.spec
    waived = {waiver.code for waiver in spec.waivers}
    if (ended := tuple(progress.migrated(proposal))) and not waived.intersection(row.code for row in ended):
        return (*ended, *progress.nobody_holds_the_gateway(proposal))
    found = [*proposal.world.balancer, *beside]
    direction = FORWARD if spec.target.reverses is None else BACK
    checks = (*checks_of(direction), *proposal.gateway.checks_of(direction))
    found += (finding for check in checks for finding in check(proposal))
    found += _unused(spec, {finding.code for finding in found})
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _unused(spec: Spec, codes: set[str]) -> list[Finding]:
    """Say which waivers waive nothing: a leftover of another day would hide the finding when it comes back."""
    return [
        info("waive.unused", waiver.code, reason=waiver.reason) for waiver in spec.waivers if waiver.code not in codes
    ]

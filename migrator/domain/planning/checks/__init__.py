"""The preflight: every check takes what was seen and gives findings. All of them run; all findings are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.gateways.profile import Direction
from migrator.domain.messages.findings import Finding, Severity, info
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, Existing
from migrator.domain.planning.checks.apart.register import asked_of, of_two
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
    handing,
    leftovers,
    mesh,
    named_ports,
    network_policies,
    ownership,
    routes,
    scaling,
    selectors,
    transport,
)
from migrator.domain.planning.checks.judging import data, logs, parity, silence, sources
from migrator.domain.planning.checks.nodes import (
    addresses,
    after,
    capacity,
    detour,
    host_network,
    in_place,
    low_ports,
    placement,
    ports,
    redirectors,
    stand_ins,
)
from migrator.domain.planning.checks.workloads import (
    beside,
    derivation,
    elsewhere,
    keeping,
    placed,
    probes,
    progress,
    returning,
    sides,
    standing,
    termination,
    volumes,
)
from migrator.domain.planning.clusters.looking import seen_there
from migrator.domain.planning.proposal import Proposal

Check = Callable[[Proposal], Iterable[Finding]]


FORWARD, BACK, STANDING = Direction.FORWARD, Direction.BACK, Direction.STANDING
PLACED, MADE = Direction.PLACED, Direction.MADE
AWAY, GIVEN, ANY = Direction.AWAY, Direction.GIVEN, Direction.ANY

REGISTER: tuple[tuple[Check, Direction], ...] = (
    (sides.source_is_there, ANY),
    (sides.old_is_there, ANY),
    (sides.not_rolling, ANY),
    (returning.workload_is_gone, BACK),
    (returning.companions_are_gone, BACK),
    (returning.leaving_pods_are_told, BACK),
    (returning.replicas_as_kept, BACK),
    (returning.node_ports_are_led, BACK),
    (standing.workload_is_there, STANDING),
    (standing.workload_is_whole, STANDING),
    (standing.read_as_it_is, STANDING),
    (standing.nodes_come_with_pods, STANDING | PLACED),
    (placed.pods_are_dialled_themselves, PLACED),
    (placed.nothing_scales_them, PLACED),
    (sides.target_is_free, MADE),
    (sides.own_service_is_free, ANY),
    (progress.migrated, AWAY),
    (leftovers.no_run_was_lost, ANY),
    (leftovers.no_run_has_left_its_guard, ANY),
    (progress.nobody_holds_the_gateway, ANY),
    (progress.new_side_has_no_weight, ANY),
    (progress.target_is_nobodys, MADE),
    (derivation.undecided, MADE),
    (elsewhere.names_are_there, MADE),
    (volumes.volumes_are_on_every_node, FORWARD),
    (sides.labels_tell_apart, ANY),
    (capacity.nodes_to_run_on, FORWARD),
    (capacity.nodes_let_pods_in, FORWARD),
    (placement.nodes_are_chosen, FORWARD),
    (placement.nobody_keeps_pods_off, FORWARD),
    (placement.company_is_there, FORWARD),
    (capacity.nodes_have_room, FORWARD),
    (capacity.peak_is_carried, FORWARD),
    (capacity.updates_are_safe, FORWARD),
    (ports.ports_are_free, FORWARD),
    (ports.port_beside_is_free, FORWARD),
    (detour.detour_is_possible, FORWARD),
    (stand_ins.upstreams_let_stand_ins_in, FORWARD),
    (stand_ins.policies_of_stand_ins, FORWARD),
    (in_place.nodes_can_change_hands, ANY),
    (ports.node_daemons_keep_theirs, FORWARD),
    (ports.node_ports_keep_out, FORWARD),
    (addresses.addresses_are_the_sockets, FORWARD),
    (ports.reserved_ports_stay, FORWARD),
    (ports.mapping_is_of_real_ports, FORWARD),
    (low_ports.ports_can_be_bound, FORWARD),
    (ports.nobody_shares_a_port, FORWARD),
    (sides.server_would_admit, ANY),
    (sides.may_do_it_all, ANY),
    (data.nothing_is_hidden, ANY),
    (sides.way_back_is_open, ANY),
    (backends.listeners_have_old_backends, ANY),
    (backends.foreign_backends, ANY),
    (backends.new_backends_clash, ANY),
    (backends.pools_are_of_one_side, ANY),
    (backends.registration_has_time, ANY),
    (backends.whole_pods_behind_each_backend, AWAY),
    (forwarding.other_rules, AWAY),
    (forwarding.witness_asks_a_rule_of_the_plan, AWAY),
    (quotas.backends_fit, ANY),
    (health_checks.health_checks_work, ANY),
    (health_checks.checks_are_no_traffic, AWAY),
    (address.somebody_answers, ANY),
    (exposure.exposed_how, ANY),
    (exposure.other_ways_in, ANY),
    (client.client_address_stays, AWAY),
    (client.callers_reach_the_gateways, AWAY),
    (client.proxy_protocol_is_known, ANY),
    (transport.nothing_goes_in_the_open, ANY),
    (silence.somebody_guards, ANY),
    (keeping.breach_can_be_kept, ANY),
    (sources.judge_can_see, ANY),
    (sources.answers_can_be_asked, ANY),
    (sources.answers_have_requests, ANY),
    (sources.soak_can_pass, ANY),
    (sources.latency_is_measured, ANY),
    (sources.latency_is_in_time, ANY),
    (data.traffic_is_enough, ANY),
    (data.prometheus_speaks, ANY),
    (data.queries_speak, ANY),
    (data.monitoring_speaks, ANY),
    (logs.logs_are_quiet, ANY),
    (parity.old_gateways_are_settled, ANY),
    (parity.answers_take_its_place, STANDING | BACK),
    (parity.allowances_are_places, ANY),
    (parity.everything_is_watched, ANY),
    (selectors.services_are_told_apart, AWAY),
    (selectors.services_stay_behind, ANY),
    (named_ports.names_still_lead, ANY),
    (mesh.service_entries_are_told_apart, MADE),
    (audit.kinds_are_understood, ANY),
    (selectors.policies_mean_both, ANY),
    (network_policies.mean_both, ANY),
    (network_policies.can_be_read, ANY),
    (selectors.monitors_see_both, ANY),
    (selectors.nobody_is_adopted, MADE),
    (selectors.workloads_are_distinct, MADE),
    (selectors.selector_is_kept, MADE),
    (selectors.owners_are_as_expected, MADE),
    (scaling.budgets_count_right, MADE),
    (scaling.scalers_count_right, MADE),
    (scaling.scaled_objects_are_known, MADE),
    (scaling.vertical_scalers_rest, ANY),
    (admission.webhooks_mean_both, MADE),
    (admission.quotas_have_room, MADE),
    (admission.runtime_class_has_nodes, FORWARD),
    (selectors.slices_are_followed, ANY),
    (host_network.namespace_admits, FORWARD),
    (host_network.pod_was_tried, FORWARD),
    (host_network.pods_are_of_linux, FORWARD),
    (host_network.sysctls_are_legal, FORWARD),
    (redirectors.node_network_stays, FORWARD),
    (host_network.policy_no_longer_applies, AWAY),
    (host_network.upstreams_let_nodes_in, AWAY),
    (network_policies.no_longer_apply, AWAY),
    (network_policies.upstreams_let_nodes_in, AWAY),
    (mesh.rules_by_address, AWAY),
    (host_network.ports_open_on_nodes, FORWARD),
    (termination.pods_end_in_time, MADE),
    (termination.ends_are_noticed, ANY),
    (termination.drain_is_meant, MADE),
    (termination.liveness_survives_the_word, AWAY),
    (termination.nobody_raises_itself, ANY),
    (termination.long_connections_are_decided, AWAY),
    (beside.companion_has_what_it_needs, MADE),
    (probes.probes_are_there, MADE),
    (probes.old_side_answers_us, ANY),
    (probes.words_can_be_run, MADE),
    (ownership.installers_are_known, AWAY),
    (ownership.gitops_lets_go, ANY),
    (ownership.operators_let_go, ANY),
    (handing.owner_is_handed_over, GIVEN),
    (handing.second_is_shown, AWAY),
    (handing.their_services_go, GIVEN),
    (handing.nothing_of_theirs_is_written, GIVEN),
    (handing.new_side_has_no_balancer, STANDING),
    (routes.routes_are_both_gateways, STANDING),
    (ownership.load_balancer_services, ANY),
    (ownership.controllers_leave_weights, ANY),
    (ownership.draining_stops, ANY),
    (ownership.ingresses_leave_rules, AWAY),
    (ownership.bindings_are_known, ANY),
    (after.after_is_possible, AWAY),
    (after.nodes_are_looked_after, AWAY),
)
"""Every check, in the order in which findings of one severity are told. On a plan back nothing is derived, and no pod of the
new side lives in its node's network: what rests on that is forward only. Nothing is derived either where the new side stands
already: it has its nodes and its ports. What the scheduler places has no nodes of the plan's, and the ports of the old pods."""


def checks_of(course: Direction) -> tuple[Check, ...]:
    """Give the checks that hold of such a plan."""
    return tuple(check for check, holds in REGISTER if course in holds)


def direction_of(spec: Spec) -> Direction:
    """Give what of the checks' table holds of a plan."""
    if isinstance(spec.target, Existing):
        return STANDING
    if isinstance(spec.target, Derived) and spec.target.is_placed:
        return PLACED
    return FORWARD if spec.target.reverses is None else BACK


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
    direction = direction_of(spec)
    checks = checks_of(direction)
    there = seen_there(proposal)
    found += (finding for check in checks for finding in check(asked_of(check, proposal, there)))
    found += (finding for check in proposal.gateways.checks_of(direction) for finding in check(there))
    found += of_two(proposal)
    found += _unused(spec, {finding.code for finding in found})
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _unused(spec: Spec, codes: set[str]) -> list[Finding]:
    """Say which waivers waive nothing: a leftover of another day would hide the finding when it comes back."""
    return [
        info("waive.unused", waiver.code, reason=waiver.reason) for waiver in spec.waivers if waiver.code not in codes
    ]

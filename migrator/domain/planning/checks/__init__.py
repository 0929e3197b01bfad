"""The preflight: every check takes what was seen and gives findings. All of them run; all findings are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.model.findings import Finding, Severity
from migrator.domain.model.spec import Spec
from migrator.domain.planning.checks import (
    after,
    answering,
    arithmetic,
    backends,
    client,
    exposure,
    forwarding,
    health,
    hostnetwork,
    istio,
    judging,
    low_ports,
    metrics,
    nodes,
    ownership,
    ports,
    probes,
    returning,
    room,
    selectors,
    termination,
    underway,
    workloads,
)
from migrator.domain.planning.derive import unsaid
from migrator.domain.planning.world import World

Check = Callable[[World, Spec], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    workloads.source_is_there,
    workloads.old_is_there,
    workloads.not_rolling,
    workloads.target_is_free,
    underway.migrated,
    underway.nobody_holds_the_gateway,
    underway.new_side_has_no_weight,
    underway.target_is_nobodys,
    unsaid,
    workloads.labels_tell_apart,
    nodes.nodes_to_run_on,
    nodes.nodes_let_pods_in,
    nodes.nodes_have_room,
    nodes.peak_is_carried,
    nodes.updates_are_safe,
    ports.ports_are_free,
    ports.node_ports_keep_out,
    ports.reserved_ports_stay,
    ports.mapping_is_of_real_ports,
    low_ports.listeners_are_sent,
    low_ports.ports_can_be_bound,
    ports.nobody_shares_a_port,
    workloads.server_would_admit,
    workloads.may_do_it_all,
    metrics.nothing_is_hidden,
    workloads.way_back_is_open,
    backends.listeners_have_old_backends,
    backends.foreign_backends,
    backends.new_backends_clash,
    backends.pools_are_of_one_side,
    backends.registration_has_time,
    backends.whole_pods_behind_each_backend,
    forwarding.other_rules,
    forwarding.witness_asks_a_rule_of_the_plan,
    room.backends_fit,
    health.health_checks_work,
    health.checks_are_no_traffic,
    answering.somebody_answers,
    exposure.exposed_how,
    exposure.other_ways_in,
    client.client_address_stays,
    client.proxy_protocol_is_known,
    judging.judge_can_see,
    judging.soak_can_pass,
    judging.latency_is_measured,
    metrics.traffic_is_enough,
    metrics.prometheus_speaks,
    istio.same_configuration,
    istio.no_gateway_left_empty,
    istio.rules_name_ports,
    istio.gateway_api_by_service,
    selectors.services_are_told_apart,
    selectors.policies_mean_both,
    selectors.monitors_see_both,
    selectors.nobody_is_adopted,
    selectors.workloads_are_distinct,
    selectors.selector_is_kept,
    selectors.owners_are_as_expected,
    arithmetic.budgets_count_right,
    arithmetic.scalers_count_right,
    arithmetic.scaled_objects_are_known,
    hostnetwork.namespace_admits,
    hostnetwork.pod_was_tried,
    hostnetwork.sysctls_are_legal,
    hostnetwork.policy_no_longer_applies,
    hostnetwork.upstreams_let_nodes_in,
    hostnetwork.rules_by_address,
    hostnetwork.ports_open_on_nodes,
    termination.pods_end_in_time,
    termination.drain_is_meant,
    termination.liveness_survives_the_word,
    termination.long_connections_are_decided,
    probes.probes_are_there,
    probes.words_can_be_run,
    ownership.installers_are_known,
    ownership.gitops_lets_go,
    ownership.operators_let_go,
    ownership.load_balancer_services,
    ownership.controllers_leave_weights,
    ownership.ingresses_leave_rules,
    ownership.bindings_are_known,
    ownership.after_is_possible,
    after.nodes_are_looked_after,
)

CHECKS_BACK: tuple[Check, ...] = (
    workloads.source_is_there,
    workloads.old_is_there,
    workloads.not_rolling,
    returning.workload_is_gone,
    returning.companions_are_gone,
    returning.leaving_pods_are_told,
    returning.replicas_as_kept,
    returning.node_ports_are_led,
    underway.nobody_holds_the_gateway,
    underway.new_side_has_no_weight,
    workloads.labels_tell_apart,
    workloads.server_would_admit,
    workloads.may_do_it_all,
    metrics.nothing_is_hidden,
    workloads.way_back_is_open,
    backends.listeners_have_old_backends,
    backends.foreign_backends,
    backends.new_backends_clash,
    backends.pools_are_of_one_side,
    backends.registration_has_time,
    room.backends_fit,
    health.health_checks_work,
    answering.somebody_answers,
    exposure.exposed_how,
    exposure.other_ways_in,
    client.proxy_protocol_is_known,
    judging.judge_can_see,
    judging.soak_can_pass,
    judging.latency_is_measured,
    metrics.traffic_is_enough,
    metrics.prometheus_speaks,
    istio.same_configuration,
    istio.no_gateway_left_empty,
    istio.rules_name_ports,
    istio.gateway_api_by_service,
    selectors.policies_mean_both,
    selectors.monitors_see_both,
    ownership.gitops_lets_go,
    ownership.operators_let_go,
    ownership.load_balancer_services,
    ownership.controllers_leave_weights,
    ownership.bindings_are_known,
)
"""What holds of a plan back too: nothing is derived, and no pod of the new side lives in its node's network."""

OF_TARGET = {"DaemonSet": CHECKS, "Deployment": CHECKS_BACK}

_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


def preflight(world: World, spec: Spec) -> tuple[Finding, ...]:
    """Run every check; the gravest findings first. Of a migration that has ended only that is told."""
    waived = {waiver.code for waiver in spec.waivers}
    if (ended := tuple(underway.migrated(world, spec))) and not waived.intersection(row.code for row in ended):
        return (*ended, *underway.nobody_holds_the_gateway(world, spec))
    found = [*world.balancer, *(finding for check in OF_TARGET[spec.target.kind] for finding in check(world, spec))]
    found += _unused(spec, {finding.code for finding in found})
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _unused(spec: Spec, codes: set[str]) -> list[Finding]:
    """Say which waivers waive nothing: a leftover of another day would hide the finding when it comes back."""
    return [
        Finding(
            "waive.unused",
            Severity.INFO,
            waiver.code,
            "is waived, and nothing with this code was found",
            f"reason given: {waiver.reason}",
            "take the waiver out, unless you expect it",
        )
        for waiver in spec.waivers
        if waiver.code not in codes
    ]

"""Checks of a mesh around the gateways, whatever kind they are: entries that lead to their pods, and rules that name them
by address.

Sources: networking/v1alpha3/service_entry.proto (`workloadSelector` picks pods of its namespace as endpoints, as a Service
does); security/v1beta1/authorization_policy.proto (`Source`, `Condition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrator.domain.gateways.audit import Reach, reach
from migrator.domain.gateways.istio.rules import Named, sources
from migrator.domain.messages.findings import Finding, block
from migrator.domain.model.kubernetes import called, covers
from migrator.domain.model.manifests import Manifest, labels, mapping, selects, text
from migrator.domain.model.refs import here
from migrator.domain.model.subjects import pairs
from migrator.domain.planning.proposal import Proposal


def entry_reach(entry: Manifest, proposal: Proposal) -> Reach:
    """Give whose pods a ServiceEntry takes as endpoints: by its selector, else by the addresses that it lists."""
    chosen = mapping(entry, "spec", "workloadSelector")
    at_old, at_new = here(entry, proposal.spec)
    if not chosen or not (at_old or at_new):
        return Reach.NONE
    wanted = labels(chosen, "labels")
    old, new = proposal.old_labels, proposal.new_labels
    return reach(at_old and (not wanted or selects(wanted, old)), at_new and (not wanted or selects(wanted, new)))


def service_entries_are_told_apart(proposal: Proposal) -> Iterable[Finding]:
    """The mesh calls whatever pods a ServiceEntry selects as soon as they are Ready; Guard narrows Services only."""
    if proposal.source is None:
        return
    telling = proposal.services.telling
    for entry in proposal.world.all("ServiceEntry"):
        subject, cell = f"ServiceEntry {called(entry)}", entry_reach(entry, proposal)
        selector = pairs(labels(entry, "spec", "workloadSelector", "labels"))
        if cell in (Reach.BOTH, Reach.NEW):
            label = "=".join(telling) if telling and cell is Reach.BOTH else None
            yield block("selectors.service-entry-catches-new", subject, selector=selector, label=label)
        elif cell is Reach.OLD:
            yield block("selectors.service-entry-left-behind", subject, selector=selector)


def rules_by_address(proposal: Proposal) -> Iterable[Finding]:
    """AuthorizationPolicies of upstreams that name the old pods' addresses mean somebody else from now on."""
    world = proposal.world
    if proposal.source is None or not proposal.on_host:
        return
    old, new = [pod.ref.ip for pod in world.old.live], [node.address for node in world.nodes]
    for policy in world.all("AuthorizationPolicy"):
        if not _of_gateways(policy, proposal):
            yield from _by_address(policy, old, new)


def _of_gateways(policy: Manifest, proposal: Proposal) -> bool:
    """Say whether a policy selects the gateways by label: it is asked of their clients, not of them."""
    wanted = labels(policy, "spec", "selector", "matchLabels")
    return here(policy, proposal.spec)[0] and selects(wanted, proposal.old_labels)


def _by_address(policy: Manifest, old: Sequence[str], new: Sequence[str]) -> Iterator[Finding]:
    subject, action = f"AuthorizationPolicy {called(policy)}", text(policy, "spec", "action") or "ALLOW"
    for negative, named in _groups(policy):
        blocks = [cidr for each in named for cidr in each.values]
        fields = tuple(sorted({each.field for each in named}))
        was = [cidr for cidr in blocks if any(covers(cidr, address) for address in old)]
        met = [address for address in new if any(covers(cidr, address) for cidr in blocks)]
        missed = [address for address in new if address not in met]
        if was and missed:
            yield block(
                "hostnetwork.ip-blocks",
                subject,
                action=action,
                fields=fields,
                blocks=tuple(was),
                missed=tuple(missed),
            )
        elif old and met and not was and negative is (action == "ALLOW") and action in ("ALLOW", "DENY"):
            yield block("hostnetwork.ip-blocks:nodes", subject, action=action, fields=fields, met=tuple(met))


def _groups(policy: Manifest) -> list[tuple[bool, list[Named]]]:
    """Give the lists that are read as one, and whether they say who is *not* meant: positive ones add up, the others do not."""
    named = list(sources(policy))
    positive = [each for each in named if not _is_negative(each)]
    return [(False, positive), *((True, [each]) for each in named if _is_negative(each))]


def _is_negative(named: Named) -> bool:
    return ".not" in named.field or "notValues" in named.field

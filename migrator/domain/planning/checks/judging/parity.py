"""Checks of what the new gateways will be compared with: the old ones' configurations, and what the plan allows to differ."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.drift.recalled import watched_kinds
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.target import Kept
from migrator.domain.planning.existing.taking_over import is_comparable
from migrator.domain.planning.proposal import Proposal


def old_gateways_are_settled(proposal: Proposal) -> Iterable[Finding]:
    """The new side is compared with a settled old gateway; which of them is not, and why, is told before anything begins."""
    configs = proposal.world.configs
    if configs is None:
        return
    silent = {name for name, _ in proposal.world.silent}  # told of by another check
    unready = [(name, why) for name, why in configs.unready if name not in silent]
    if not configs.reference:
        yield from (warn("parity.unsettled:all", name, why=why) for name, why in unready)
        return
    yield from (warn("parity.unsettled", name, why=why, reference=configs.reference) for name, why in unready)
    yield from (
        warn("parity.old-apart", name, lines=lines, reference=configs.reference) for name, lines in configs.apart
    )
    yield from (info("parity.common", configs.reference, why=each) for each in configs.common)


def answers_take_its_place(proposal: Proposal) -> Iterable[Finding]:
    """Where both sides' configurations cannot be compared, their answers must be: one of the two proves the new side."""
    where, gateways = str(proposal.world.new.ref), proposal.gateways
    compares = not gateways.differ if isinstance(proposal.spec.target, Kept) else is_comparable(proposal)
    if compares or (gateways.old.mute and not gateways.differ):
        return
    if proposal.spec.answers is None:
        yield block("parity.nothing-compares", where)
    elif gateways.differ:
        old, new, asked = gateways.old.title, gateways.new.title, len(proposal.spec.answers.questions)
        yield info("parity.by-answers:products", where, old=old, new=new, questions=asked)
    else:
        yield info("parity.by-answers", where)


def everything_is_watched(proposal: Proposal) -> Iterable[Finding]:
    """What the guard against drift cannot see while the run goes on is told before it begins."""
    unseen = set(proposal.world.unseen)
    kinds = dict.fromkeys(kind.key for kind in watched_kinds(proposal.spec))
    parts: tuple[str | Message, ...] = tuple(kind for kind in kinds if kind in unseen)
    mute = next((why for gateway in proposal.gateways.each if (why := gateway.mute)), None)
    if why := mute or (say("gateway.are-two") if proposal.gateways.differ else None):
        parts = (say("drift.no-configuration", why=why), *parts)
    if "Namespace" in unseen:
        parts = (*parts, say("drift.no-identity"))
    if parts:
        yield info("drift.unwatched", say("subject.cluster"), parts=parts)


def allowances_are_places(proposal: Proposal) -> Iterable[Finding]:
    """A place that begins with no section of a configuration can allow nothing."""
    for allowed in proposal.spec.parity.allow:
        if not allowed.known:
            yield warn("parity.unknown-place", "spec.parity.allow", place=allowed.place, reason=allowed.reason)

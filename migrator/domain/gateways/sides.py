"""The profiles of both sides' gateways: one and the same, unless the new side is another product. Nothing is compared here."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.gateways.audit import Reached
from migrator.domain.gateways.profile import Direction, GatewayProfile, OwnCheck, Planned
from migrator.domain.model.balancer import Side


@dataclass(frozen=True, slots=True)
class Profiles:
    """What is to be known of each side's gateways."""

    old: GatewayProfile
    new: GatewayProfile

    def of(self, side: Side) -> GatewayProfile:
        """Give a side's profile."""
        return self.old if side is Side.OLD else self.new

    @property
    def differ(self) -> bool:
        """Say whether the sides are of two kinds."""
        return self.old is not self.new

    @property
    def each(self) -> tuple[GatewayProfile, ...]:
        """Give every profile once, the old side's first."""
        return (self.old, self.new) if self.differ else (self.old,)

    def checks_of(self, direction: Direction) -> tuple[OwnCheck, ...]:
        """Give the kinds' own checks that hold of such a plan. Two kinds share no resource, so that what compares both sides'
        says nothing: then only those remain that look at single workloads."""
        wanted = Direction.STANDING if self.differ else direction
        return tuple(dict.fromkeys(check for profile in self.each for check in profile.checks_of(wanted)))

    def matrix(self, planned: Planned) -> tuple[Reached, ...]:
        """Give who gets each of the kind's resources. One kind's mean nothing to the other: then there is no row."""
        return () if self.differ else self.old.matrix(planned)

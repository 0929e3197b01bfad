"""The whole chain of credentials as the driver uses it. It asks nobody before the first call."""

from __future__ import annotations

from migrator.adapters.balancers.access.credentials import Chain
from migrator.adapters.balancers.aws.access.credentials import ABSENT, Profile, environment
from migrator.adapters.balancers.aws.access.roles import Container, Instance, Irsa


def chain(region: str) -> Chain:
    """Give the sources in botocore's order: environment, a profile's role (refused), IRSA, a profile's keys, container, EC2."""
    profile = Profile()
    return Chain(environment, profile.roles, Irsa(region), profile.keys, Container(), Instance(), absent=ABSENT)

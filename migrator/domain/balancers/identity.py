"""How a cloud gives a pod its credentials without a secret: what its webhook reads on the service account and its namespace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ROLE = "{role}"
"""Stands in a value for the cloud's role."""


@dataclass(frozen=True, slots=True)
class WorkloadIdentity:
    """The annotations of the service account, of which one names the role, and the labels that the namespace must have.

    `example` is what a role is called there. The pod needs nothing: the cloud's webhook gives it a token and says where.
    """

    annotations: tuple[tuple[str, str], ...]
    example: str
    namespace_labels: tuple[tuple[str, str], ...] = ()

    def annotated(self, role: str) -> Mapping[str, str]:
        """Give the service account's annotations for a role; "" is the example."""
        return {key: value.replace(ROLE, role or self.example) for key, value in self.annotations}

"""What is kept of the old side for afterwards, as the operator wants it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceSpec:
    """`logs`: so many of the last seconds of the old gateways' logs are kept before they are removed; 0 keeps none."""

    logs: float = 0.0

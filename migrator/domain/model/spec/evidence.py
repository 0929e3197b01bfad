"""What is kept of the old side for afterwards, and how far back logs are read for warnings, as the operator wants it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceSpec:
    """`logs`: so many of the last seconds of the old gateways' logs are kept before they are removed; 0 keeps none.

    `warnings`: so many of the last seconds of the gateways' and their controller's logs are read for warnings; 0 reads none.
    `controller_namespace` and `controller_labels` say where the controller's pods are, where the product's own words do not.
    """

    logs: float = 0.0
    warnings: float = 0.0
    controller_namespace: str = ""
    controller_labels: tuple[tuple[str, str], ...] = ()

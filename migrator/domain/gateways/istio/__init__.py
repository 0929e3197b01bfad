"""Istio's ingress gateways: what is to be known of them, who gets which configuration, and of which control plane."""

from __future__ import annotations

from migrator.domain.gateways.istio.profile import ISTIO

__all__ = ["ISTIO"]

"""Network policies of CNI vendors, read into one form: whom each means, and whom it lets in or keeps out. It judges nothing."""

from __future__ import annotations

from migrator.domain.planning.policies.policy import Peer, Pod, Policy
from migrator.domain.planning.policies.vendors import POLICY_GROUPS, VENDORS, policies

__all__ = ["POLICY_GROUPS", "VENDORS", "Peer", "Pod", "Policy", "policies"]

"""Hardening: finding the workload and what surrounds it, for the pure decisions of `domain/hardening`. It changes nothing."""

"""Pods that others end, before and after hardening: what clients lose then. Its table is `migrator lab endings`."""

"""Comparing the answers of both sides outside a run."""

"""Checks of the two workloads: are they there, is a run under way, and what the new pods are made of."""

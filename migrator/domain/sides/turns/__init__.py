"""Whose turn it is on a node: how a DaemonSet is kept off the others."""

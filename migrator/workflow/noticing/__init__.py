"""Pods as they change: told at once, and listed no more often than needed. Nothing here writes."""

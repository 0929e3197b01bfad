"""Canonical configurations beside each other: which units differ, in which lines, read by processes where dumps are large."""

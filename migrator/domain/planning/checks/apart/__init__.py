"""Checks of sides in two clusters, and which of all checks ask the new side's cluster."""

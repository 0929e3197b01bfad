"""Checks of what else in the cluster means the same pods: selectors, autoscalers and budgets, owners and controllers."""

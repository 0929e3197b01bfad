"""Checks of the plan's nodes: capacity, ports, what the node's own network changes, and who looks after nodes later."""

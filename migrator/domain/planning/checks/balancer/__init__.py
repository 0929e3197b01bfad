"""Checks of the balancer: its backends, rules, quotas and health checks, and how clients get through it."""

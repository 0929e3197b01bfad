"""What may keep a run from its next step or write, seen from outside: freezes, a webhook, hooks, and the fence of its Lease."""

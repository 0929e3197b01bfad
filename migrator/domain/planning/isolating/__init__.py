"""Setting one pod apart from its workload, and putting it back: what was seen, whether it may be, and the plan. Pure."""
